"""Coming in and going out: the first account, sign in, sign out."""

from typing import Any

from django import forms
from django.contrib.auth import login
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kiremisu.accounts import setup
from kiremisu.accounts.forms import AccountForm, SignInForm, TokenForm
from kiremisu.accounts.models import User
from kiremisu.lib.errors import Conflict, Invalid, NotThere

_TOKEN = "setup_token"  # noqa: S105 - where it lies in the session, not the token


class SignIn(LoginView):
    """Sign in; with nobody to sign in yet, set up."""

    template_name = "accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if setup.is_needed():
            return redirect("setup")
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: SignInForm) -> HttpResponse:  # type: ignore[override] # narrower
        answer = super().form_valid(form)
        if not form.cleaned_data["stay"]:
            self.request.session.set_expiry(0)
        return answer


@never_cache
@sensitive_post_parameters("password", "token")
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponseBase:
    """The first step of setting up: an account, for whoever holds the set-up link."""
    if not setup.is_needed():
        user = request.user
        is_ours = isinstance(user, User) and user.is_administrator
        return redirect("setup-folder" if is_ours else "home")
    if "token" in request.GET:
        # Into the session at once, so that it stays in no history and no log.
        request.session[_TOKEN] = request.GET["token"][:200]
        return redirect("setup")
    if not setup.token_fits(request.session.get(_TOKEN, "")):
        return _ask_for_token(request)
    return _ask_for_account(request)


def _ask_for_token(request: HttpRequest) -> HttpResponse:
    # A stale account form may come in too: it carries no token and is asked for one.
    form = TokenForm(request.POST if "token" in request.POST else None)
    if form.is_valid():
        if setup.token_fits(form.cleaned_data["token"]):
            request.session[_TOKEN] = form.cleaned_data["token"]
            return redirect("setup")
        form.add_error("token", "This set-up code is not valid any more. Start the server again.")
    status = 422 if form.errors else 200
    return render(request, "accounts/setup_token.html", {"form": form}, status=status)


def _ask_for_account(request: HttpRequest) -> HttpResponse:
    form = AccountForm(request.POST if "username" in request.POST else None)
    if form.is_valid():
        user = _made(request, form)
        if user is not None:
            login(request, user)
            request.session.pop(_TOKEN, None)
            return redirect("setup-folder")
    status = 422 if form.errors else 200
    return render(request, "accounts/setup.html", {"form": form}, status=status)


def _made(request: HttpRequest, form: AccountForm) -> User | None:
    """The administrator; None when the form now says why not."""
    given, token = form.cleaned_data, request.session[_TOKEN]
    try:
        return setup.create_first_administrator(token, given["username"], given["password"])
    except Invalid as refused:
        _explain(form, refused)
    except (NotThere, Conflict) as refused:
        form.add_error(None, refused.detail)
    return None


def _explain(form: forms.Form, refused: Invalid) -> None:
    for wrong in refused.errors:
        form.add_error(wrong.field if wrong.field in form.fields else None, wrong.message)
