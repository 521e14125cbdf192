"""What people type before they are in."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    """Name and password; whether this device is remembered."""

    stay = forms.BooleanField(required=False)

    error_messages = {  # noqa: RUF012 - as Django declares it
        "invalid_login": "That name and password don’t match.",
        "inactive": "That name and password don’t match.",
    }


class TokenForm(forms.Form):
    """The set-up code, for whoever cannot open the link itself."""

    token = forms.CharField(max_length=200, strip=True)


class AccountForm(forms.Form):
    """The first administrator."""

    username = forms.CharField(max_length=150, strip=True)
    password = forms.CharField(max_length=4096, strip=False)
