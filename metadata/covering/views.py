"""Choosing among the covers that a series' work has."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kiremisu.accounts import roles
from kiremisu.accounts.models import Role
from library.models import Series
from metadata import covering
from metadata.asking import Asking
from metadata.covering.pages import page_of


@login_required
@never_cache
@require_safe
def show(request: Asking, series_id: UUID) -> HttpResponse:
    """All of them, with a picture where it was fetched."""
    series = get_object_or_404(Series.objects.visible_to(request.user), pk=series_id)
    roles.check(request.user, Role.CURATOR)
    is_part = "HX-Request" in request.headers
    template = "metadata/_covers.html" if is_part else "metadata/covers.html"
    return render(request, template, {"page": page_of(request.user, series)})


@login_required
@require_POST
def put(request: Asking, series_id: UUID) -> HttpResponse:
    """Show one of them, or have their pictures fetched."""
    series = get_object_or_404(Series.objects.visible_to(request.user), pk=series_id)
    roles.check(request.user, Role.CURATOR)
    if address := request.POST.get("url", ""):
        covering.request_choice(request.user, series, address[:2000])
        messages.success(request, "It is fetched and shown in a moment.")
        return redirect("series", series.pk)
    covering.request_fetching(request.user, series)
    return redirect("covers-there", series.pk)
