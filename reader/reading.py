"""The reader's page, and saving from where a script cannot."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from kiremisu.accounts.models import User
from kiremisu.lib.errors import Refused, Unreadable, status_of
from library.models import Chapter
from reader.neighbours import neighbours
from reader.opening import (
    Opened,
    chapter_data,
    heading,
    opened,
    progress_data,
    series_data,
    size,
)
from reader.progress import turn_to

# One transparent pixel.
PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)
# The script's parts, so that a browser asks for all of them at once.
MODULES = tuple(sorted(each.stem for each in (settings.BASE_DIR / "static/js/reader").glob("*.js")))
_SEEN = signing.Signer(salt="a page seen without a script")


@login_required
@require_safe
def read(request: HttpRequest, chapter_id: UUID, page: int | None = None) -> HttpResponse:
    """The reader at a page, or where this reader left off; `?as=data` for its script alone."""
    user, chapter = cast(User, request.user), _chapter(request, chapter_id)
    as_data = request.GET.get("as") == "data"
    try:
        found = opened(user, chapter)
    except Unreadable as refused:
        status = status_of(refused)
        if as_data:
            return JsonResponse({"code": refused.code, "detail": refused.detail}, status=status)
        facts = {
            "chapter": chapter,
            "heading": heading(chapter),
            "refused": refused,
            "around": neighbours(user, chapter),
        }
        return render(request, "reader/read_refused.html", facts, status=status)
    if as_data:
        answer: HttpResponse = JsonResponse(chapter_data(found))
    else:
        answer = _page(request, found, page)
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _chapter(request: HttpRequest, chapter_id: UUID) -> Chapter:
    chapters = Chapter.objects.visible_to(cast(User, request.user))
    chapter = chapters.select_related("series__library", "library", "content__geometries")
    found = chapter.filter(pk=chapter_id).first()
    if found is None:
        raise Http404("There is no such chapter.")
    return found


def _page(request: HttpRequest, found: Opened, page: int | None) -> HttpResponse:
    user = cast(User, request.user)
    # A page beyond the end: the file became shorter since the link was made.
    number = found.resume_page if page is None else min(max(1, page), len(found.pages))
    series = found.chapter.series
    width, height = size(found.pages[number - 1])
    first = {
        "number": number,
        "src": found.urls[number - 1],
        "width": width,
        "height": height,
        "ratio": f"{width / height:.4f}",
    }
    answer = render(
        request,
        "reader/read.html",
        {
            "chapter": found.chapter,
            "series": series,
            "heading": heading(found.chapter),
            "first": first,
            "count": len(found.pages),
            "modules": [static(f"js/reader/{name}.js") for name in MODULES],
            "plain": _without_script(user, found, number),
            "data": {
                "series": series_data(user, series),
                "chapter": chapter_data(found),
                "page": number,
                "asked": page is not None,
                "user": str(user.pk),
                "api": "/api/v1/",
                "csrf": get_token(request),
            },
        },
    )
    answer["Link"] = f"<{first['src']}>; rel=preload; as=image; fetchpriority=high"
    return answer


def _without_script(user: User, found: Opened, number: int) -> dict[str, Any]:
    """The links around a page, and the image that records it."""
    chapter, around = found.chapter, found.around
    if number > 1:
        back = reverse("read-page", args=[chapter.pk, number - 1])
    else:
        back = reverse("read", args=[around.previous.pk]) if around.previous else ""
    if number < len(found.pages):
        on = reverse("read-page", args=[chapter.pk, number + 1])
    else:
        on = reverse("read-page", args=[around.next.pk, 1]) if around.next else ""
    proof = _SEEN.signature(f"{user.pk} {chapter.pk} {number}")
    seen = reverse("read-seen", args=[chapter.pk, number, proof])
    return {"previous": back, "next": on, "seen": seen}


@login_required
@require_GET
@never_cache
def seen(request: HttpRequest, chapter_id: UUID, page: int, proof: str) -> HttpResponse:
    """The image inside <noscript>: records the page. Only our own page holds its proof."""
    user = cast(User, request.user)
    if not constant_time_compare(proof, _SEEN.signature(f"{user.pk} {chapter_id} {page}")):
        raise Http404("There is nothing here.")
    chapter = _chapter(request, chapter_id)
    if chapter.content is not None and page <= chapter.content.page_count:
        turn_to(user, chapter.content, page, timezone.now(), "browser", chapter=chapter)
    return HttpResponse(PIXEL, content_type="image/gif")


class SaveForm(forms.Form):
    """A save as sendBeacon can send it."""

    page = forms.IntegerField(min_value=1)
    fraction = forms.FloatField(min_value=0, max_value=1, required=False)
    at = forms.DateTimeField()
    device = forms.CharField(max_length=200, required=False)
    done = forms.NullBooleanField(required=False)


@login_required
@require_POST
def save(request: HttpRequest, chapter_id: UUID) -> HttpResponse:
    """Remember the page the reader is on, sent as a form with `csrfmiddlewaretoken`."""
    chapter, form = _chapter(request, chapter_id), SaveForm(request.POST)
    if chapter.content is None:
        raise Http404("This chapter has no pages.")
    if not form.is_valid():
        return JsonResponse({"code": "invalid", "errors": form.errors}, status=422)
    given = form.cleaned_data
    try:
        progress = turn_to(
            cast(User, request.user),
            chapter.content,
            given["page"],
            given["at"],
            given["device"],
            fraction=given["fraction"] or 0.0,
            chapter=chapter,
            done=given["done"],
        )
    except Refused as refused:
        detail = {"code": refused.code, "detail": refused.detail}
        return JsonResponse(detail, status=status_of(refused))
    return JsonResponse(progress_data(progress))
