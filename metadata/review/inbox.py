"""The page of findings, and what is done on it."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kiremisu.accounts import roles
from kiremisu.accounts.models import Role
from kiremisu.lib.errors import NotThere
from library import findings
from metadata.asking import Asking

_SHOWN = 60


@login_required
@never_cache
@require_safe
def show(request: Asking) -> HttpResponse:
    """The kinds, and those of one."""
    roles.check(request.user, Role.CURATOR)
    counts = findings.counts(request.user)
    kinds = findings.known()
    asked = request.GET.get("kind", "")
    here = asked if asked in kinds else next((code for code in kinds if counts[code]), "")
    told = {
        "kinds": [(kind, counts[code]) for code, kind in kinds.items()],
        "here": kinds.get(here),
        "found": findings.of(request.user, here, most=_SHOWN) if here else [],
        "most": findings.MOST,
        "shown": _SHOWN,
        "total": counts.get(here, 0),
        "undo": request.GET.get("undo", ""),
    }
    return render(request, "metadata/findings.html", told)


@login_required
@require_POST
def decide(request: Asking, kind: str, subject: UUID) -> HttpResponse:
    """It is fine so, or is to be looked at after all."""
    findings.check_seen(request.user, kind, subject)
    roles.check(request.user, Role.CURATOR)
    told = {"kind": kind}
    try:
        if request.POST.get("act") == "restore":
            findings.restore(request.user, kind, subject)
        else:
            findings.dismiss(request.user, kind, subject)
            told["undo"] = str(subject)
    except NotThere as gone:
        messages.error(request, gone.detail)
    return redirect(f"{reverse('findings')}?{urlencode(told)}")
