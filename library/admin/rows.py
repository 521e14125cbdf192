"""What the lists of the curation desk have in common."""

from functools import cached_property
from typing import Any, override

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from library.folding import folded
from library.models import TitleForm

# Rows that are counted and can be paged to: a million would take seconds.
MOST = 10_000
# So many series by a title are looked for.
_TITLED = 1000


class Made:
    """Rows that scans, jobs and people's acts make: nobody adds or removes them by hand."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        return False


class Looked(Made):
    """Rows that are only looked at."""

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        return False


class First(Paginator):  # type: ignore[type-arg] # not generic at run time
    """The first rows of a long list; narrow it to see others."""

    @cached_property
    @override
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:MOST].count())


class OneOf(admin.SimpleListFilter):
    """A filter by conditions that have a word each: `choices` by value, label and condition."""

    conditions: tuple[tuple[str, str, Any], ...] = ()

    @override
    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, label) for value, label, _ in self.conditions]

    @override
    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = {value: condition for value, _, condition in self.conditions}
        condition = wanted.get(self.value() or "")
        return queryset if condition is None else queryset.filter(condition)


def titled(words: str) -> list[Any]:
    """The ids of series that have these words in a title, in whichever language."""
    form = folded(words)
    found = TitleForm.objects.filter(folded__contains=form) if form else TitleForm.objects.none()
    return list(found.order_by("series_id").values_list("series", flat=True).distinct()[:_TITLED])
