"""Contents on the curation desk."""

from django.contrib import admin

from library.admin.rows import First, Made
from library.models import Content


@admin.register(Content)
class ContentAdmin(Made, admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    ordering = ("-id",)
    sortable_by = ()
    paginator = First
    show_full_result_count = False
    list_display = ("key", "page_count", "cover_state", "tint", "created")
    list_filter = ("cover_state",)
    readonly_fields = (
        *("key", "page_count", "cover_state", "cover_width", "cover_height", "tint"),
        *("created", "updated"),
    )
    exclude = ("signature",)
