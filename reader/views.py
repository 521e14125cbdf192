"""The pages one looks at: Home, the library, a series; and marking what is read."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kiremisu.lib.sections import sections
from library.models import Chapter, Series
from reader import marking, shelves
from reader.asking import Asking
from reader.known import known
from reader.listing import Asked, listing
from reader.lists.pages import on_series
from reader.searching import results
from reader.volumes import opened
from reader.wholeness import wholeness


@login_required
@require_safe
def home(request: Asking) -> HttpResponse:
    """Where one goes on reading."""
    sections = shelves.home(request.user)
    shelved = [series for section in sections for series in section.series]
    return render(request, "reader/home.html", {"sections": sections, "shelved": shelved})


@login_required
@require_safe
def library(request: Asking) -> HttpResponse:
    """The shelves: searched, filtered, sorted, sixty series at a time."""
    found = listing(request.user, Asked.of(request.GET))
    facts = {"listing": found, "shelved": [card.series for card in found.cards]}
    template = "reader/library.html"
    if _asks_for_part(request, "more"):
        is_table = found.asked.view == "table"
        template = "reader/_rows.html" if is_table else "reader/_tiles.html"
    elif _asks_for_part(request, "library"):
        template = "reader/_library.html"
    return render(request, template, facts)


@login_required
@require_safe
def search(request: Asking) -> HttpResponse:
    """Series by any of their titles, and chapters; while one types, the results alone."""
    found = results(request.user, request.GET.get("q", ""))
    is_part = _asks_for_part(request, "results")
    template = "reader/_results.html" if is_part else "reader/search.html"
    below = sections(settings.SEARCH_SECTIONS, request.user, found.q)
    told = {"results": found, "shelved": found.shelved, "sections": below}
    return render(request, template, told)


@login_required
@require_safe
def series(request: Asking, series_id: UUID) -> HttpResponse:
    """A series with its chapters by volume."""
    return _series(request, _series_of(request, series_id), "reader/series.html")


@login_required
@require_POST
def mark(request: Asking, chapter_id: UUID) -> HttpResponse:
    """Mark a chapter read or unread, or the series read up to it."""
    chapters = Chapter.objects.visible_to(request.user)
    chapter = get_object_or_404(chapters.select_related("series"), pk=chapter_id)
    marking.mark(request.user, chapter, request.POST.get("as", ""))
    return _marked(request, chapter.series_id)


@login_required
@require_POST
def mark_series(request: Asking, series_id: UUID) -> HttpResponse:
    """Mark all of a series read or unread."""
    marking.mark_all(request.user, _series_of(request, series_id), request.POST.get("as", ""))
    return _marked(request, series_id)


def _marked(request: Asking, series_id: UUID) -> HttpResponse:
    if request.htmx:
        return _series(request, _series_of(request, series_id), "reader/_series.html")
    page = _page(request)
    return redirect(reverse("series", args=[series_id]) + (f"?page={page}" if page > 1 else ""))


def _series_of(request: Asking, series_id: UUID) -> Series:
    visible = Series.objects.visible_to(request.user).select_related("library", "cover")
    return get_object_or_404(visible, pk=series_id)


def _series(request: Asking, found: Series, template: str) -> HttpResponse:
    shown = opened(request.user, found, _page(request))
    facts = {
        "opened": shown,
        "known": known(found),
        "lists": on_series(request.user, found),
        "whole": wholeness(shown),
        "sections": sections(settings.SERIES_SECTIONS, request.user, found),
        "shelved": [found],
    }
    return render(request, template, facts)


def _page(request: Asking) -> int:
    page = request.GET.get("page", "")
    return int(page) if page.isdecimal() and len(page) < 7 else 1


def _asks_for_part(request: Asking, name: str) -> bool:
    """htmx wants the element of that id alone, and not to restore a page from its history."""
    return request.htmx.target == name and not request.htmx.history_restore_request
