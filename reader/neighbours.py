"""What comes before and after a chapter, and what is missing between."""

import math
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

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
        gap=gap_between(chapter, after) if after else "",
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


def gap_between(chapter: Chapter, after: Chapter) -> str:
    """What is not in the files between two chapters, as a sentence; empty if nothing is."""
    if chapter.special or after.special:
        return ""
    if chapter.number and after.number:
        return _gap("Chapter", chapter.number, after.number)
    if chapter.volume and after.volume and not (chapter.number or after.number):
        return _gap("Volume", chapter.volume, after.volume)
    return ""


def _gap(what: str, here: str, then: str) -> str:
    last, first = _number(here.rpartition("-")[2]), _number(then.partition("-")[0])
    if last is None or first is None:
        return ""
    lost = range(int(last) + 1, math.ceil(first))
    if not lost:
        return ""
    if len(lost) == 1:
        return f"{what} {lost[0]} is missing, next is {then}."
    return f"{what}s {lost[0]} to {lost[-1]} are missing, next is {then}."


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def change_of_group(chapter: Chapter, after: Chapter) -> str:
    if not after.group or not chapter.group or chapter.group == after.group:
        return ""
    return f"The next chapter is by {after.group}."
