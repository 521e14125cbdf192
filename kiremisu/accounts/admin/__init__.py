"""Accounts on the curation desk, and what only those who look after the server see there."""

from django.contrib import admin

from kiremisu.accounts.admin import kept, people
from kiremisu.accounts.forms import DeskSignInForm

__all__ = ["kept", "people"]

# Its door counts wrong passwords as every other.
admin.site.login_form = DeskSignInForm
