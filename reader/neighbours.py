"""What comes before and after a chapter, and what is missing between."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import groupby

from django.db.models import Q

from kiremisu.accounts.models import User
from library.models import NO_NUMBER, NO_VOLUME, Chapter, ChapterQuery

# Files of one chapter by different groups that are looked at.
TWINS = 20


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The chapters around one, and sentences about the step to the next one."""

    previous: Chapter | None
    next: Chapter | None
    gap: str = ""
    group: str = ""


def neighbours(user: User, chapter: Chapter) -> Neighbours:
    """The readable chapters of the series before and after this one, as one reads them."""
    visible = Chapter.objects.visible_to(user)
    after = following(chapter, visible)
    return Neighbours(
        previous=preceding(chapter, visible),
        next=after,
        gap=_gap_to(chapter, after, visible) if after else "",
        group=change_of_group(chapter, after) if after else "",
    )


def following(chapter: Chapter, among: ChapterQuery) -> Chapter | None:
    """The next readable chapter of the series; of several with its number, the same group's."""
    return _beside(chapter, among, "gt")


def preceding(chapter: Chapter, among: ChapterQuery) -> Chapter | None:
    return _beside(chapter, among, "lt")


def _beside(chapter: Chapter, among: ChapterQuery, way: str) -> Chapter | None:
    place = {"special": chapter.special, "volume_order": chapter.volume_order}
    beyond = (
        Q(**{f"special__{way}": chapter.special})
        | Q(special=chapter.special, **{f"volume_order__{way}": chapter.volume_order})
        | Q(**place, **{f"number_order__{way}": chapter.number_order})
    )
    if not _is_numbered(chapter):
        place["number_order"] = chapter.number_order
        beyond |= Q(**place, **{f"path__{way}": chapter.path})
    found = among.readable().filter(beyond, series=chapter.series_id).in_order()
    near = list((found if way == "gt" else found.reverse())[:TWINS])
    twins = [c for c in near if _place(c) == _place(near[0]) and _is_numbered(c)] or near[:1]
    return next((c for c in twins if c.group == chapter.group), next(iter(twins), None))


def _is_numbered(chapter: Chapter) -> bool:
    """Several files with its number are the same chapter by different groups."""
    nameless = chapter.number_order == NO_NUMBER and chapter.volume_order == NO_VOLUME
    return not (chapter.special or nameless)


def _place(chapter: Chapter) -> tuple[bool, Decimal, Decimal]:
    return chapter.special, chapter.volume_order, chapter.number_order


def gap_between(chapter: Chapter, after: Chapter, unreadable: Iterable[Chapter] = ()) -> str:
    """What is not in the files between two chapters, or cannot be read, as a sentence; empty if
    nothing is."""
    if chapter.special or after.special:
        return ""
    if chapter.number and after.number:
        broken = (one.number for one in unreadable)
        return _gap("chapter", chapter.number, after.number, broken)
    if chapter.volume and after.volume and not (chapter.number or after.number):
        broken = (one.volume for one in unreadable if not one.number)
        return _gap("volume", chapter.volume, after.volume, broken)
    return ""


def _gap_to(chapter: Chapter, after: Chapter, visible: ChapterQuery) -> str:
    """The gap before the next readable chapter, told from what is there and cannot be read."""
    if not gap_between(chapter, after):
        return ""
    volumes = (chapter.volume_order, after.volume_order)
    here = visible.filter(series=chapter.series_id, special=False, volume_order__range=volumes)
    return gap_between(chapter, after, here.filter(content=None, missing_since=None))


def _gap(what: str, here: str, then: str, broken: Iterable[str]) -> str:
    last, first = _number(here.rpartition("-")[2]), _number(then.partition("-")[0])
    if last is None or first is None:
        return ""
    between = range(int(last) + 1, math.ceil(first))
    there = {number for text in broken for number in _whole(text)}
    lost = [number for number in between if number not in there]
    torn = [number for number in between if number in there]
    told = [f"{_named(what, lost)} {'is' if len(lost) == 1 else 'are'} missing"] if lost else []
    told += [f"{_named(what, torn)} cannot be read"] if torn else []
    said = " and ".join(told)
    return f"{said[0].upper()}{said[1:]}, next is {then}." if said else ""


def _whole(text: str) -> range:
    """The whole numbers that a number stands for: 6 for "6", 6 and 7 for "6-7"."""
    first, last = _number(text.partition("-")[0]), _number(text.rpartition("-")[2])
    if first is None or last is None:
        return range(0)
    return range(math.ceil(first), int(last) + 1)


def _named(what: str, numbers: Sequence[int]) -> str:
    """ "chapter 3", "chapters 3 to 5, 7 and 9"."""
    *before, last = _runs(numbers)
    listed = f"{', '.join(before)} and {last}" if before else last
    return f"{what}{'' if len(numbers) == 1 else 's'} {listed}"


def _runs(numbers: Sequence[int]) -> Iterator[str]:
    for _, run in groupby(enumerate(numbers), lambda at: at[1] - at[0]):
        first, *rest = (number for _, number in run)
        yield f"{first} to {rest[-1]}" if rest else str(first)


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def change_of_group(chapter: Chapter, after: Chapter) -> str:
    if not after.group or not chapter.group or chapter.group == after.group:
        return ""
    return f"The next chapter is by {after.group}."
