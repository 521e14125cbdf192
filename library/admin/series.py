"""Series on the curation desk."""

from typing import Any, override

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from library import curation
from library.admin.acting import ACTIONS
from library.admin.rows import Made, OneOf, titled
from library.models import Series

_LIST = "library_series_changelist"
_LONG = (
    *("summary", "source_metadata", "user_metadata", "watching_config", "raw_facts"),
    "raw_labels",
)


class PresenceFilter(OneOf):
    title = "presence"
    parameter_name = "presence"
    conditions = (
        ("hidden", "Hidden", Q(hidden_at__isnull=False)),
        ("merged", "Merged into another", Q(merged_into__isnull=False)),
        ("fileless", "Without files", Q(chapter_count=0, missing_count=0)),
    )


class LacksFilter(OneOf):
    title = "what is wrong"
    parameter_name = "lacks"
    conditions = (
        ("gaps", "Chapters are missing", Q(gap_count__gt=0)),
        ("twice", "Chapters are here twice", Q(duplicate_count__gt=0)),
        ("broken", "Files cannot be read", Q(problem_count__gt=0)),
        ("files", "Files are gone", Q(missing_count__gt=0)),
        ("cover", "No cover", Q(cover=None)),
    )


class LockedFilter(OneOf):
    title = "locks"
    parameter_name = "locked"
    conditions = (("yes", "A field is locked", ~Q(locks=[])), ("no", "None is", Q(locks=[])))


@admin.register(Series)
class SeriesAdmin(Made, admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    list_display = (
        *("title", "library", "matching", "chapters", "gaps", "twice", "gone", "broken"),
        *("rating", "locked", "last_added"),
    )
    actions = ACTIONS
    list_filter = (
        *("match_state", LacksFilter, LockedFilter, PresenceFilter, "library"),
        *("content_rating", "status", "direction"),
    )
    list_select_related = ("library",)
    search_fields = ("title",)
    search_help_text = "Any of its titles"
    ordering = ("sort_title", "id")
    show_full_result_count = False
    readonly_fields = (
        *("library", "key", "hidden_at", "merged_into", "cover", "chapter_count", "volume_count"),
        "page_count",
        *("readable_count", "missing_count", "problem_count", "last_added", "source_metadata"),
        *("user_metadata", "watching_config", "created", "updated"),
    )

    def save_model(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: Series,
        form: Any,
        change: bool,  # noqa: ARG002
    ) -> None:
        curation.change_series(obj, **{name: form.cleaned_data[name] for name in form.changed_data})

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Series]:
        # What is long stands on the page of a series alone.
        narrow = request.resolver_match and request.resolver_match.url_name == _LIST
        found = super().get_queryset(request)
        return found.defer(*_LONG) if narrow else found

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Series], search_term: str
    ) -> tuple[QuerySet[Series], bool]:
        return (queryset.filter(pk__in=titled(search_term)) if search_term else queryset), False

    @admin.display(description="Match", ordering="match_state")
    def matching(self, obj: Series) -> str:
        return obj.get_match_state_display()

    @admin.display(description="Chapters", ordering="chapter_count")
    def chapters(self, obj: Series) -> int:
        return obj.chapter_count

    @admin.display(description="Lacking")
    def gaps(self, obj: Series) -> str:
        return str(obj.gap_count or "")

    @admin.display(description="Twice")
    def twice(self, obj: Series) -> str:
        return str(obj.duplicate_count or "")

    @admin.display(description="Gone")
    def gone(self, obj: Series) -> str:
        return str(obj.missing_count or "")

    @admin.display(description="Broken")
    def broken(self, obj: Series) -> str:
        return str(obj.problem_count or "")

    @admin.display(description="Rating", ordering="content_rating")
    def rating(self, obj: Series) -> str:
        return obj.get_content_rating_display()

    @admin.display(description="Locked")
    def locked(self, obj: Series) -> str:
        return str(len(obj.locks) or "")
