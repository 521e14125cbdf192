"""Setting up, after the account: a folder, then the first scan."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kiremisu.lib.errors import Invalid
from kiremisu.lib.paths import on_disk
from library import libraries, scanning
from library.curation import change_library
from library.models import Library
from reader.asking import Asking
from reader.folders import look


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def folder(request: Asking) -> HttpResponse:
    """Shows what a folder holds before anything is stored; then adds it and scans."""
    if not request.user.is_administrator:
        raise Http404
    wrong = ""
    if request.method == "POST":
        try:
            return _added(request)
        except Invalid as refused:
            wrong = refused.detail
    found = look(request.POST.get("path") or request.GET.get("path", ""))
    facts = {
        "look": found,
        "wrong": wrong or found.error,
        "libraries": Library.objects.visible_to(request.user).order_by("name", "id"),
        "kinds": Library.Kind,
        "kind": request.POST.get("kind", Library.Kind.MANGA),
    }
    return render(request, "reader/folder.html", facts, status=422 if wrong else 200)


def _added(request: Asking) -> HttpResponse:
    root, kind = request.POST.get("path", ""), request.POST.get("kind", "")
    library = libraries.add(on_disk(root), asked_by=request.user)
    if kind in Library.Kind and kind != library.kind:
        change_library(library, kind=kind)
    scanning.request(library, asked_by=request.user)
    return redirect("activity")
