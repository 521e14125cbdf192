"""Making lists, changing them, throwing them away."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import transaction

from kiremisu.accounts.models import User
from kiremisu.lib.errors import FieldError, Forbidden, Invalid, Throttled
from kiremisu.lib.text import clean
from library import filters
from library.filters.language import placed
from reader.models import LISTS, List
from reader.models.lists import NAME
from reader.shapes import Sought


@transaction.atomic
def make(
    user: User, name: str, *, is_shared: bool = False, asked: object = None, sort: str = ""
) -> List:
    """A new list; a smart one when it has `asked`, a filter in decoded JSON, whose series come
    in the order `sort`. Raises Invalid, Throttled when there are too many."""
    made = List(user=user, name=_name(name), is_shared=is_shared)
    if asked is not None:
        made.kind = List.Kind.SMART
        made.sought = Sought(filter=_tree(user, asked), sort=sort or "title")
    elif sort:
        raise _by_hand("sort")
    # One after the other, so that two at once cannot pass the limit.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if List.objects.of(user).count() >= LISTS:
        raise Throttled(f"You have {LISTS} lists; throw one away first.", code="too_many_lists")
    made.save()
    return made


@transaction.atomic
def change(found: List, **changes: Any) -> List:
    """Change its `name`, `is_shared`, or what a smart one asks: `filter`, `sort`. What is not
    named stays. Raises Invalid."""
    known = List.objects.select_for_update(no_key=True).select_related("user").get(pk=found.pk)
    for name in changes.keys() & {"filter", "sort"}:
        if not known.is_smart:
            raise _by_hand(name)
    sought = known.sought
    if "filter" in changes:
        sought.filter = _tree(known.user, changes["filter"])
    sought.sort = changes.get("sort", sought.sort)
    if known.is_smart:
        known.sought = sought
    known.name = _name(changes.get("name", known.name))
    known.is_shared = changes.get("is_shared", known.is_shared)
    known.save()
    return known


def remove(found: List) -> None:
    """Throw it away. What it holds stays where it is."""
    found.delete()


def check_owner(user: User, found: List) -> None:
    """Raises Forbidden when the list is somebody else's."""
    if found.user_id != user.pk:
        raise Forbidden("Only whose list this is may change it.", code="not_yours")


def _name(name: str) -> str:
    tidy = clean(name)
    if not 1 <= len(tidy) <= NAME:
        wrong = FieldError("name", f"A list's name has 1 to {NAME} characters.")
        raise Invalid(wrong.message, errors=(wrong,))
    return tidy


def _by_hand(field: str) -> Invalid:
    wrong = FieldError(field, "A list made by hand finds nothing by itself.", "reading_list")
    return Invalid(wrong.message, errors=(wrong,))


def _tree(user: User, said: object) -> filters.Tree:
    """The filter, which asks for no smart list: so none ever asks for itself."""
    tree = filters.of_json(said)
    asked = dict(_lists_in(tree))
    kinds = dict(List.objects.visible_to(user).filter(pk__in=asked).values_list("pk", "kind"))
    wrong = tuple(
        FieldError(place, "There is no such list.", "unknown_list")
        if key not in kinds
        else FieldError(place, "A smart list may ask for reading lists only.", "smart_list")
        for key, place in asked.items()
        if kinds.get(key) != List.Kind.READING
    )
    if wrong:
        raise Invalid("The filter asks for lists that it cannot.", errors=wrong)
    return tree


def _lists_in(tree: filters.Tree) -> Iterator[tuple[UUID, str]]:
    """Which lists a filter asks for, each with its place."""
    for one, place in placed(tree, "filter"):
        if one.field == "list":
            values = one.value if isinstance(one.value, tuple) else (one.value,)
            yield from ((UUID(str(value)), f"{place}.value") for value in values)
