"""The page of match review, and what is done on it."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kiremisu.accounts import roles
from kiremisu.accounts.models import Role
from kiremisu.lib.errors import Refused
from library.models import Series
from metadata import enrichment
from metadata.asking import Asking, id_in
from metadata.models import Candidate
from metadata.review import choosing, pages


@login_required
@never_cache
@require_safe
def show(request: Asking) -> HttpResponse:
    """The queue, and one series of it."""
    roles.check(request.user, Role.CURATOR)
    series, candidate = id_in(request.GET.get("series")), id_in(request.GET.get("candidate"))
    page = pages.page(request.user, series, candidate)
    undo = id_in(request.GET.get("undo"))
    undoable = Series.objects.visible_to(request.user).filter(pk__in=[undo])
    told = {"page": page, "undoable": undoable.first(), "sure": pages.SURE}
    shelved = [waiting.series for waiting in page.queue]
    return render(request, "metadata/review.html", told | {"shelved": shelved})


@login_required
@require_POST
def decide(request: Asking, series_id: UUID) -> HttpResponse:
    """Accept or reject a candidate, say that there is no match, look again, or undo; and go on to
    the next that waits."""
    series = get_object_or_404(Series.objects.visible_to(request.user), pk=series_id)
    roles.check(request.user, Role.CURATOR)
    act, told = request.POST.get("act", ""), {"undo": str(series_id)}
    after = id_in(request.POST.get("after"))
    try:
        if act == "undo":
            choosing.undo(series)
            told = {"series": str(series_id)}
            messages.success(request, f"Undone. {series.title} is as it was.")
        elif act == "again":
            enrichment.request_match([series.pk], request.user)
            told = {"series": str(series_id)}
            messages.success(request, f"{series.title} is looked for again.")
        elif act == "none":
            choosing.none_exists(series, request.user)
            messages.success(request, f"No match exists for {series.title}.")
        else:
            told |= _choose(request, series, act)
    except Refused as refused:
        messages.error(request, refused.detail)
        told = {"series": str(series_id)}
    if after and "series" not in told:
        told["series"] = str(after)
    return redirect(f"{reverse('review')}?{urlencode(told)}")


@login_required
@never_cache
def accept_sure(request: Asking) -> HttpResponse:
    """Ask whether all that is nearly sure is accepted, or accept it."""
    roles.check(request.user, Role.CURATOR)
    found = pages.sure_ones(request.user)
    if request.method != "POST":
        return render(request, "metadata/accept_sure.html", {"found": found, "sure": pages.SURE})
    # Only what was shown: more may have come since.
    shown = set(request.POST.getlist("candidate"))
    wanted = [row for row in found if str(row.pk) in shown]
    accepted = sum(choosing.accept_waiting(row, request.user) for row in wanted)
    messages.success(request, f"{accepted} accepted.")
    return redirect("review")


def _choose(request: Asking, series: Series, act: str) -> dict[str, Any]:
    """Accept or reject; answers what else the next page is asked for."""
    visible = Candidate.objects.visible_to(request.user).filter(series=series)
    candidate = get_object_or_404(visible, pk=id_in(request.POST.get("candidate")))
    if act == "reject":
        choosing.reject(candidate, request.user)
        messages.success(request, f"{series.title} is not {candidate}.")
        return {"series": str(series.pk)}
    names = [name for name in pages.FIELDS if f"of-{name}" in request.POST]
    keep = [name for name in names if request.POST[f"of-{name}"] == "mine"]
    lock = [name for name in names if f"lock-{name}" in request.POST and name not in keep]
    choosing.accept(candidate, request.user, keep, lock)
    messages.success(request, f"{series.title} is {candidate}.")
    return {}
