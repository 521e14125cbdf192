"""Tags, genres and people on the curation desk."""

from typing import Any, override

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from kiremisu.accounts.desk import Desk
from kiremisu.accounts.models import Role
from kiremisu.lib.text import words
from library import labelling
from library.models import Person, Tag


class _LabelAdmin(Desk):
    """Spelt otherwise everywhere at once: by administrators, because it concerns libraries that
    others may not see."""

    changed_by = Role.ADMIN
    search_fields = ("folded",)
    search_help_text = "In the name, in any spelling"
    ordering = ("folded", "id")

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        for word in words(search_term):
            queryset = queryset.filter(folded__contains=word)
        return queryset, False

    def save_model(
        self,
        request: HttpRequest,
        obj: Tag | Person,
        form: Any,
        change: bool,
    ) -> None:
        labelling.rename(obj, obj.name)


@admin.register(Tag)
class TagAdmin(_LabelAdmin):
    list_display = ("name", "kind", "created")
    list_filter = ("kind",)
    readonly_fields = ("kind", "created", "updated")


@admin.register(Person)
class PersonAdmin(_LabelAdmin):
    list_display = ("name", "created")
    readonly_fields = ("created", "updated")
