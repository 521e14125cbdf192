"""The page of a series on the curation desk: its facts, each with its source and lock, to be set,
locked and taken back; what became of them; and what stands beside it."""

from typing import Any, override
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from kiremisu.accounts.desk import Desk, asker
from kiremisu.accounts.links import cover_url
from kiremisu.lib.errors import Invalid, Refused
from kiremisu.lib.sections import sections
from library import acts, curation, history, knowing, sheets
from library.admin.factform import FactForm
from library.batches.operations import options_as
from library.merging import FIELDS
from library.models import FactChange, Series
from library.schemas import SeriesChange
from library.wording import Line, changed

# Lines of the history; all of it stands on the page of its facts.
_SHOWN = 20


class Facts(Desk):
    """A list whose rows have this page."""

    @override
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        if object_id is None:
            raise PermissionDenied
        found = self.get_object(request, unquote(object_id))
        if found is None:
            raise Http404
        series = Series.objects.select_related("library", "cover", "merged_into").get(pk=found.pk)
        if request.method != "POST":
            return self._page(request, series, FactForm(sheets.standing(series)))
        form = FactForm(sheets.standing(series), request.POST)
        if form.is_valid() and self._act(request, series, form):
            return redirect(request.get_full_path())
        return self._page(request, series, form)

    def _act(self, request: HttpRequest, series: Series, form: FactForm) -> bool:
        """Set what was filled in, then do what the button says. Answers whether it was done."""
        try:
            with acts.as_one():
                changes = options_as(SeriesChange, form.changes()).named()
                if changes:
                    curation.change_series(series, **changes)
                self._press(request, series)
        except Invalid as wrong:
            form.refuse(wrong)
            return False
        except Refused as refused:
            messages.error(request, refused.detail)
        else:
            if changes:
                many = "1 fact is" if len(changes) == 1 else f"{len(changes)} facts are"
                messages.success(request, f"{many} set and locked.")
        return True

    def _press(self, request: HttpRequest, series: Series) -> None:
        asked = request.POST
        if (field := asked.get("lock")) in FIELDS:
            knowing.lock(series, field)
        elif (field := asked.get("unlock")) in FIELDS:
            knowing.unlock(series, field)
        elif "undo" in asked:
            history.undo(self._line(series, asked["undo"]))
        elif "run" in asked:
            line = self._line(series, asked["run"])
            history.request_undo(asker(request), run=line.run)
            messages.success(request, "A job takes it back, but for what was changed since.")
        elif "all" in asked:
            history.undo_all(series)

    def _line(self, series: Series, key: str) -> FactChange:
        try:
            return get_object_or_404(self._history(series), pk=UUID(key))
        except ValueError:
            raise Http404 from None

    def _history(self, series: Series) -> QuerySet[FactChange]:
        # Whoever is within reach of the series: it may be hidden.
        return FactChange.objects.filter(series=series).select_related("by").order_by("-id")

    def _page(self, request: HttpRequest, series: Series, form: FactForm) -> HttpResponse:
        stands, picture = sheets.standing(series), series.picture
        chapters = reverse("admin:library_chapter_changelist")
        told = {
            **self.admin_site.each_context(request),
            "title": series.title,
            "opts": self.opts,
            "series": series,
            "cover": picture and cover_url(asker(request), picture.key, settings.COVER_WIDTHS[0]),
            "form": form,
            "facts": [(form[field], Line(field, stood)) for field, stood in stands.items()],
            "lines": [changed(line) for line in self._history(series)[:_SHOWN]],
            "chapters": f"{chapters}?series__id__exact={series.pk}",
            "sections": sections(settings.SERIES_AT_DESK, asker(request), series),
        }
        return render(request, "admin/series.html", told)
