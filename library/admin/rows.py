"""What the lists of series, and of what hangs on them, have in common."""

from collections.abc import Sequence
from typing import Any, override

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from kiremisu.accounts.desk import Choice, Desk, OneOf, asker
from library import filters
from library.filters.language import Condition, Operator
from library.folding import folded
from library.models import Library, TitleForm

# So many series by a title are looked for, and so many libraries are named.
_TITLED, _LIBRARIES = 1000, 100


class ByLibrary(OneOf):
    """The libraries that whoever asks may open."""

    title = parameter_name = "library"
    column = "library"

    @override
    def choices_for(self, request: HttpRequest) -> Sequence[Choice]:
        here = Library.objects.visible_to(asker(request)).order_by("name", "id")[:_LIBRARIES]
        return [(str(one.pk), one.name, Q(**{self.column: one.pk})) for one in here]


class BySeriesLibrary(ByLibrary):
    column = "series__library"


class Asked(OneOf):
    """Choices that are questions of the API's filters, which settings' SERIES_FILTERS add to: by
    value, what it is called, and the field with what it has to be."""

    asked: Sequence[tuple[str, str, tuple[str, Operator, Any]]] = ()

    @override
    def choices_for(self, request: HttpRequest) -> Sequence[Choice]:
        user = asker(request)
        return [
            (name, word, filters.condition(user, Condition(field=field, op=how, value=value)))
            for name, word, (field, how, value) in self.asked
        ]


class OfSeries(Desk):
    """Rows that hang on series, found by any title of these."""

    # Names no column: Django shows the field for words where there are some.
    search_fields = ("series",)
    search_help_text = "Any of its series' titles"

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return (queryset.filter(self.found(search_term)) if search_term else queryset), False

    def found(self, words: str) -> Q:
        """Which rows are found by these words."""
        return Q(series__in=titled(words))


def titled(words: str) -> list[Any]:
    """The ids of series that have these words in a title, in whichever language."""
    form = folded(words)
    found = TitleForm.objects.filter(folded__contains=form) if form else TitleForm.objects.none()
    return list(found.order_by("series_id").values_list("series", flat=True).distinct()[:_TITLED])
