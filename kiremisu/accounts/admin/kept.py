"""What was done, and the secrets of other services, on the curation desk."""

from typing import Any, override

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.forms import CharField, ChoiceField, ModelForm, PasswordInput
from django.http import HttpRequest

from kiremisu.accounts import vault
from kiremisu.accounts.desk import Desk, latest, since
from kiremisu.accounts.models import AuditEntry, Role, Secret


@admin.register(AuditEntry)
class AuditAdmin(Desk):
    """To look at; the database would refuse anything else."""

    seen_by = Role.ADMIN
    list_display = ("created", "act", "about_name", "who_name", "address", "told")
    list_filter = (since("created"),)
    search_fields = ("act", "about_name", "who_name", "address", "request_id")
    search_help_text = "Of the last 10,000: what, who, whence, or a request"
    ordering = ("-id",)
    fields = (
        *("created", "act", "about_name", "about", "who_name", "who", "address", "told"),
        "request_id",
    )

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found = latest(queryset) if search_term else queryset
        return super().get_search_results(request, found, search_term)

    @admin.display(description="changed")
    def told(self, entry: AuditEntry) -> str:
        fields = entry.changes.fields
        return "; ".join(f"{each.field}: {each.before} → {each.after}" for each in fields)


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
class SecretAdmin(Desk):
    seen_by = changed_by = added_by = removed_by = Role.ADMIN
    form = SecretForm
    list_display = ("name", "updated")

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
