"""The page of a series' facts: whose word each is, its lock, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kiremisu.accounts import roles
from kiremisu.accounts.models import Role, User
from kiremisu.lib.errors import Invalid
from library import history, knowing, sheets
from library.merging import FIELDS, Stood
from library.models import Credit, FactChange, Series
from reader.asking import Asking
from reader.known import source_name

PER_PAGE = 50
_LABELS: Mapping[str, str] = {
    "sort_title": "Sorted as",
    "titles": "Also known as",
    "content_rating": "Rating",
    "language": "Original language",
    "last_chapter": "Last chapter",
    "last_volume": "Last volume",
}
_LONG = 300  # letters


@dataclass(frozen=True, slots=True)
class Line:
    """A field as it stands, or stood: all of it in words."""

    field: str
    stood: Stood

    @property
    def label(self) -> str:
        return _LABELS.get(self.field, self.field.capitalize())

    @property
    def value(self) -> str:
        words = _words(self.stood.value)
        return words if len(words) <= _LONG else words[: _LONG - 1] + "…"

    @property
    def source(self) -> str:
        return source_name(self.stood.source)


@dataclass(frozen=True, slots=True)
class Changed:
    """A line of the history."""

    entry: FactChange
    before: Line
    after: Line

    @property
    def who(self) -> str:
        """By whom, or by whose word."""
        return str(self.entry.by) if self.entry.by else source_name(self.entry.source)

    @property
    def what(self) -> str:
        """What became of the lock, where nothing else changed."""
        if self.before.value != self.after.value:
            return ""
        if self.before.stood.locked == self.after.stood.locked:
            return f"Now from {self.after.source or 'nobody'}"
        return "Locked" if self.after.stood.locked else "Unlocked"


@login_required
@require_safe
def show(request: Asking, series_id: UUID) -> HttpResponse:
    """Each fact with its source and lock, and the history. For curators."""
    found = _series(request, series_id)
    facts = [Line(field, stood) for field, stood in sheets.standing(found).items()]
    page, lines = _history(request.user, found, request.GET.get("page", "1"))
    shown = {"series": found, "facts": facts, "page": page, "lines": lines, "shelved": [found]}
    return render(request, "reader/facts.html", shown)


@login_required
@require_POST
def change(request: Asking, series_id: UUID) -> HttpResponse:
    """Lock or unlock a field, undo one change, or all of them. For curators."""
    found = _series(request, series_id)
    asked = request.POST
    if (field := asked.get("lock")) in FIELDS:
        knowing.lock(found, field)
    elif (field := asked.get("unlock")) in FIELDS:
        knowing.unlock(found, field)
    elif "undo" in asked:
        history.undo(_entry(request, found, asked["undo"]))
    elif "all" in asked:
        history.undo_all(found)
    elif "run" in asked:
        history.request_undo(request.user, run=_entry(request, found, asked["run"]).run)
        return redirect("activity")
    return redirect(reverse("facts", args=[series_id]))


@login_required
@require_POST
def undo_day(request: Asking) -> HttpResponse:
    """Have a job undo what was changed on a day. For curators."""
    roles.check(request.user, Role.CURATOR)
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        raise Invalid("Say which day.") from None
    history.request_undo(request.user, day=day)
    return redirect("activity")


def _series(request: Asking, series_id: UUID) -> Series:
    visible = Series.objects.visible_to(request.user).select_related("library", "cover")
    found = get_object_or_404(visible, pk=series_id)
    roles.check(request.user, Role.CURATOR)
    return found


def _entry(request: Asking, found: Series, key: str) -> FactChange:
    try:
        entry_id = UUID(key)
    except ValueError:
        raise Http404 from None
    lines = FactChange.objects.visible_to(request.user).filter(series=found)
    return get_object_or_404(lines, pk=entry_id)


def _history(user: User, found: Series, number: str) -> tuple[Page[FactChange], list[Changed]]:
    """A page of the history, and its lines in words."""
    lines = FactChange.objects.visible_to(user).filter(series=found).select_related("by")
    page = Paginator(lines.order_by("-id"), PER_PAGE).get_page(number)
    return page, [
        Changed(each, Line(each.field, each.before), Line(each.field, each.after)) for each in page
    ]


def _words(value: Any) -> str:
    """A value as one says it."""
    if isinstance(value, list):
        return ", ".join(_line(each) for each in value)
    return "" if value is None else str(value)


def _line(each: Any) -> str:
    if isinstance(each, str):
        return each
    if "role" in each:
        return f"{each['name']} ({Credit.Role(each['role']).label.lower()})"
    if "site" in each:
        return f"{each['site']}: {each['address']}"
    return str(each["text"])
