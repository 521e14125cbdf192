"""What the navigation shows: only pages that exist, the same links in the same order everywhere."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.module_loading import import_string

from kiremisu.accounts.models import User

type Count = Callable[[], int | None]


@dataclass(frozen=True, slots=True)
class Place:
    """A page in the navigation: its URL name, the word for it, its icon."""

    name: str
    word: str
    icon: str
    within: tuple[str, ...] = ()
    # The side navigation has a field for it.
    is_field: bool = False
    # On a phone it stands behind More: five places fit under a thumb.
    is_rare: bool = False
    for_curators: bool = False
    # How much is new there for who asks, asked when it is drawn; None for who awaits nothing.
    count: Count = lambda: None

    @property
    def url(self) -> str:
        return reverse(self.name)


MAIN = (
    Place("home", "Home", "home"),
    Place("library", "Library", "library", within=("series", "facts")),
    Place("search", "Search", "search", is_field=True),
    Place("watching", "Watching", "bell"),
    Place("lists", "Lists", "list", within=("list",), is_rare=True),
    Place("notes", "Notes", "note", is_rare=True),
    Place(
        *("review", "Match review", "match"),
        within=("accept-sure", "findings"),
        is_rare=True,
        for_curators=True,
    ),
    Place("activity", "Activity", "pulse", is_rare=True),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """For every template: `places` and `here`, the name of the place one is in."""
    match = request.resolver_match
    name = match.url_name if match else ""
    here = next((place.name for place in MAIN if name in {place.name, *place.within}), "")
    # A refusal may be drawn before it is known who asks.
    user = getattr(request, "user", None)
    curates = user is not None and user.is_authenticated and user.curates
    places = [place for place in MAIN if curates or not place.for_curators]
    if isinstance(user, User):
        places = [_counted(place, user) for place in places]
    return {"places": places, "here": here}


def _counted(place: Place, user: User) -> Place:
    if place.name not in settings.NAVIGATION_COUNTS:
        return place
    count = import_string(settings.NAVIGATION_COUNTS[place.name])
    # It is drawn twice.
    return replace(place, count=cache(partial(count, user)))
