"""Files beside others that tell of a series, on the curation desk."""

from django.contrib import admin
from django.db.models import Q

from library.admin.rows import First, Made, OneOf
from library.models import Sidecar


class SidecarFilter(OneOf):
    title = "state"
    parameter_name = "state"
    conditions = (("problem", "Nothing learnt of it", ~Q(problem="")),)


@admin.register(Sidecar)
class SidecarAdmin(Made, admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    ordering = ("-id",)
    sortable_by = ()
    paginator = First
    show_full_result_count = False
    list_display = ("path", "series", "source", "problem", "updated")
    list_filter = (SidecarFilter, "library", "source")
    list_select_related = ("series",)
    search_fields = ("path", "series__title")
    readonly_fields = (
        *("library", "series", "source", "path", "size", "mtime_ns", "problem", "problem_detail"),
        *("created", "updated"),
    )
