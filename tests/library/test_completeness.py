"""What is here, what is missing, what is here twice: by a table."""

import time
from dataclasses import dataclass, field

import pytest

from library.completeness import ONESHOT, Completeness, complete
from library.holding import Known, Piece

pytestmark = pytest.mark.quick


def files(*names: str) -> list[Piece]:
    """ "v3" a volume, "12" a chapter, "v3 12" both; "!" before a special, "@fr" a variant."""
    return [_file(name) for name in names]


def _file(name: str) -> Piece:
    words = name.lstrip("!").split()
    told = {"v": "", "": "", "@": ""}
    for word in words:
        told[word[0] if word[0] in "v@" else ""] = word.lstrip("v@")
    return Piece(told["v"], told[""], name.startswith("!"), (told["@"],) if told["@"] else ())


def listed(**volumes: str) -> list[Known]:
    """Chapters by volume: v1="1 2 3"; `loose` have none, "-" stands for one without a number."""
    return [
        Known(volume.removeprefix("v") if volume != "loose" else "", number.strip("-"))
        for volume, numbers in volumes.items()
        for number in numbers.split()
    ]


@dataclass
class Case:
    own: list[Piece]
    known: list[Known] = field(default_factory=list)
    ends: tuple[str, str] = ("", "")  # last chapter, last volume
    owned: str = ""
    missing: str = ""
    twice: str = ""
    volumes: str = ""
    volumes_missing: str = ""
    volumes_twice: str = ""
    special: int = 0


TWELVE = listed(v1="1 2 3 4", v2="5 6 7 8", v3="9 10 11 12")
RESTART = listed(v1="1 2 3", v2="1 2 3 4", v3="1 2")

