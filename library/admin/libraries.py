"""Libraries on the curation desk, and whom they are open to."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest

from library import curation, openings, scanning
from library.models import Access, Library


class AccessInline(admin.TabularInline):  # type: ignore[type-arg] # not generic at run time
    model = Access
    extra = 0
    autocomplete_fields = ("user",)


@admin.register(Library)
class LibraryAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    list_display = ("name", "root", "kind", "open_to_all", "scanned_at")
    list_filter = ("kind", "open_to_all")
    search_fields = ("name", "root")
    readonly_fields = ("root", "version", "scanned_at", "created", "updated")
    inlines = (AccessInline,)
    actions = ("scan",)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def save_model(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: Library,
        form: Any,
        change: bool,  # noqa: ARG002
    ) -> None:
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        curation.change_library(obj, **changes)

    def delete_model(self, request: HttpRequest, obj: Library) -> None:  # noqa: ARG002
        curation.remove_library(obj)

    def delete_queryset(
        self,
        request: HttpRequest,  # noqa: ARG002
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

    @admin.action(description="Scan the chosen libraries")
    def scan(self, request: HttpRequest, chosen: QuerySet[Library]) -> None:
        for library in chosen:
            scanning.request(library, asked_by=request.user)  # type: ignore[arg-type] # signed in
        self.message_user(request, "Asked for.")
