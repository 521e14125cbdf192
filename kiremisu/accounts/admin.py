"""People on the curation desk: their role, whether they may come in, their password."""

from typing import Any, override

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.forms import CharField, ChoiceField, ModelForm, PasswordInput
from django.http import HttpRequest

from kiremisu.accounts import people, vault
from kiremisu.accounts.forms import DeskSignInForm
from kiremisu.accounts.models import AuditEntry, Role, Secret, User
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
class PersonAdmin(UserAdmin):  # type: ignore[type-arg] # not generic when it runs
    form = Standing
    change_password_form = NewPassword
    list_display = ["username", "role", "is_active", "highest_rating", "last_login", "created"]
    list_filter = ["role", "is_active", "highest_rating"]
    search_fields = ["username", "email"]
    readonly_fields = ["last_login", "created", "updated", "access_version"]
    actions = ["end_links"]
    fieldsets = [
        (None, {"fields": ["username", "password", "email"]}),
        ("Standing", {"fields": ["role", "is_active", "highest_rating"]}),
        ("Facts", {"fields": ["last_login", "access_version", "created", "updated"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "role", "highest_rating", "password1", "password2"]})
    ]

    @override
    def save_model(
        self, request: HttpRequest, obj: User, form: "ModelForm[User]", change: bool
    ) -> None:
        if change:
            people.administer(obj, **{name: form.cleaned_data[name] for name in form.changed_data})
        else:
            people.add(obj)

    @override
    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
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


@admin.register(AuditEntry)
class AuditAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic when it runs
    """To look at; the database would refuse anything else."""

    list_display = ["created", "act", "about_name", "who_name", "address", "told"]
    list_filter = ["act"]
    search_fields = ["about_name", "who_name", "address", "request_id"]
    date_hierarchy = "created"
    show_full_result_count = False
    fields = ["created", "act", "about_name", "about", "who_name", "who", "address", "told"]
    fields += ["request_id"]

    @admin.display(description="changed")
    def told(self, entry: AuditEntry) -> str:
        fields = entry.changes.fields
        return "; ".join(f"{each.field}: {each.before} → {each.after}" for each in fields)

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False

    @override
    def has_delete_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False


# As wide as other fields, and no browser fills it with a password it knows.
_UNSEEN = {"class": "vTextField", "autocomplete": "new-password"}


class SecretForm(ModelForm):  # type: ignore[type-arg] # not generic when it runs
    """A new value; the one there is, is never shown."""

    value = CharField(max_length=4096, strip=False, widget=PasswordInput(_UNSEEN))

    class Meta:
        model = Secret
        fields = ("name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "name" in self.fields:
            self.fields["name"] = ChoiceField(choices=sorted(settings.SECRETS.items()))


@admin.register(Secret)
class SecretAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic when it runs
    form = SecretForm
    list_display = ["name", "updated"]

    @override
    def get_readonly_fields(self, request: HttpRequest, obj: Secret | None = None) -> list[str]:
        return ["name", "updated"] if obj else []

    @override
    def save_model(
        self, request: HttpRequest, obj: Secret, form: "ModelForm[Secret]", change: bool
    ) -> None:
        obj.pk = vault.put(obj.name, form.cleaned_data["value"]).pk

    @override
    def delete_model(self, request: HttpRequest, obj: Secret) -> None:
        vault.remove(obj.name)

    @override
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Secret]) -> None:
        for secret in queryset:
            vault.remove(secret.name)


# Roles say what a person may do; Django's groups are not used.
admin.site.unregister(Group)
# Its door counts wrong passwords as every other.
admin.site.login_form = DeskSignInForm
