"""Series on the curation desk: the list."""

from collections.abc import Sequence
from typing import Any, override

from django.conf import settings
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from kiremisu.accounts.desk import OneOf, among, asker
from kiremisu.accounts.links import covers_url
from kiremisu.accounts.models import Role
from library import filters
from library.admin.acting import ACTIONS
from library.admin.factform import DIRECTIONS, STATUSES
from library.admin.facts import Facts
from library.admin.rows import Asked, ByLibrary, titled
from library.filters.language import Operator
from library.models import MatchState, Series
from library.models.series import WEAK

_LONG = (
    *("summary", "source_metadata", "user_metadata", "watching_config", "raw_facts"),
    "raw_labels",
)


class PresenceFilter(OneOf):
    title = parameter_name = "presence"
    conditions = (
        ("hidden", "Hidden", Q(hidden_at__isnull=False, merged_into=None)),
        ("merged", "Merged into another", Q(merged_into__isnull=False)),
        ("fileless", "Without files", Q(chapter_count=0, missing_count=0)),
    )


class MatchFilter(Asked):
    title = parameter_name = "match"
    asked = tuple((str(one), one.label, ("match", Operator.IS, one)) for one in MatchState)


class ScoreFilter(Asked):
    title = parameter_name = "score"
    asked = (
        ("low", f"Below {WEAK}", ("score", Operator.LESS, WEAK)),
        ("high", f"{WEAK} and above", ("score", Operator.AT_LEAST, WEAK)),
        ("none", "None", ("score", Operator.IS, None)),
    )


class LacksFilter(Asked):
    title = "what is wrong"
    parameter_name = "lacks"
    asked = (
        ("gaps", "Chapters are missing", ("gaps", Operator.MORE, 0)),
        ("twice", "Chapters are here twice", ("duplicates", Operator.MORE, 0)),
        ("broken", "Files cannot be read", ("problems", Operator.MORE, 0)),
        ("files", "Files are gone", ("missing", Operator.MORE, 0)),
        ("cover", "No cover", ("cover", Operator.IS, False)),
    )


class LockedFilter(Asked):
    title = "locks"
    parameter_name = "locked"
    asked = (
        ("yes", "A field is locked", ("locks", Operator.MORE, 0)),
        ("no", "None is", ("locks", Operator.IS, 0)),
    )


def _often(name: str) -> type[admin.SimpleListFilter]:
    """What a field of settings' SERIES_FILTERS offers."""
    offered = enumerate(filters.fields()[name].often)
    asked = tuple((str(n), word, (name, how, value)) for n, (word, how, value) in offered)
    return type(f"By{name}", (Asked,), {"title": name, "parameter_name": name, "asked": asked})


@admin.register(Series)
class SeriesAdmin(Facts):
    changed_by = Role.CURATOR
    list_display = (
        *("thumbnail", "name", "library", "matching", "score", "here", "gaps", "twice"),
        *("gone", "broken", "rating", "locked", "last_added"),
    )
    list_display_links = ("name",)
    actions = ACTIONS
    list_select_related = ("library", "cover")
    sortable_by = ("name", "score", "here", "last_added")
    search_fields = ("title",)
    search_help_text = "Any of its titles"
    ordering = ("sort_title", "id")

    @override
    def get_list_filter(self, request: HttpRequest) -> Any:
        others = [_often(name) for name in settings.SERIES_FILTERS if filters.fields()[name].often]
        return (
            *(MatchFilter, ScoreFilter, LacksFilter, LockedFilter, PresenceFilter, *others),
            *(ByLibrary, "content_rating", among("status", STATUSES)),
            among("direction", DIRECTIONS),
        )

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Series]:
        """Those within reach: what is hidden is brought back here."""
        return Series.objects.within_reach_of(asker(request)).order_by(*self.ordering)

    @override
    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        # What is long stands on the page of a series alone.
        return rows.defer(*_LONG)

    @override
    def dress(self, request: HttpRequest, rows: Sequence[Any]) -> None:
        address = covers_url(asker(request))
        for row in rows:
            picture = row.picture
            row.thumbnail = picture and address(picture.key, settings.COVER_WIDTHS[0])

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Series], search_term: str
    ) -> tuple[QuerySet[Series], bool]:
        return (queryset.filter(pk__in=titled(search_term)) if search_term else queryset), False

    @admin.display(description="")
    def thumbnail(self, obj: Any) -> str:
        if not getattr(obj, "thumbnail", None):
            return mark_safe('<span class="thumb"></span>')
        mark = '<img class="thumb" src="{}" width="40" height="60" loading="lazy" alt="">'
        return format_html(mark, obj.thumbnail)

    @admin.display(description="Score", ordering="match_score")
    def score(self, obj: Series) -> str:
        return "" if obj.match_score is None else str(obj.match_score)

    @admin.display(description="Title", ordering="sort_title")
    def name(self, obj: Series) -> str:
        if obj.hidden_at is None:
            return obj.title
        word = "merged" if obj.merged_into_id else "hidden"
        return format_html('{} <span class="quiet">{}</span>', obj.title, word)

    @admin.display(description="Match")
    def matching(self, obj: Series) -> str:
        return obj.get_match_state_display()

    @admin.display(description="Chapters", ordering="chapter_count")
    def here(self, obj: Series) -> int:
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

    @admin.display(description="Rating")
    def rating(self, obj: Series) -> str:
        return obj.get_content_rating_display()

    @admin.display(description="Locked")
    def locked(self, obj: Series) -> str:
        return str(len(obj.locks) or "")
