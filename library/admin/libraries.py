"""Libraries on the curation desk, and whom they are open to."""

from collections.abc import Iterable, Sequence
from typing import Any, override

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest

from kiremisu.accounts.desk import Desk, asker
from kiremisu.accounts.models import Role
from library import curation, openings, scanning
from library.models import Access, Library


class AccessInline(admin.TabularInline):  # type: ignore[type-arg] # not generic at run time
    model = Access
    extra = 0
    autocomplete_fields = ("user",)


@admin.register(Library)
class LibraryAdmin(Desk):
    """Curators see that they are there and have them scanned; where they lie is not theirs to
    know."""

    changed_by = removed_by = Role.ADMIN
    taken_along = "with all series and chapters; its files stay"
    list_display = ("name", "root", "kind", "open_to_all", "scanned_at")
    list_filter = ("kind", "open_to_all")
    search_fields = ("name",)
    ordering = ("name", "id")
    fields = (
        *("name", "kind", "open_to_all", "fact_sources", "schedule", "root", "version"),
        *("scanned_at", "created", "updated"),
    )
    readonly_fields = ("root", "version", "scanned_at", "created", "updated")
    inlines = (AccessInline,)
    actions = ("scan",)

    @override
    def get_list_display(self, request: HttpRequest) -> Any:
        return self._shown(request, self.list_display)

    @override
    def get_fields(self, request: HttpRequest, obj: Library | None = None) -> Any:
        return self._shown(request, self.fields)

    def _shown(self, request: HttpRequest, names: Sequence[str]) -> list[str]:
        secret = () if asker(request).is_administrator else ("root",)
        return [name for name in names if name not in secret]

    def save_model(
        self,
        request: HttpRequest,
        obj: Library,
        form: Any,
        change: bool,
    ) -> None:
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        curation.change_library(obj, **changes)

    def delete_model(self, request: HttpRequest, obj: Library) -> None:
        curation.remove_library(obj)

    def delete_queryset(
        self,
        request: HttpRequest,
        queryset: QuerySet[Library],
    ) -> None:
        for library in queryset:
            curation.remove_library(library)

    def save_related(
        self,
        request: HttpRequest,
        form: "ModelForm[Library]",
        formsets: Iterable["BaseModelFormSet[Access, ModelForm[Access]]"],
        change: bool,
    ) -> None:
        before = openings.people_in(form.instance)
        super().save_related(request, form, formsets, change)
        openings.people_changed(form.instance, before)

    @admin.action(description="Scan the chosen libraries", permissions=["view"])
    def scan(self, request: HttpRequest, chosen: QuerySet[Library]) -> None:
        for library in chosen:
            scanning.request(library, asked_by=asker(request))
        self.message_user(request, "Asked for.")
