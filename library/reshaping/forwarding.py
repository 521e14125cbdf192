"""Whoever asks for a series that was merged into another is sent on to that one."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase

from kiremisu.accounts.models import User
from library.models import Series


def middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Instead of a 404 below a merged series, the address of the same below its target."""

    def ask(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code != HTTPStatus.NOT_FOUND:
            return response
        return _sent_on(request) or response

    return ask


def _sent_on(request: HttpRequest) -> HttpResponse | None:
    """None where it names no merged series, or its target is not theirs to see. What takes away is
    not sent on: who means the merged one does not mean all that its target has."""
    if request.method == "DELETE":
        return None
    asked, user = request.resolver_match, getattr(request, "auth", None) or request.user
    series_id = asked.kwargs.get("series_id") if asked else None
    if series_id is None or not isinstance(user, User):
        return None
    merged = Series.objects.filter(pk=series_id, merged_into__isnull=False)
    target = Series.objects.visible_to(user).filter(pk__in=merged.values("merged_into")).first()
    if target is None:
        return None
    # By the method it came with. It may be taken back: nobody may keep the way there.
    is_page = request.method in {"GET", "HEAD"} and not request.path.startswith("/api/")
    address = request.get_full_path().replace(str(series_id), str(target.pk), 1)
    answer = HttpResponsePermanentRedirect(address, preserve_request=not is_page)
    answer["Cache-Control"] = "no-store"
    return answer
