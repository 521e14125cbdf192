"""What people type before they are in."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from kiremisu.accounts import attempts
from kiremisu.accounts.addresses import address_of
from kiremisu.accounts.models import User
from kiremisu.lib.errors import Throttled


class Guarded(AuthenticationForm):
    """Name and password, tried so often and no more."""

    def clean(self) -> dict[str, Any]:
        """Looks whether they fit, unless there were too many wrong tries from there."""
        name = str(self.cleaned_data.get("username", ""))
        address = address_of(self.request) if self.request else ""
        try:
            attempts.begin(name, address)
            given = super().clean()
        except Throttled as refused:
            raise ValidationError(refused.detail, code="throttled") from None
        except ValidationError:
            attempts.failed(name, address)
            raise
        attempts.passed(name, address)
        return given


class SignInForm(Guarded):
    """The door of the pages; whether this device is remembered."""

    stay = forms.BooleanField(required=False)

    error_messages = {  # noqa: RUF012 - as Django declares it
        "invalid_login": "That name and password don’t match.",
        "inactive": "That name and password don’t match.",
    }


class DeskSignInForm(Guarded):
    """The curation desk's own door, for those who curate."""

    required_css_class = "required"
    error_messages = {  # noqa: RUF012 - as Django declares it
        **SignInForm.error_messages,
        "invalid_login": "That name and password don’t match, or are not a curator’s.",
    }

    def confirm_login_allowed(self, user: User) -> None:
        """Raises ValidationError for whoever does not curate, as where the password is wrong."""
        super().confirm_login_allowed(user)
        if not user.curates:
            raise self.get_invalid_login_error()


class TokenForm(forms.Form):
    """The set-up code, for whoever cannot open the link itself."""

    token = forms.CharField(max_length=200, strip=True)


class AccountForm(forms.Form):
    """The first administrator."""

    username = forms.CharField(max_length=150, strip=True)
    password = forms.CharField(max_length=4096, strip=False)
