"""Jobs on the curation desk: to look at, call off and try again."""

from collections.abc import Callable
from typing import override

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from kiremisu.jobs import queue
from kiremisu.jobs.models import Job
from kiremisu.lib.errors import Refused


@admin.register(Job)
class JobAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic when it runs
    list_display = ["kind", "state", "priority", "done", "total", "message", "error", "created"]
    list_filter = ["state", "kind", "queue"]
    search_fields = ["kind", "message", "error", "request_id"]
    date_hierarchy = "created"
    list_select_related = ["asked_by"]
    show_full_result_count = False
    actions = ["cancel", "retry"]

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return False

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return False

    @admin.action(description="Call off", permissions=["view"])
    def cancel(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self._each(request, jobs, queue.cancel)

    @admin.action(description="Try again", permissions=["view"])
    def retry(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self._each(request, jobs, queue.retry)

    def _each(self, request: HttpRequest, jobs: QuerySet[Job], verb: Callable[[Job], Job]) -> None:
        for job in jobs:
            try:
                verb(job)
            except Refused as error:
                self.message_user(request, f"{job}: {error.detail}", messages.WARNING)
