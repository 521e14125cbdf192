"""Settings: a person's API keys, to make one and to take one back."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kiremisu.accounts import keys
from kiremisu.accounts.models import ApiKey, Scope, User
from kiremisu.lib.errors import Invalid, Throttled

_MEANINGS = {
    Scope.READ: "Look at the library, open pages",
    Scope.PROGRESS: "Keep your place and how you read",
    Scope.CURATE: "Scan, and change what is shown",
    Scope.ADMIN: "All that you may do yourself",
}


class KeyForm(forms.Form):
    """A name, what the key may be used for, and for how long."""

    name = forms.CharField(max_length=100, strip=True)
    scopes = forms.MultipleChoiceField(choices=Scope.choices)
    days = forms.TypedChoiceField(
        coerce=int, choices=[(30, "30 days"), (180, "6 months"), (365, "1 year"), (0, "No end")]
    )

    @property
    def expires(self) -> datetime | None:
        days = self.cleaned_data["days"]
        return timezone.now() + timedelta(days=days) if days else None


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """The keys, and the form for one more; a new key is shown in the answer to the form."""
    form = KeyForm(request.POST if request.method == "POST" else None)
    facts: dict[str, Any] = {"form": form}
    if form.is_valid():
        facts |= _made(_person(request), form)
    status = 422 if form.errors else 200
    chosen = request.POST.getlist("scopes") if form.errors else [Scope.READ, Scope.PROGRESS]
    facts |= {
        "keys": ApiKey.objects.visible_to(_person(request))[: keys.MOST],
        "scopes": [(scope, _MEANINGS[scope], scope in chosen) for scope in Scope],
        "now": timezone.now(),
    }
    return render(request, "accounts/keys.html", facts, status=status)


@login_required
@require_POST
def revoke(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """Take a key of one's own back."""
    mine = ApiKey.objects.visible_to(_person(request)).select_related("user")
    key = get_object_or_404(mine, pk=key_id)
    keys.revoke(key)
    messages.success(request, f"{key.name} opens nothing any more.")
    return redirect("keys")


def _made(user: User, form: KeyForm) -> dict[str, Any]:
    """The new key with its text; nothing when the form now says why not."""
    given = form.cleaned_data
    try:
        key, text = keys.make(user, given["name"], given["scopes"], form.expires)
    except (Invalid, Throttled) as refused:
        form.add_error("name", refused.detail)
        return {}
    return {"made": key, "text": text, "form": KeyForm()}


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
