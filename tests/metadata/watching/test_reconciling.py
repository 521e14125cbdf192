"""Which chapters of a feed are new to somebody: twenty shapes of feeds, by a table."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from library.holding import Held, Outline, Piece
from metadata.watching.reconciling import Listed, Told, Wish, is_anew, key_of, led, news

pytestmark = pytest.mark.quick

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SINCE = NOW - timedelta(days=30)
BEFORE, LATELY, LATER = SINCE - timedelta(days=9), NOW - timedelta(days=2), NOW + timedelta(days=1)


@dataclass(frozen=True)
class Row:
    """One entry of a feed."""

    number: str = ""
    volume: str = ""
    title: str = ""
    language: str = "en"
    groups: tuple[str, ...] = ("harbour",)
    published: datetime = LATELY
    id: str = ""
    external: bool = False
    gone: bool = False


def feed(*rows: Row) -> list[Listed]:
    anew = is_anew((row.volume, row.number) for row in rows)
    return [
        Listed(
            id=row.id or f"{place}",
            key=key_of(row.volume, row.number, row.title, anew=anew),
            language=row.language,
            groups=row.groups,
            volume=row.volume,
            number=row.number,
            published=row.published,
            is_external=row.external,
            is_gone=row.gone,
        )
        for place, row in enumerate(rows)
    ]


def files(*pieces: tuple[str, str]) -> Held:
    return Held([Piece(*each) for each in pieces], Outline((), is_anew=False))


@dataclass
class Case:
    feed: Sequence[Listed]
    told: Sequence[str] = ()  # keys, each with the id of the entry that is to be led to
    own: Sequence[tuple[str, str]] = ()
    wish: Wish = field(default_factory=lambda: Wish(SINCE))
    before: Told = field(default_factory=Told)


OLD = [Row("1", published=BEFORE), Row("2", published=BEFORE)]
CASES = {
    "nothing at all": Case(feed()),
    "only what was there before": Case(feed(*OLD)),
    "one more": Case(feed(*OLD, Row("3")), ["c3 2"]),
    "a decimal": Case(feed(*OLD, Row("2.5")), ["c2.5 2"]),
    "the same number written otherwise": Case(feed(*OLD, Row("02.0"))),
    "a oneshot": Case(feed(Row()), ["oneshot 0"]),
    "two extras by their titles": Case(
        feed(Row(title="Tea"), Row(title="Rain"), Row(title="TEA!")), ["train 1", "ttea 0"]
    ),
    "by two groups, once": Case(feed(Row("3"), Row("3", groups=("moss",))), ["c3 0"]),
    "by a group one wants": Case(
        feed(Row("3"), Row("3", groups=("moss",)), Row("4")),
        ["c3 1"], wish=Wish(SINCE, groups={"moss"}),
    ),
    "in two languages, once": Case(feed(Row("3"), Row("3", language="fr")), ["c3 0"]),
    "in another language": Case(
        feed(Row("3", language="fr")), wish=Wish(SINCE, languages={"en", "de"})
    ),
    "old in another language": Case(
        feed(Row("3", language="fr", published=BEFORE), Row("3")),
        ["c3 1"], wish=Wish(SINCE, languages={"en"}),
    ),
    "elsewhere, and there": Case(feed(Row("3", external=True), Row("3")), ["c3 1"]),
    "only elsewhere": Case(feed(Row("3", external=True)), ["c3 0"]),
    "taken down before anybody saw it": Case(feed(Row("3", gone=True))),
    "taken down by one group": Case(feed(Row("3", gone=True), Row("3", id="b")), ["c3 b"]),
    "put up again": Case(
        feed(Row("2", published=BEFORE, gone=True), Row("2", id="again"))
    ),
    "a volume": Case(feed(Row(volume="4")), ["v4 0"]),
    "a volume that is here": Case(feed(Row(volume="4")), own=[("4", "")]),
    "renumbered after it was told": Case(
        feed(Row("12.5", id="x")), before=Told({"c13"}, {"x"})
    ),
    "another id after it was told": Case(feed(Row("13", id="y")), before=Told({"c13"}, {"x"})),
    "several in one": Case(feed(Row("3-4")), ["c3-4 0"]),
    "several in one that are here": Case(feed(Row("3-4")), own=[("", "3"), ("", "4")]),
    "here as a file": Case(feed(Row("3"), Row("4")), ["c4 1"], own=[("", "3")]),
    "here within a file of several": Case(feed(Row("3")), own=[("", "1-5")]),
    "here within a volume": Case(feed(Row("3", "1")), own=[("1", "")]),
    "to come": Case(feed(Row("3", published=LATER))),
    "a number that is text": Case(feed(Row("Extra A"), Row("extra a")), ["nextra a 0"]),
    "counted anew in each volume": Case(
        feed(Row("1", "1", published=BEFORE), Row("1", "2"), Row("2", "2")),
        ["v2c1 1", "v2c2 2"],
    ),
    "many at once, as they came": Case(
        feed(Row("4", published=NOW), Row("3"), Row("5", published=NOW)), ["c3 1", "c4 0", "c5 2"]
    ),
}  # fmt: skip


def told_of(case: Case) -> list[str]:
    outline = Outline((), is_anew=False)
    held = files(*case.own)
    found = news(case.feed, case.wish, case.before, lambda *each: held.has(outline, *each), NOW)
    return [f"{each.key} {each.id}" for each in found]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_new(case: Case) -> None:
    assert told_of(case) == [*case.told]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_nothing_is_told_twice(case: Case) -> None:
    keys = tuple(told.rpartition(" ")[0] for told in case.told)
    ids = tuple(told.rpartition(" ")[2] for told in case.told)
    again = replace(case, before=Told({*keys, *case.before.keys}, {*ids, *case.before.ids}))
    assert told_of(again) == []


def test_what_was_told_leads_to_what_is_there() -> None:
    entries = feed(
        Row("3", id="a", gone=True),
        Row("4", id="b", gone=True),
        Row("4", id="c", external=True),
        Row("4", id="d"),
        Row("5.5", id="e"),
        Row("6", id="f", gone=True),
        Row("6", id="g", language="fr"),
    )
    told = {"c3": "a", "c4": "b", "c5": "e", "c6": "f"}
    assert led(entries, told, Wish(SINCE, {"en"}), NOW) == {"c4": "d", "c5": "e"}
