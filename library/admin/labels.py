"""Tags, genres and people on the curation desk."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from library import labelling
from library.admin.rows import Made
from library.models import Person, Tag


class _LabelAdmin(Made, admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    search_fields = ("name", "folded")
    readonly_fields = ("created", "updated")

    def save_model(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: Tag | Person,
        form: Any,  # noqa: ARG002
        change: bool,  # noqa: ARG002
    ) -> None:
        labelling.rename(obj, obj.name)


@admin.register(Tag)
class TagAdmin(_LabelAdmin):
    list_display = ("name", "kind", "created")
    list_filter = ("kind",)
    readonly_fields = ("kind", "created", "updated")  # type: ignore[assignment] # one more


@admin.register(Person)
class PersonAdmin(_LabelAdmin):
    list_display = ("name", "created")
