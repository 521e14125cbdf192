"""Files and image folders on the curation desk."""

from typing import Any, override

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from kiremisu.accounts.desk import OneOf
from kiremisu.accounts.models import Role
from library import curation
from library.admin.acting import CHAPTER_ACTIONS
from library.admin.rows import ByLibrary, OfSeries
from library.models import Chapter


class ProblemFilter(OneOf):
    title = parameter_name = "state"
    conditions = (
        ("problem", "Cannot be read", ~Q(problem="")),
        ("sidecar", "What tells of it cannot be read", ~Q(sidecar_problem="")),
        ("missing", "Missing", Q(missing_since__isnull=False)),
        (
            "doubt",
            "Its name has no number",
            Q(number="", volume="", special=False, missing_since=None),
        ),
    )


@admin.register(Chapter)
class ChapterAdmin(OfSeries):
    changed_by = Role.CURATOR
    list_display = (
        *("path", "series", "volume", "number", "page_count", "problem", "sidecar_problem"),
        "missing_since",
    )
    actions = CHAPTER_ACTIONS
    list_filter = (ProblemFilter, ByLibrary)
    also_asked = ("series__id__exact",)
    list_select_related = ("series",)
    search_help_text = "Its title, or any of its series' titles"
    ordering = ("-id",)
    fields = (
        *("series", "volume", "number", "title", "special", "year", "group", "language"),
        *("edition", "by_hand", "path", "format", "size", "page_count", "skipped", "problem"),
        *("problem_detail", "missing_since", "sidecar", "sidecar_problem", "sidecar_detail"),
        *("library", "created", "updated"),
    )
    readonly_fields = ("series", *fields[9:])

    @override
    def found(self, words: str) -> Q:
        named = Q(title__icontains=words) & ~Q(title="")
        return named | super().found(words)

    def save_model(
        self,
        request: HttpRequest,
        obj: Chapter,
        form: Any,
        change: bool,
    ) -> None:
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        curation.change_chapter(obj, **changes)
