"""The curation desk: matches, candidates, decisions, other servers, and what is watched."""

from django.contrib import admin
from django.db.models import Q

from library.admin.rows import First, Looked, OneOf
from metadata.models import WEAK, Candidate, Decision, Feed, Match, Upstream, Watch


class ScoreFilter(OneOf):
    title = "score"
    parameter_name = "score"
    conditions = (
        ("low", f"Below {WEAK}", Q(score__lt=WEAK)),
        ("high", f"{WEAK} and above", Q(score__gte=WEAK)),
    )


class _Listed(Looked, admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    sortable_by = ()
    paginator = First
    show_full_result_count = False


@admin.register(Match)
class MatchAdmin(_Listed):
    list_display = ("series", "provider", "provider_id", "score", "by", "told", "due")
    list_select_related = ("series", "by")
    list_filter = (ScoreFilter, "provider")
    search_fields = ("provider_id",)
    search_help_text = "The id at the provider"
    ordering = ("-series_id",)


@admin.register(Candidate)
class CandidateAdmin(_Listed):
    list_select_related = ("series",)
    list_display = ("series", "__str__", "score", "content_rating", "told", "rejected_at")
    list_filter = (ScoreFilter, "provider", "content_rating")
    ordering = ("-id",)


@admin.register(Decision)
class DecisionAdmin(_Listed):
    list_display = ("created", "series", "kind", "candidate", "by", "undone_at")
    list_select_related = ("series", "candidate", "by")
    list_filter = ("kind",)
    ordering = ("-id",)


@admin.register(Watch)
class WatchAdmin(_Listed):
    list_display = ("series", "user", "paused", "languages", "created")
    list_select_related = ("series", "user")
    list_filter = ("paused",)
    ordering = ("-id",)


@admin.register(Feed)
class FeedAdmin(_Listed):
    list_select_related = ("series",)
    list_display = ("series", "provider", "checked", "due", "expected", "failures", "problem")
    ordering = ("due", "series_id")


@admin.register(Upstream)
class UpstreamAdmin(Looked, admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    list_display = ("name", "circuit", "failures", "answered_at", "failed_at", "problem")
