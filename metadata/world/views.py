"""A provider's catalogue beside the search, and bringing works in from there."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from kiremisu.accounts import roles
from kiremisu.accounts.models import Role
from kiremisu.lib.errors import Refused
from library.models import Library
from metadata import adding
from metadata.asking import Asking, id_in
from metadata.world.pages import world


@login_required
@require_safe
def show(request: Asking) -> HttpResponse:
    """What it has of that name, as a page of its own or as a part of the search page."""
    roles.check(request.user, Role.CURATOR)
    is_part = "HX-Request" in request.headers
    template = "metadata/_world.html" if is_part else "metadata/world.html"
    return render(request, template, {"world": world(request.user, request.GET.get("q", ""))})


@login_required
@require_POST
def add(request: Asking) -> HttpResponse:
    """Bring one in, before there are files of it; where it is here, go there."""
    roles.check(request.user, Role.CURATOR)
    libraries = Library.objects.visible_to(request.user)
    library = get_object_or_404(libraries, pk=id_in(request.POST.get("library")))
    told = request.POST.get("provider", ""), request.POST.get("id", "")
    try:
        series: UUID | str = adding.add(request.user, library, *told).pk
        messages.success(request, "It is here, and waits for its files.")
    except Refused as refused:
        messages.error(request, refused.detail)
        here = (each.message for each in refused.errors if each.field == "series")
        series = next(here, "")
    return redirect("series", series) if series else redirect("search")