CASES = {
    "nothing at all": Case([]),
    "nothing here of what is listed": Case(
        [], TWELVE, missing="1-12", volumes_missing="1-3"
    ),
    "all chapters here": Case(
        files(*map(str, range(1, 13))), TWELVE, owned="1-12", volumes="1-3"
    ),
    "some chapters missing": Case(
        files("1", "2", "4", "5", "6", "7", "8", "12"), TWELVE,
        owned="1-2 4-8 12", missing="3 9-11", volumes="2", volumes_missing="1 3",
    ),
    "a gap without a source": Case(
        files("5", "6", "9", "12"), owned="5-6 9 12", missing="7-8 10-11"
    ),
    "nothing is known before the first and after the last": Case(files("8", "9"), owned="8-9"),
    "volumes alone, without a source": Case(
        files("v1", "v2", "v5"), volumes="1-2 5", volumes_missing="3-4"
    ),
    "volumes stand for their chapters": Case(
        files("v1", "v3"), TWELVE,
        owned="1-4 9-12", missing="5-8", volumes="1 3", volumes_missing="2",
    ),
    "volumes whose chapters nobody knows": Case(
        files("v1", "v2"), listed(loose="1 2 3 4 5 6 7 8 9"), volumes="1-2"
    ),
    "volumes, and loose chapters after them": Case(
        files("v1", "v2", "9", "11"), TWELVE,
        owned="1-9 11", missing="10 12", volumes="1-2", volumes_missing="3",
    ),
    "volumes nobody lists, and loose chapters with a gap": Case(
        files("v1", "v2", "9", "11"), listed(loose="9 10 11 12"),
        owned="9 11", missing="10", volumes="1-2",
    ),
    "a file of several chapters": Case(
        files("1-4", "6-8"), TWELVE[:8],
        owned="1-4 6-8", missing="5", volumes="1", volumes_missing="2",
    ),
    "a file of several holds the decimals between": Case(
        files("1-3"), listed(v1="1 1.5 2 3 3.5"),
        owned="1 1.5 2-3", missing="3.5", volumes_missing="1",
    ),
    "a file of several volumes": Case(
        files("v1-3"), TWELVE, owned="1-12", volumes="1-3"
    ),
    "a decimal that is listed is missing": Case(
        files("10", "11"), listed(loose="10 10.5 11"),
        owned="10-11", missing="1-9 10.5",
    ),
    "a decimal that nobody lists is owned": Case(
        files("10", "10.5", "11"), listed(loose="10 11"),
        owned="10 10.5 11", missing="1-9",
    ),
    "a chapter zero": Case(
        files("0", "2"), listed(v1="0 1 2"), owned="0 2", missing="1", volumes_missing="1"
    ),
    "holes in the list are chapters too": Case(
        files("1", "2"), listed(loose="1 2 8"), owned="1-2", missing="3-8"
    ),
    "the work goes on after what is listed": Case(
        files("1", "2"), listed(loose="1 2"), ("5", "2"),
        owned="1-2", missing="3-5",
    ),
    "the last volume": Case(
        files("v1"), listed(v1="1 2"), ("", "3"),
        owned="1-2", volumes="1", volumes_missing="2-3",
    ),
    "here before it is listed": Case(
        files("1", "2", "3"), listed(loose="1 2"), owned="1-3"
    ),
    "one chapter twice": Case(files("1", "2", "2"), owned="1-2", twice="2"),
    "a chapter and the volume that holds it": Case(
        files("v1", "2"), TWELVE[:4], owned="1-4", twice="2", volumes="1"
    ),
    "a volume twice": Case(
        files("v1", "v1"), TWELVE[:4], owned="1-4", volumes="1", volumes_twice="1"
    ),
    "a range over a chapter": Case(files("1-3", "3", "4"), owned="1-4", twice="3"),
    "another language is no duplicate": Case(files("1", "1 @fr", "2 @fr"), owned="1-2"),
    "specials stand beside": Case(
        files("1", "!", "!2", "3"), owned="1 3", missing="2", special=2
    ),
    "a oneshot here": Case(files(""), listed(loose="-"), owned=ONESHOT),
    "a oneshot that is not": Case([], listed(loose="-"), missing=ONESHOT),
    "an unnumbered one beside others": Case(
        files("1"), listed(loose="- 1 2"), owned="1", missing="2"
    ),
    "counted anew in each volume": Case(
        files("v1 1", "v1 2", "v1 3", "v2 1", "v2 4"), RESTART,
        owned="1:1-3 2:1 2:4", missing="2:2-3 3:1-2", volumes="1", volumes_missing="2-3",
    ),
    "counted anew, whole volumes": Case(
        files("v1", "v3"), RESTART,
        owned="1:1-3 3:1-2", missing="2:1-4", volumes="1 3", volumes_missing="2",
    ),
    "counted anew without a source": Case(
        files("v1 1", "v1 3", "v2 1", "v2 2"), owned="1:1 1:3 2:1-2", missing="1:2"
    ),
    "the same chapter listed in two volumes": Case(
        files("4"), listed(v1="1 2 3 4", v2="4 5"),
        owned="4", missing="1-3 5", volumes_missing="1-2",
    ),
    "numbers that count nothing": Case(
        files("99999999", "2019", "extra", "3-1"), owned="2019 99999999"
    ),
}  # fmt: skip


def told(found: Completeness) -> tuple[str, ...]:
    chapters, volumes = found.chapters, found.volumes
    several = (
        *(chapters.owned, chapters.missing, chapters.duplicated),
        *(volumes.owned, volumes.missing, volumes.duplicated),
    )
    return tuple(map(" ".join, several))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_here_and_what_is_not(case: Case) -> None:
    last_chapter, last_volume = case.ends
    found = complete(case.own, case.known, last_chapter=last_chapter, last_volume=last_volume)
    assert told(found) == (
        *(case.owned, case.missing, case.twice),
        *(case.volumes, case.volumes_missing, case.volumes_twice),
    )
    assert (found.special, found.is_told) == (case.special, bool(case.known))


def test_numbers_are_counted_as_they_are_listed() -> None:
    found = complete(files("1", "2", "2", "7"), listed(loose="1 2 3 4 5 6 6.5 7"))
    assert (found.chapters.owned_count, found.gaps, found.duplicates) == (3, 5, 1)
    assert found.chapters.missing == ("3-6", "6.5")


def test_ten_thousand_chapters_are_no_work() -> None:
    own = files(*map(str, range(0, 10_000, 2)), "1-5000")
    began = time.process_time()
    found = complete(own, [Known("", str(each)) for each in range(10_000)])
    assert found.gaps == 2500
    assert time.process_time() - began < 5
