"""Lists of any length: first which rows a page shows, then these; and no more than some are
counted or passed over."""

from typing import Any, override

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ORDER_VAR, PAGE_VAR, ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

# Rows that are counted, and that one may page through from either end: a million would take
# seconds.
MOST = 10_000


class Listing(ChangeList):
    """The pages of a list. Where there are more rows than are counted, pages are numbered from
    both ends: the last one is -1."""

    is_long = False
    # A Desk, which has what it is asked for here.
    model_admin: Any

    @override
    def get_results(self, request: HttpRequest) -> None:
        keys: Any = self.queryset.values_list("pk", flat=True)
        counted = keys.order_by()[: MOST + 1].count()
        self.is_long = counted > MOST
        self.result_count = min(counted, MOST)
        self.paginator = Paginator(range(self.result_count), self.list_per_page)
        self.can_show_all = counted <= self.list_max_show_all
        self.multi_page = counted > self.list_per_page
        # How many there are without the filters is not counted.
        is_whole = not (self.query or self.has_active_filters)
        self.show_full_result_count = False
        self.full_result_count = self.result_count if is_whole else None
        self.show_admin_actions = True
        self.result_list: Any = self._rows(self._keys(keys))
        self.model_admin.dress(request, self.result_list)

    def _keys(self, keys: Any) -> list[Any]:
        """Of the rows of this page, in their order."""
        if not self.multi_page or (self.show_all and self.can_show_all):
            return list(keys[: self.list_max_show_all])
        last = self.paginator.num_pages
        if not (1 <= self.page_num <= last or (self.is_long and -last <= self.page_num <= -1)):
            raise IncorrectLookupParameters
        start = (abs(self.page_num) - 1) * self.list_per_page
        here = slice(start, start + self.list_per_page)
        if self.page_num > 0:
            return list(keys[here])
        return list(reversed(keys.reverse()[here]))

    def _rows(self, keys: list[Any]) -> list[Any]:
        # By the keys alone: whoever asks may see these.
        rows: QuerySet[Any] = self.model._default_manager.filter(pk__in=keys)
        found = {row.pk: row for row in self.apply_select_related(self.model_admin.narrow(rows))}
        return [found[key] for key in keys if key in found]

    @override
    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """By one column that may be sorted by, or as the list is by itself. Each has an index."""
        asked = self.params.get(ORDER_VAR, "")
        place = asked.removeprefix("-")
        if place.isdecimal() and int(place) < len(self.list_display):
            name = self.list_display[int(place)]
            field = self.get_ordering_field(name)
            if field and name in self.model_admin.get_sortable_by(request):
                return [f"-{field}", "-pk"] if asked.startswith("-") else [field, "pk"]
        self.params.pop(ORDER_VAR, None)
        return self.model_admin.get_ordering(request) or self.lookup_opts.ordering or ["-pk"]

    @property
    def pages(self) -> list[tuple[str, str]]:
        """The pages that are linked to, what each is called and its query: by numbers in a short
        list; in a long one its ends, and what lies beside this one, which has no query."""
        linked = self._beside() if self.is_long else self._numbered()
        return [
            (name, self.get_query_string({PAGE_VAR: page}) if page else "") for name, page in linked
        ]

    def _numbered(self) -> list[tuple[str, int]]:
        shown = self.paginator.get_elided_page_range(self.page_num)
        return [(str(n), n if isinstance(n, int) and n != self.page_num else 0) for n in shown]

    def _beside(self) -> list[tuple[str, int]]:
        last, here = self.paginator.num_pages, self.page_num
        from_end = "The last page" if here == -1 else f"Page {-here} from the end"
        found = [(f"Page {here}" if here > 0 else from_end, 0)]
        if here not in (1, -last):
            found.insert(0, ("Before", here - 1))
        if here not in (-1, last):
            found.append(("After", here + 1))
        ends = [("First", 1)] if here != 1 else []
        return [*ends, *found, *([("Last", -1)] if here != -1 else [])]
