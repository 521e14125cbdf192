"""The desk's door, and what may stand there."""

from typing import Any, override

from django.contrib import admin
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.http import HttpRequest

from kiremisu.accounts import people
from kiremisu.accounts.desk.rooms import Desk
from kiremisu.accounts.models import User


class NewOwnPassword(AdminPasswordChangeForm):
    """A new password ends the links of before, as everywhere."""

    @override
    def save(self, commit: bool = True) -> User:
        user = super().save(commit)
        assert isinstance(user, User)
        people.password_was_set(user)
        return user


class Site(admin.AdminSite):
    """For curators and administrators."""

    index_title = "Curation desk"
    password_change_form = NewOwnPassword

    @override
    def has_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and request.user.is_active and request.user.curates

    @override
    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """What other packages would put here stays away: it knows neither who may see what, nor
        that tokens are nobody's to read."""
        if admin_class is not None and issubclass(admin_class, Desk):
            super().register(model_or_iterable, admin_class, **options)
