"""Filters of the desk's lists. Their choices are known beforehand: to ask a long list which values
it has takes as long as to read all of it."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, override

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

# By value, what it is called, and what it comes to.
type Choice = tuple[str, str, Any]


class OneOf(admin.SimpleListFilter):
    """A filter by conditions that have a word each."""

    conditions: Sequence[Choice] = ()

    def choices_for(self, request: HttpRequest) -> Sequence[Choice]:  # noqa: ARG002 - others ask
        """Its choices for whoever asks."""
        return self.conditions

    @override
    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        self._known = self.choices_for(request)
        return [(value, label) for value, label, _ in self._known]

    @override
    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = {value: condition for value, _, condition in self._known}
        condition = wanted.get(self.value() or "")
        return queryset if condition is None else queryset.filter(condition)


def among(
    column: str, choices: Iterable[tuple[str, str] | str], title: str = ""
) -> type[admin.SimpleListFilter]:
    """A filter by the values of a column, each a word or a value with its word."""
    pairs = [(one, one or "None") if isinstance(one, str) else one for one in choices]
    known = {
        "title": title or column.replace("_", " "),
        "parameter_name": column,
        "conditions": [(str(value), word, Q(**{column: value})) for value, word in pairs],
    }
    return type(f"By{column}", (OneOf,), known)


def since(column: str, title: str = "when") -> type[admin.SimpleListFilter]:
    """A filter by how long ago it was."""

    class Since(OneOf):
        parameter_name = "since"

        @override
        def choices_for(self, request: HttpRequest) -> Sequence[Choice]:
            now = timezone.now()
            return [
                (str(days), word, Q(**{f"{column}__gte": now - timedelta(days=days)}))
                for days, word in ((1, "Last 24 hours"), (7, "Last 7 days"), (30, "Last 30 days"))
            ]

    Since.title = title
    return Since
