"""The curation desk: matches, candidates, decisions, other servers, and what is watched."""

from collections.abc import Sequence
from typing import Any, override

from django.conf import settings
from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from kiremisu.accounts.desk import Desk, OneOf, among, asker, since
from kiremisu.accounts.models import Role
from library.admin.rows import BySeriesLibrary, OfSeries
from library.models.series import WEAK
from metadata.models import Candidate, Decision, Feed, Match, Release, Upstream, Watch

ByProvider = among("provider", settings.PROVIDERS)


class ScoreFilter(OneOf):
    title = parameter_name = "score"
    conditions = (
        ("low", f"Below {WEAK}", Q(score__lt=WEAK)),
        ("high", f"{WEAK} and above", Q(score__gte=WEAK)),
    )


class RejectedFilter(OneOf):
    title = parameter_name = "state"
    conditions = (
        ("open", "Offered", Q(rejected_at=None)),
        ("rejected", "Not this one", Q(rejected_at__isnull=False)),
    )


class ProblemFilter(OneOf):
    title = parameter_name = "state"
    conditions = (("problem", "Failed last", ~Q(problem="")),)


@admin.register(Match)
class MatchAdmin(OfSeries):
    list_display = ("series", "provider", "provider_id", "score", "by", "told", "due")
    list_select_related = ("series", "by")
    list_filter = (ScoreFilter, BySeriesLibrary, ByProvider)
    search_help_text = "Any of its series' titles, or the id at the provider"
    ordering = ("-series_id",)

    @override
    def found(self, words: str) -> Q:
        return Q(provider_id=words.strip(), provider__in=settings.PROVIDERS) | super().found(words)


@admin.register(Candidate)
class CandidateAdmin(OfSeries):
    list_select_related = ("series",)
    list_display = ("__str__", "series", "score", "content_rating", "told", "rejected_at", "review")
    list_filter = (ScoreFilter, RejectedFilter, BySeriesLibrary, "content_rating")
    ordering = ("-id",)
    fields = (
        *("series", "provider", "provider_id", "score", "evidence", "conflicts"),
        *("content_rating", "told", "rejected_at", "review"),
    )

    @admin.display(description="Match review")
    def review(self, obj: Candidate) -> str:
        return format_html('<a href="{}?series={}">Decide</a>', reverse("review"), obj.series_id)

    @admin.display
    def evidence(self, obj: Candidate) -> str:
        lines = ((one.name, one.points, one.out_of, one.says) for one in obj.weighed.lines)
        return format_html_join(mark_safe("<br>"), "{}: {} of {}. {}", lines)

    @admin.display
    def conflicts(self, obj: Candidate) -> str:
        return " ".join(obj.weighed.conflicts)


@admin.register(Decision)
class DecisionAdmin(OfSeries):
    list_display = ("created", "series", "kind", "work", "by", "undone_at")
    list_select_related = ("series", "by")
    list_filter = ("kind", since("created"))
    ordering = ("-id",)
    fields = ("created", "series", "kind", "by", "undone_at", "run")

    @override
    def dress(self, request: HttpRequest, rows: Sequence[Any]) -> None:
        # Of a series that they see somebody may not see each work that it may be.
        seen = Candidate.objects.visible_to(asker(request))
        works = seen.in_bulk([row.candidate_id for row in rows])
        for row in rows:
            row.work = works.get(row.candidate_id, "")

    @admin.display(description="Candidate")
    def work(self, obj: Any) -> str:
        return str(getattr(obj, "work", ""))


@admin.register(Watch)
class WatchAdmin(OfSeries):
    """Who watches what, for those who look after the server; curators see which feeds are asked
    for."""

    seen_by = Role.ADMIN
    list_display = ("series", "user", "paused", "languages", "created")
    list_select_related = ("series", "user")
    list_filter = ("paused",)
    ordering = ("-id",)

    @override
    def get_queryset(self, request: HttpRequest) -> Any:
        # `visible_to` says whose they are, not who looks after them.
        return Watch.objects.order_by("-id")


@admin.register(Feed)
class FeedAdmin(OfSeries):
    list_select_related = ("series",)
    list_display = (
        *("series", "watched_by", "provider", "checked", "due", "expected", "failures"),
        "problem",
    )
    list_filter = (ProblemFilter, BySeriesLibrary)
    ordering = ("due", "series_id")

    @override
    def dress(self, request: HttpRequest, rows: Sequence[Any]) -> None:
        watched = Watch.objects.filter(series__in=[row.pk for row in rows], paused=False)
        counts = dict(watched.order_by().values_list("series").annotate(Count("pk")))
        for row in rows:
            row.watched_by = counts.get(row.pk, 0)

    @admin.display(description="Watched by")
    def watched_by(self, obj: Any) -> str:
        return str(getattr(obj, "watched_by", ""))


@admin.register(Release)
class ReleaseAdmin(OfSeries):
    list_select_related = ("series",)
    list_display = ("key", "series", "volume", "number", "language", "published", "gone")
    list_filter = (since("published", "published"), BySeriesLibrary)
    ordering = ("-id",)


@admin.register(Upstream)
class UpstreamAdmin(Desk):
    list_display = ("name", "circuit", "failures", "answered_at", "failed_at", "problem")
    fields = (*list_display, "opened_at", "slow_until")
