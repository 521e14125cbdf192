"""The page of what goes on, and asking for work from it."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kiremisu.accounts import roles
from kiremisu.accounts.models import Role
from kiremisu.jobs import queue
from kiremisu.jobs.models import Job
from library import losses, scanning
from library.models import Library, Loss
from reader.activity import activity
from reader.asking import Asking


@login_required
@never_cache
@require_safe
def show(request: Asking) -> HttpResponse:
    """Running, needing somebody, waiting, earlier. Its script asks for the moving part alone."""
    is_part = request.htmx.target == "activity"
    template = "reader/_activity.html" if is_part else "reader/activity.html"
    found = activity(request.user)
    return render(request, template, {"activity": found, "shelved": found.arriving})


@login_required
@require_POST
def scan(request: Asking) -> HttpResponse:
    """Scan one library, or all of them."""
    roles.check(request.user, Role.CURATOR)
    libraries = Library.objects.visible_to(request.user)
    if "library" in request.POST:
        libraries = libraries.filter(pk=_uuid(request.POST["library"]))
    found = list(libraries.order_by("name", "id"))
    if not found:
        raise Http404
    for library in found:
        scanning.request(library, asked_by=request.user)
    return redirect("activity")


@login_required
@require_POST
def stop(request: Asking, job_id: UUID) -> HttpResponse:
    """Call a job off."""
    queue.cancel(_job(request, job_id), by=request.user)
    return redirect("activity")


@login_required
@require_POST
def retry(request: Asking, job_id: UUID) -> HttpResponse:
    """Try a failed job again."""
    queue.retry(_job(request, job_id), by=request.user)
    return redirect("activity")


@login_required
@require_POST
def lose(request: Asking, change_id: UUID) -> HttpResponse:
    """Say that files are really gone, or that they will be back."""
    found = Loss.objects.visible_to(request.user).select_related("library")
    loss = get_object_or_404(found, pk=change_id)
    decide = losses.approve if "gone" in request.POST else losses.reject
    decide(loss, request.user)
    return redirect("activity")


def _job(request: Asking, job_id: UUID) -> Job:
    return get_object_or_404(Job.objects.visible_to(request.user), pk=job_id)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
