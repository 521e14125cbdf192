"""What stands in a reading list: putting it there, moving it, noting something about it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max

from kiremisu.lib.errors import Conflict, FieldError, Invalid, Throttled
from kiremisu.lib.text import clean
from library.models import Chapter, Series
from reader.models import ENTRIES, NOTE, List, ListEntry, ListEntryQuery


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in a list: before or after one of its entries, or as which (from 1) of those that
    its owner sees. At the end when nothing is said, and past it."""

    before: UUID | None = None
    after: UUID | None = None
    position: int | None = None


END = Spot()


@transaction.atomic
def put(found: List, about: Series | Chapter, note: str = "", spot: Spot = END) -> ListEntry:
    """A new entry. Raises Conflict when it is there already, or the list is a smart one;
    Throttled when it is full; Invalid."""
    said = _note(note)
    _hold(found)
    if _of(found, about).exists():
        raise Conflict("This is in the list already.", code="listed_already")
    return _added(found, about, said, spot)


@transaction.atomic
def include(found: List, about: Series | Chapter) -> ListEntry | None:
    """Put it at the end, unless it is there; the new entry. Raises Conflict, Throttled likewise."""
    _hold(found)
    return None if _of(found, about).exists() else _added(found, about, "", END)


@transaction.atomic
def leave_out(found: List, about: Series | Chapter) -> tuple[Spot, str] | None:
    """Take it off; where it stood and what was noted about it, if it was there."""
    entry = _of(found, about).select_for_update().first()
    if entry is None:
        return None
    others = ListEntry.objects.visible_to(found.user).filter(list=found, place__lt=entry.place)
    spot = Spot(position=others.count() + 1)
    entry.delete()
    return spot, entry.note


@transaction.atomic
def change(entry: ListEntry, *, spot: Spot | None = None, **changes: Any) -> ListEntry:
    """Move it, or change its `note`; what is not named stays. Raises Invalid."""
    _hold(entry.list)
    if "note" in changes:
        entry.note = _note(changes["note"])
    if spot is not None:
        entry.place = _room(entry.list, spot, entry)
    # Only what was named, so that another device's change of the rest is not lost.
    entry.save(update_fields=[*changes, *(["place"] if spot else []), "updated"])
    return entry


def take_off(entry: ListEntry) -> None:
    entry.delete()


def act(entry: ListEntry, wanted: str, note: str = "") -> None:
    """Do with it what a button says: move it "first", "earlier" or "later", take it "off", or
    keep the "note". Raises Invalid for any other wish."""
    match wanted:
        case "first":
            change(entry, spot=Spot(position=1))
        case "earlier" | "later":
            _step(entry, back=wanted == "earlier")
        case "off":
            take_off(entry)
        case "note":
            change(entry, note=note)
        case _:
            raise Invalid(f"An entry is moved first, earlier or later, not {wanted!r}.")


def _step(entry: ListEntry, *, back: bool) -> None:
    """Past the entry beside it that its owner sees; the first and the last stay."""
    others = ListEntry.objects.visible_to(entry.list.user).filter(list=entry.list_id)
    if back:
        beside = others.filter(place__lt=entry.place).in_order().last()
    else:
        beside = others.filter(place__gt=entry.place).in_order().first()
    if beside is not None:
        change(entry, spot=Spot(before=beside.pk) if back else Spot(after=beside.pk))


def _of(found: List, about: Series | Chapter) -> ListEntryQuery:
    inside = ListEntry.objects.filter(list=found)
    if isinstance(about, Series):
        return inside.filter(series=about)
    return inside.filter(chapter=about)


def _hold(found: List) -> None:
    """Whoever changes what stands in it does so alone, until the end of the transaction."""
    List.objects.select_for_update(no_key=True).get(pk=found.pk)
    if found.is_smart:
        raise Conflict("A smart list holds what its filter finds.", code="smart_list")


def _added(found: List, about: Series | Chapter, note: str, spot: Spot) -> ListEntry:
    if ListEntry.objects.filter(list=found).count() >= ENTRIES:
        raise Throttled(f"A list holds {ENTRIES:,} entries at most.", code="list_full")
    entry = ListEntry(list=found, place=_room(found, spot), note=note)
    if isinstance(about, Series):
        entry.series = about
    else:
        entry.chapter = about
    entry.save()
    return entry


def _room(found: List, spot: Spot, moved: ListEntry | None = None) -> int:
    """The place to take, with room made there."""
    entries = ListEntry.objects.filter(list=found)
    others = entries.visible_to(found.user).in_order()
    if moved is not None:
        others = others.exclude(pk=moved.pk)
    follower: ListEntry | None = None
    if spot.after is not None:
        place = _neighbour(others, spot.after, "after").place + 1
    elif spot.before is not None:
        place = _neighbour(others, spot.before, "before").place
    elif spot.position is not None and (follower := _nth(others, spot.position)):
        place = follower.place
    else:
        last = entries.aggregate(last=Max("place"))["last"]
        place = 0 if last is None else last + 1
    entries.filter(place__gte=place).update(place=F("place") + 1)
    return place


def _neighbour(others: ListEntryQuery, key: UUID, field: str) -> ListEntry:
    found = others.filter(pk=key).first()
    if found is None:
        wrong = FieldError(field, "There is no such other entry in this list.", "unknown_entry")
        raise Invalid(wrong.message, errors=(wrong,))
    return found


def _nth(others: ListEntryQuery, number: int) -> ListEntry | None:
    return next(iter(others[number - 1 : number]), None)


def _note(text: str) -> str:
    said = clean(text.replace("\r\n", "\n"))
    if len(said) > NOTE:
        wrong = FieldError("note", f"A note has at most {NOTE:,} characters.")
        raise Invalid(wrong.message, errors=(wrong,))
    return said
