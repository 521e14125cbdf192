"""The page of what is watched, and what is done on it."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from pydantic import ValidationError

from kiremisu.lib.errors import Refused
from kiremisu.lib.versions import etag, is_fresh
from library.models import Series
from metadata.asking import Asking, id_in
from metadata.models import Notice, Watch
from metadata.notifying import channels, outlets
from metadata.watching import checking, news, subscribing, watches
from metadata.watching.pages import Wanted, Watching
from metadata.watching.schemas import WatchWanted

_STATES = {"read": Notice.State.READ, "ignore": Notice.State.IGNORED, "back": Notice.State.NEW}


@login_required
@never_cache
@require_safe
def show(request: Asking) -> HttpResponse:
    """What is to be read, and what is watched."""
    page = Watching.of(request.user, request.GET.get("page", ""), request.GET.get("series", ""))
    told: dict[str, Any] = {
        "page": page,
        "back": id_in(request.GET.get("ignored")),
        "shelved": page.shelved,
        "subscribed": subscribing.subscription(request.user),
        "can_channel": outlets.is_here(),
        "channels": channels.of(request.user),
    }
    return render(request, "metadata/watching.html", told)


@login_required
@require_POST
def put_news(request: Asking, notice_id: UUID) -> HttpResponse:
    """Read it here, or say what became of it."""
    found = Notice.objects.visible_to(request.user).select_related("release")
    notice = get_object_or_404(found, pk=notice_id)
    act = request.POST.get("act", "")
    if act in _STATES:
        news.put(request.user, notice, _STATES[act])
    told = {"ignored": notice.pk} if act == "ignore" else {}
    return redirect(f"{reverse('watching')}?{urlencode(told)}" if told else "watching")


@login_required
@require_POST
def put_watch(request: Asking, series_id: UUID) -> HttpResponse:
    """Watch a series, or not; pause; look now."""
    series = get_object_or_404(Series.objects.visible_to(request.user), pk=series_id)
    act, user = request.POST.get("act", ""), request.user
    try:
        if act == "stop":
            watches.unwatch(user, series)
            messages.success(request, f"You do not watch {series.title} any more.")
        elif act == "check":
            checking.check_now(series, user)
            messages.success(request, f"{series.title} is looked at soon.")
        elif act in {"pause", "go-on"}:
            watches.watch(user, series, paused=act == "pause")
        elif act == "watch":
            watches.watch(user, series)
            messages.success(request, f"You hear of new chapters of {series.title}.")
    except Refused as refused:
        messages.error(request, refused.detail)
    if request.POST.get("from") == "series":
        return redirect("series", series.pk)
    return redirect("watching")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def put_wish(request: Asking, series_id: UUID) -> HttpResponse:
    """Of which languages and groups one wants to hear; none for any."""
    mine = Watch.objects.visible_to(request.user).select_related("series")
    watch = get_object_or_404(mine, series=series_id)
    if request.method == "POST":
        more = request.POST.get("more", "").replace(",", " ").split()
        told = {
            "languages": [*request.POST.getlist("language"), *more],
            "groups": request.POST.getlist("group"),
        }
        try:
            wanted = WatchWanted.model_validate(told)
        except ValidationError:
            messages.error(request, "These are no languages or groups.")
            return redirect("wish", series_id)
        watches.watch(request.user, watch.series, **wanted.named())
        messages.success(request, f"You hear of what you chose of {watch.series.title}.")
        return redirect("series", series_id)
    return render(request, "metadata/wish.html", {"page": Wanted.of(watch)})


@require_safe
def feed(request: HttpRequest, text: str, kind: str) -> HttpResponse:
    """What is new, for the feed reader to whom this address was given."""
    user = subscribing.owner(text, kind)
    root = request.build_absolute_uri("/").rstrip("/")
    body = subscribing.written(user, kind, root, request.build_absolute_uri())
    tag = etag(body)
    if is_fresh(request.headers.get("If-None-Match", ""), tag):
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = HttpResponse(body, content_type=subscribing.MEDIA_TYPES[kind])
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    return answer


@login_required
@never_cache
@require_POST
def subscribe(request: Asking) -> HttpResponse:
    """Make an address for feed readers, shown this once; or end it."""
    if request.POST.get("act") == "stop":
        subscribing.unsubscribe(request.user)
        messages.success(request, "The address is dead.")
        return redirect("watching")
    text = subscribing.subscribe(request.user)
    told = {
        kind: request.build_absolute_uri(reverse("feed", args=[text, kind]))
        for kind in subscribing.KINDS
    }
    return render(request, "metadata/subscribed.html", {"addresses": told})
