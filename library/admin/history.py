"""What became of facts, on the curation desk. It is taken back on the page of a series' facts."""

from django.contrib import admin

from library.admin.rows import First, Looked
from library.models import FactChange


@admin.register(FactChange)
class FactChangeAdmin(Looked, admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    list_display = ("created", "series", "field", "source", "by", "run")
    list_display_links = ("created",)
    list_filter = ("field", "source")
    list_select_related = ("series", "by")
    search_fields = ("run",)
    search_help_text = "A run"
    ordering = ("-id",)
    sortable_by = ()
    paginator = First
    show_full_result_count = False
