"""Who the names in brackets are: scanlation group, artist, event or the work parodied."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from library.names.anatomy import Anatomy
from library.names.brackets import NAME, SOURCE, YEAR, Bracket
from library.names.marks import Mark
from library.names.stretches import Stretch
from library.names.words import GROUP_WORDS


@dataclass(slots=True)
class Cast:
    """The group, the title if it is not the group's name, and the role of each bracket.

    `labels` are by the bracket's start; `credit` is a group named outside brackets.
    """

    group: str | None = None
    title: Stretch | None = None
    credit: Stretch | None = None
    labels: dict[int, str] = field(default_factory=dict)


def assign_names(
    anatomy: Anatomy, marks: Sequence[Mark], series: Stretch | None, title: Stretch | None
) -> Cast:
    """Give every named bracket its role. The place decides, for the words cannot."""
    cast = Cast(title=title)
    named = [bracket for bracket in anatomy.brackets if bracket.label == NAME]
    text = series or title
    opening = text.start if text else len(anatomy.name)
    leads = [bracket for bracket in named if bracket.segment.end <= opening]
    trails = [bracket for bracket in named if bracket.segment.start >= opening]
    group = (
        _of_numbered(leads, trails, marks[0].start)
        if marks
        else _of_single(anatomy.brackets, leads, trails)
    )
    _label(cast, leads, trails, numbered=bool(marks))
    if group:
        cast.group = group.value
        cast.labels[group.segment.start] = "group"
    elif title and title is not series and _is_group(title.text):
        cast.group, cast.credit, cast.title = title.text, title, None
    return cast


def _is_group(text: str) -> bool:
    return text.rsplit(maxsplit=1)[-1].casefold() in GROUP_WORDS


def _of_numbered(
    leads: Sequence[Bracket], trails: Sequence[Bracket], first_mark: int
) -> Bracket | None:
    """[Group] Title 01 · Title 01 [Group] · Title 01 (2019) (Digital) (Group)."""
    squares = [bracket for bracket in trails if bracket.segment.bracket == "["]
    rounds = [
        bracket
        for bracket in trails
        if bracket.segment.start > first_mark and bracket.segment.bracket == "("
    ]
    found = squares or leads or rounds
    return found[-1] if found else None


def _of_single(
    brackets: Sequence[Bracket], leads: Sequence[Bracket], trails: Sequence[Bracket]
) -> Bracket | None:
    """(Event) [Artist] Title (Work) [Group] · Title (2016-2019) (Digital) (Group)."""
    squares = [bracket for bracket in trails if bracket.segment.bracket == "["]
    if squares:
        return squares[-1]
    released = any(bracket.label in (YEAR, SOURCE) for bracket in brackets)
    return trails[-1] if trails and released and not leads else None


def _label(
    cast: Cast, leads: Sequence[Bracket], trails: Sequence[Bracket], *, numbered: bool
) -> None:
    """What the brackets are that name no group."""
    for bracket in leads:
        event = bracket.segment.bracket == "(" and len(leads) > 1
        cast.labels[bracket.segment.start] = "event" if event else "artist"
    for bracket in trails:
        work = bracket.segment.bracket == "(" and bool(leads) and not numbered
        cast.labels[bracket.segment.start] = "work" if work else "note"
