"""The library page: which series are asked for, in which order, and what their cards say."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, Self, get_args
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from kiremisu.accounts.models import User
from kiremisu.lib.cursors import Deep
from kiremisu.lib.text import clean
from library import browsing, sorting
from library.filters import Tree
from library.filters.language import And, Condition, Operator
from library.models import Library, Series
from library.models.labels import PERSON, TAG
from reader.cards import Card, cards

# How many series one answer brings; the next ones come when the last is seen.
PER_PAGE = 60

# What one may choose to sort by, and which order of series that is.
SORTS: Mapping[str, str] = {
    "read": "Last read",
    "added": "Last added",
    "title": "Title",
    "unread": "Most unread",
    "random": "Random",
}
_ORDERS = {"read": "-read", "added": "-added", "title": "title", "unread": "-unread"}

View = Literal["covers", "table"]
# What may be asked for by name, and the letters of such a name.
NAMED = {"genre": TAG, "tag": TAG, "person": PERSON}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. Nonsense is read as not said."""

    search: str = ""
    unread: bool = False
    library: UUID | None = None
    genre: str = ""
    tag: str = ""
    person: str = ""
    sort: str = "read"
    seed: str = ""
    view: str = "covers"
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        sort, view, page = (query.get(name, "") for name in ("sort", "view", "page"))
        return cls(
            search=clean(query.get("search", ""), 200),
            unread=query.get("unread") == "any",
            library=_uuid(query.get("library", "")),
            **{name: clean(query.get(name, ""), most) for name, most in NAMED.items()},
            sort=sort if sort in SORTS else "read",
            seed=clean(query.get("seed", ""), 20),
            view=view if view in get_args(View) else "covers",
            page=int(page) if page.isdecimal() and len(page) < 7 else 1,
        )

    @property
    def is_narrowed(self) -> bool:
        """Something is asked for that may leave series out."""
        return bool(self.search or self.trees)

    @property
    def named(self) -> dict[str, str]:
        """Which genre, tag and person are asked for, if any."""
        return {name: value for name in NAMED if (value := getattr(self, name))}

    @property
    def trees(self) -> list[Tree]:
        """What is asked for besides the title, in the language of filters."""
        trees: list[Tree] = []
        if self.library:
            trees.append(Condition(field="library", value=str(self.library)))
        if self.unread:
            trees.append(Condition(field="unread", op=Operator.MORE, value=0))
        return trees + [Condition(field=name, value=value) for name, value in self.named.items()]

    @property
    def tree(self) -> Tree:
        """All that is asked for, as a smart list keeps it."""
        titled = Condition(field="title", op=Operator.CONTAINS, value=self.search)
        parts = [*self.trees, titled] if self.search else self.trees
        return And.model_validate({"and": parts})

    @property
    def order(self) -> str:
        """The order of series that is meant."""
        return _ORDERS.get(self.sort, self.sort)

    def address(self, **changes: Any) -> str:
        """The address of this listing with some things changed, from its first page on."""
        asked = replace(self, **{"page": 1, **changes})
        said = {
            "search": asked.search,
            "unread": "any" if asked.unread else "",
            "library": str(asked.library or ""),
            **asked.named,
            "sort": asked.sort if asked.sort != "read" else "",
            "seed": asked.seed if asked.sort == "random" else "",
            "view": asked.view if asked.view != "covers" else "",
            "page": asked.page if asked.page > 1 else "",
        }
        query = urlencode({name: value for name, value in said.items() if value})
        return reverse("library") + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter or an order one may choose, or take back when `is_on`: a link."""

    words: str
    address: str
    is_on: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the library, with all that may be chosen about it."""

    asked: Asked
    cards: list[Card]
    total: int
    libraries: list[Library]

    @property
    def next_address(self) -> str:
        if self.asked.page * PER_PAGE >= self.total:
            return ""
        return self.asked.address(page=self.asked.page + 1)

    @property
    def filters(self) -> list[Choice]:
        """Those in force first leave, the others come."""
        asked = self.asked
        found = [Choice("Unread", asked.address(unread=not asked.unread), asked.unread)]
        if len(self.libraries) > 1:
            for library in self.libraries:
                is_on = asked.library == library.pk
                wanted = None if is_on else library.pk
                found.append(Choice(library.name, asked.address(library=wanted), is_on))
        for name, value in asked.named.items():
            found.append(Choice(f"{name.capitalize()} {value}", asked.address(**{name: ""}), True))
        return found

    @property
    def sorts(self) -> list[Choice]:
        return [
            Choice(words, self.asked.address(sort=sort, seed=_seed(sort)), sort == self.asked.sort)
            for sort, words in SORTS.items()
        ]

    @property
    def sort_words(self) -> str:
        return SORTS[self.asked.sort]

    @property
    def covers_address(self) -> str:
        return self.asked.address(view="covers")

    @property
    def table_address(self) -> str:
        return self.asked.address(view="table")

    @property
    def without_search(self) -> str:
        return self.asked.address(search="")


def listing(user: User, asked: Asked) -> Listing:
    """What the library page shows; past the end one sees the last page."""
    libraries = list(Library.objects.visible_to(user).order_by("name", "id"))
    found = browsing.matching(user, asked.search, asked.trees)
    total = browsing.count(user, asked.search, asked.trees, found)
    page = max(1, min(asked.page, -(-total // PER_PAGE)))
    found = browsing.searched(found, asked.search, total)
    ordered = sorting.ordered(found, user, asked.order, asked.seed)
    shown = cards(user, one_page(ordered, page, total))
    return Listing(replace(asked, page=page), shown, total, libraries)


def one_page(ordered: sorting.Ordered, page: int, total: int = 0) -> list[Series]:
    """The series of one page, with what their covers need; `total` where it is known."""
    wanted = Deep(page=page, per_page=PER_PAGE, cursor="")
    walked = browsing.part(ordered, wanted, "id", total=total)
    ids = [row["id"] for row in walked.rows]
    known = Series.objects.select_related("cover", "library").in_bulk(ids)
    return [known[series_id] for series_id in ids if series_id in known]


def _seed(sort: str) -> str:
    return secrets.token_hex(3) if sort == "random" else ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
