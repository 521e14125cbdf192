"""People on the curation desk: their role, whether they may come in, their password."""

from typing import Any, override

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from kiremisu.accounts import people
from kiremisu.accounts.desk import Desk
from kiremisu.accounts.models import Role, User
from kiremisu.lib.errors import Conflict


class NewPassword(AdminPasswordChangeForm):  # type: ignore[type-arg] # not generic when it runs
    """A new password ends the links of before, as everywhere."""

    @override
    def save(self, commit: bool = True) -> User:
        user = super().save(commit)
        assert isinstance(user, User)
        people.password_was_set(user)
        return user


class Standing(UserChangeForm):  # type: ignore[type-arg] # not generic when it runs
    """What is known of a person. Somebody must be able to look after the server."""

    @override
    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        stays = given.get("role") == Role.ADMIN and given.get("is_active")
        if not stays and people.is_last_administrator(self.instance):
            raise ValidationError("There is no other administrator. Make another one first.")
        return given


@admin.register(User)
class PersonAdmin(Desk, UserAdmin):  # type: ignore[type-arg] # not generic when it runs
    seen_by = changed_by = added_by = removed_by = Role.ADMIN
    taken_along = "with their places, bookmarks, notes and lists"
    form = Standing
    change_password_form = NewPassword
    list_display = ("username", "role", "is_active", "highest_rating", "last_login", "created")
    list_filter = ("role", "is_active", "highest_rating")
    search_fields = ("username", "email")
    sortable_by = ("username", "last_login", "created")
    readonly_fields = ("last_login", "created", "updated", "access_version")
    actions = ("end_links",)
    fieldsets = (
        (None, {"fields": ("username", "password", "email")}),
        ("Standing", {"fields": ("role", "is_active", "highest_rating")}),
        ("Facts", {"fields": ("last_login", "access_version", "created", "updated")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "role", "highest_rating", "password1", "password2")}),
    )

    @override
    def save_model(
        self, request: HttpRequest, obj: User, form: "ModelForm[User]", change: bool
    ) -> None:
        if change:
            people.administer(obj, **{name: form.cleaned_data[name] for name in form.changed_data})
        else:
            people.add(obj)

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_needed = obj is not None and people.is_last_administrator(obj)
        return not is_needed and super().has_delete_permission(request, obj)

    @override
    def delete_model(self, request: HttpRequest, obj: User) -> None:
        people.remove(obj)

    @override
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        try:
            with transaction.atomic():
                for user in queryset:
                    people.remove(user)
        except Conflict as refused:
            self.message_user(request, refused.detail, messages.ERROR)

    @admin.action(description="End all signed links", permissions=["change"])
    def end_links(self, request: HttpRequest, users: QuerySet[User]) -> None:
        for user in users:
            people.end_links(user)
        self.message_user(request, "Their links have ended.", messages.SUCCESS)
