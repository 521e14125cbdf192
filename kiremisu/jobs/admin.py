"""Jobs on the curation desk: to look at, call off and try again."""

from collections.abc import Callable
from typing import Any, override

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from kiremisu.accounts.desk import Desk, among, asker, latest, since
from kiremisu.jobs import queue
from kiremisu.jobs.models import Job
from kiremisu.lib.errors import Forbidden, Refused


@admin.register(Job)
class JobAdmin(Desk):
    """Curators look at what they may know of, and do something about what they asked for."""

    list_display = ("kind", "state", "priority", "done", "total", "message", "error", "created")
    list_filter = ("state", among("kind", settings.JOBS), since("created"))
    search_fields = ("kind", "message", "error", "request_id")
    search_help_text = "Of the last 10,000: the kind, what it says, or a request"
    list_select_related = ("asked_by",)
    ordering = ("-created", "-id")
    actions = ("cancel", "retry")
    # What it works on may be somebody's own.
    fields = (
        *("kind", "state", "priority", "queue", "asked_by", "done", "total", "message", "error"),
        *("attempts", "deaths", "request_id", "not_before", "created", "started", "finished"),
    )

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found = latest(queryset) if search_term else queryset
        return super().get_search_results(request, found, search_term)

    @admin.action(description="Call off", permissions=["view"])
    def cancel(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self._each(request, jobs, queue.cancel)

    @admin.action(description="Try again", permissions=["view"])
    def retry(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self._each(request, jobs, queue.retry)

    def _each(self, request: HttpRequest, jobs: QuerySet[Job], verb: Callable[[Job], Job]) -> None:
        user = asker(request)
        for job in jobs:
            try:
                if not user.is_administrator and job.asked_by_id != user.pk:
                    raise Forbidden("This job was not asked for by you.")
                verb(job)
            except Refused as error:
                self.message_user(request, f"{job}: {error.detail}", messages.WARNING)
