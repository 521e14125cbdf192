"""What was done to series, on the curation desk: the last acts, and taking one back."""

from datetime import datetime
from typing import Any, override
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.urls.resolvers import URLPattern

from kiremisu.accounts.desk import Desk, among, asker
from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job
from kiremisu.lib.errors import Refused
from library.admin.acting import ACTS, CHAPTER_ACTS
from library.batches import undoing
from library.models import Deed, Series

# Of the series of an act, so many are named on its page.
_SHOWN = 1000
_CALLED = {name: label for name, (label, _) in {**CHAPTER_ACTS, **ACTS}.items()}


@admin.register(Deed)
class DeedAdmin(Desk):
    list_display = ("act", "when", "many", "stands", "by", "how")
    list_filter = (among("operation", list(_CALLED.items()), "act"),)
    ordering = ("-id",)
    change_form_template = "admin/deed.html"

    @override
    def narrow(self, rows: Any) -> Any:
        return undoing.with_counts(rows)

    @override
    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        found = super().get_object(request, object_id, from_field)
        return found and undoing.counted(asker(request)).get(pk=found.pk)

    @override
    def get_urls(self) -> list[URLPattern]:
        undo = self.admin_site.admin_view(self.undo)
        own = [path("<uuid:run>/undo/", undo, name="library_deed_undo")]
        return [*own, *super().get_urls()]

    def undo(self, request: HttpRequest, run: UUID) -> HttpResponse:
        """Take an act back."""
        deed = self.get_object(request, str(run))
        if request.method == "POST" and deed is not None:
            try:
                undoing.request(asker(request), deed)
            except Refused as refused:
                self.message_user(request, refused.detail, messages.ERROR)
            else:
                self.message_user(request, "A job takes it back, but for what was changed since.")
        return redirect("admin:library_deed_change", run)

    @override
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        told = {"title": "What was done", **(extra_context or {})}
        return super().changelist_view(request, told)

    @override
    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        told = self._told(asker(request), self.get_object(request, object_id))
        return super().change_view(request, object_id, form_url, {**told, **(extra_context or {})})

    def _told(self, user: User, deed: Deed | None) -> dict[str, Any]:
        if deed is None:
            return {}
        within = Series.objects.within_reach_of(user)
        memos = deed.memos.filter(series__in=within).select_related("series").order_by("id")
        memos = memos[:_SHOWN]
        told = {"title": self.act(deed), "memos": memos, "deed": deed, "how": self.how(deed)}
        told |= {"stands": self.stands(deed), "shown": _SHOWN, "subtitle": None}
        told["job"] = Job.objects.filter(pk=deed.pk).first()
        return told | {"is_undoable": undoing.is_undoable(deed)}

    @admin.display(description="Act")
    def act(self, obj: Deed) -> str:
        return _CALLED.get(obj.operation) or obj.operation.replace("_", " ").capitalize()

    @admin.display(description="When")
    def when(self, obj: Deed) -> datetime:
        return obj.created

    @admin.display(description="With")
    def how(self, obj: Deed) -> str:
        told = undoing.in_words(obj)
        return f"{told[:80]}…" if len(told) > 80 else told

    @admin.display(description="Series")
    def many(self, obj: Any) -> int:
        return int(obj.series_count)

    @admin.display(description="Now")
    def stands(self, obj: Any) -> str:
        if obj.undone_at is not None:
            return "Taken back"
        part = obj.left_count < obj.series_count
        return f"Taken back but for {obj.left_count}" if part else "Done"
