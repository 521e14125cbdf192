"""The page of a series' facts: whose word each is, its lock, and what became of it."""

from datetime import date
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kiremisu.accounts import roles
from kiremisu.accounts.models import Role, User
from kiremisu.lib.errors import Invalid
from kiremisu.lib.sections import sections
from library import history, knowing, sheets
from library.merging import FIELDS
from library.models import FactChange, Series
from library.wording import Changed, Line, changed
from reader.asking import Asking

PER_PAGE = 50


@login_required
@require_safe
def show(request: Asking, series_id: UUID) -> HttpResponse:
    """Each fact with its source and lock, and the history. For curators."""
    found = _series(request, series_id)
    facts = [Line(field, stood) for field, stood in sheets.standing(found).items()]
    page, lines = _history(request.user, found, request.GET.get("page", "1"))
    shown = {
        "series": found,
        "facts": facts,
        "page": page,
        "lines": lines,
        "shelved": [found],
        "sections": sections(settings.FACTS_SECTIONS, request.user, found),
    }
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
    return page, [changed(each) for each in page]
