"""Having chapters stand as the rules of their library read them."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from kiremisu.accounts.ratings import Rating
from library import outlines, placing, sheets, showing, titles
from library.inspection import Reading, facts_of, key_of
from library.models import Library, Series
from library.naming import standing
from library.naming.reading import Held, Wish, wishes
from library.reshaping.settling import rate_as
from library.scanning import series
from library.scanning.applying import touch
from library.scanning.plan import Decision, Fate, Loose, Row
from library.scanning.rewriting import FACTS, rewrite, values_of
from library.scanning.rows import Home


@dataclass
class Settled:
    """How many chapters of each series are read otherwise now, which series were made for them,
    and which chapters of each a merge holds there since."""

    chapters: Counter[UUID] = field(default_factory=Counter)
    made: set[UUID] = field(default_factory=set)
    bound: dict[UUID, list[UUID]] = field(default_factory=dict)


@showing.together()
def settle(library: Library, ids: Collection[UUID]) -> Settled:
    """Have these chapters stand as their names are read by the rules that are in force, in the act
    that goes on. A series whose chapters all come under a name that nobody has takes it, as in a
    scan; of two ratings the higher counts."""
    now = timezone.now()
    before = Series.objects.filter(chapters__in=ids).values_list("pk", flat=True)
    sheets.hold(set(before))
    naming = standing.of(library.pk)
    read = _with_names(library, list(wishes(library.pk, naming, ids)))
    homes = series.home_of(library, _decided(read), Loose(set()), now, naming)
    told = Settled()
    rows: list[tuple[Any, ...]] = []
    gone: set[tuple[UUID, UUID]] = set()
    for wish in read:
        held = wish.held
        assert wish.facts
        home = homes[key_of(wish.series)] if wish.series else Home(held.series_id)
        facts = naming.read_in(home.series, held.path, wish.facts)
        rows.append((*values_of(facts), home.series, now, held.id))
        told.chapters[home.series] += 1
        if home.series != held.series_id:
            gone.add((held.series_id, home.series))
        if home.by_people:
            told.bound.setdefault(home.series, []).append(held.id)
    rewrite((*FACTS, "series_id", "updated"), rows)
    placing.bind([one for some in told.bound.values() for one in some])
    touched = {*told.chapters, *(one for one, _ in gone)}
    made = Series.objects.filter(pk__in=touched, created=now)
    told.made = set(made.values_list("pk", flat=True))
    _follow(library, touched, gone, now)
    return told


def _with_names(library: Library, read: Sequence[Wish]) -> list[Wish]:
    """With the names by which they came where they are, of those that come by a rule's word."""
    found = Series.objects.in_bulk({wish.held.series_id for wish in read})

    def named(wish: Wish) -> Wish:
        facts = wish.facts or wish.held.named()
        if facts.named and facts.series and not facts.named.series:
            name = _name(library, wish.held, found[wish.held.series_id])
            facts = facts._replace(named=facts.named._replace(series=name))
        return wish._replace(facts=facts)

    return [named(wish) for wish in read]


def _name(library: Library, held: Held, home: Series) -> str:
    """By which name it came: its file's, unless its series goes by another."""
    named = facts_of(library.folder, held.path)
    return named.series if named.key in (home.key, *home.other_keys) else home.key


def _decided(read: Sequence[Wish]) -> list[Decision]:
    """As a scan has it of files that came under other names."""
    return [
        Decision(
            Fate.SAME,
            Reading(held.path, held.size, held.mtime_ns, facts),
            Row(held.id, held.path, held.size, held.mtime_ns, held.series_id, None, b"", "", False),
        )
        for wish in read
        if wish.series and (facts := wish.facts) and (held := wish.held)
    ]


def _follow(
    library: Library, touched: set[UUID], moved: set[tuple[UUID, UUID]], now: datetime
) -> None:
    """What follows for the series, as where people move chapters."""
    sheets.hold(touched)
    found = Series.objects.select_related("library").in_bulk(touched)
    for one, other in sorted(moved):
        rate_as(found[one], found[other])
    series.count(touched, now)
    showing.pass_on(touched)
    titles.keep(touched)
    outlines.weigh(sorted(touched))
    touch(library.pk)
    for one, other in sorted(moved):
        before, after = found[one].content_rating, found[other].content_rating
        showing.end_links(Rating(before), Rating(after))
