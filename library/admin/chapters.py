"""Files and image folders on the curation desk."""

from typing import Any, override

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from library import curation
from library.admin.acting import CHAPTER_ACTIONS
from library.admin.rows import First, Made, OneOf, titled
from library.models import Chapter


class ProblemFilter(OneOf):
    title = "state"
    parameter_name = "state"
    conditions = (
        ("problem", "Cannot be read", ~Q(problem="")),
        ("sidecar", "What tells of it cannot be read", ~Q(sidecar_problem="")),
        ("missing", "Missing", Q(missing_since__isnull=False)),
    )


@admin.register(Chapter)
class ChapterAdmin(Made, admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    list_display = (
        *("path", "series", "volume", "number", "page_count", "problem", "sidecar_problem"),
        "missing_since",
    )
    actions = CHAPTER_ACTIONS
    list_filter = (ProblemFilter, "library", "format", "special")
    list_select_related = ("series",)
    search_fields = ("title",)
    search_help_text = "Its title, or any of its series' titles"
    ordering = ("-id",)
    sortable_by = ()
    paginator = First
    show_full_result_count = False
    readonly_fields = (
        *("library", "series", "content", "path", "size", "mtime_ns", "format", "page_count"),
        *("skipped", "problem", "problem_detail", "missing_since", "sidecar", "sidecar_problem"),
        *("sidecar_detail", "volume_order", "number_order", "by_hand", "created", "updated"),
    )

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Chapter], search_term: str
    ) -> tuple[QuerySet[Chapter], bool]:
        if not search_term:
            return queryset, False
        named = Q(title__icontains=search_term) & ~Q(title="")
        return queryset.filter(named | Q(series__in=titled(search_term))), False

    def save_model(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: Chapter,
        form: Any,
        change: bool,  # noqa: ARG002
    ) -> None:
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        curation.change_chapter(obj, **changes)
