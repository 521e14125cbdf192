"""The pages of lists: all of them, one, and what is done to them there."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from library.models import Series
from reader import lists
from reader.asking import Asking
from reader.listing import Asked
from reader.lists import entries, pages
from reader.models import List, ListEntry


@login_required
@require_safe
def index(request: Asking) -> HttpResponse:
    """One's own lists and those of the household."""
    lines, page = pages.index(request.user, _page(request))
    return render(request, "reader/lists.html", {"lines": lines, "page": page})


@login_required
@require_POST
def make(request: Asking) -> HttpResponse:
    """A new list: empty, with one series, or of what the library page asks for."""
    name, is_shared = request.POST.get("name", ""), "is_shared" in request.POST
    if "view" in request.POST:
        asked = Asked.of(request.POST)
        saved = asked.tree.model_dump(mode="json", by_alias=True)
        made = lists.make(request.user, name, is_shared=is_shared, asked=saved, sort=asked.order)
    else:
        made = lists.make(request.user, name, is_shared=is_shared)
    return redirect("list", made.pk)


@login_required
@require_safe
def show(request: Asking, list_id: UUID) -> HttpResponse:
    """What stands in a list, with what to read of it next."""
    return _list(request, _seen(request, list_id), "reader/list.html")


@login_required
@require_POST
def change(request: Asking, list_id: UUID) -> HttpResponse:
    """Call it something else, share it, or throw it away."""
    found = _own(request, list_id)
    if request.POST.get("act") == "remove":
        lists.remove(found)
        return redirect("lists")
    is_shared = "is_shared" in request.POST
    lists.change(found, name=request.POST.get("name", ""), is_shared=is_shared)
    return redirect("list", list_id)


@login_required
@require_POST
def change_entry(request: Asking, list_id: UUID, entry_id: UUID) -> HttpResponse:
    """Move an entry, note something about it, or take it off."""
    found = _own(request, list_id)
    visible = ListEntry.objects.visible_to(request.user).filter(list=found)
    entry = get_object_or_404(visible.select_related("list__user"), pk=entry_id)
    entries.act(entry, request.POST.get("act", ""), request.POST.get("note", ""))
    if request.htmx:
        return _list(request, found, "reader/_list.html")
    page = _page(request)
    return redirect(reverse("list", args=[list_id]) + (f"?page={page}" if page > 1 else ""))


@login_required
@require_POST
def list_series(request: Asking, series_id: UUID) -> HttpResponse:
    """Put a series into a list of one's own, a new one if it has a name, or take it off."""
    series = get_object_or_404(Series.objects.visible_to(request.user), pk=series_id)
    if name := request.POST.get("name", ""):
        entries.include(lists.make(request.user, name), series)
    elif "take_off" in request.POST:
        entries.leave_out(_own(request, _uuid(request.POST["take_off"])), series)
    else:
        entries.include(_own(request, _uuid(request.POST.get("list", ""))), series)
    return redirect("series", series_id)


def _list(request: Asking, found: List, template: str) -> HttpResponse:
    shown = pages.shown(request.user, found, _page(request))
    return render(request, template, {"shown": shown, "shelved": shown.series})


def _seen(request: Asking, list_id: UUID) -> List:
    visible = List.objects.visible_to(request.user).select_related("user")
    return get_object_or_404(visible, pk=list_id)


def _own(request: Asking, list_id: UUID) -> List:
    found = _seen(request, list_id)
    lists.check_owner(request.user, found)
    return found


def _page(request: Asking) -> int:
    page = request.GET.get("page", "")
    return int(page) if page.isdecimal() and len(page) < 7 else 1


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
