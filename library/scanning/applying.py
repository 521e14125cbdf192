"""Writing what was decided about one batch of files, within the caller's transaction."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string

from kiremisu.jobs.events import announce
from kiremisu.lib.ids import uuid7
from library import covers, placing, showing, turns
from library.inspection import Reading, Sidecar
from library.models import Chapter, Content, Library, PageIndex
from library.naming import standing
from library.naming.rules import Naming
from library.scanning import series
from library.scanning.copying import Table
from library.scanning.plan import PASSING, Decision, Fate, Loose
from library.scanning.rewriting import FACTS, rewrite, values_of
from library.scanning.rows import Home, digest
from library.scanning.tally import Tally

_NAMED_AT_ONCE = 20  # series that events tell of one by one
_PAGES = ("format", "page_count", "skipped", "problem", "problem_detail", "content_id")
_SIDECAR = ("sidecar", "sidecar_problem", "sidecar_detail")
_FILE = ("path", "size", "mtime_ns", "missing_since", "purged_at", "updated")
_NEW = ("id", "library_id", "created", *_FILE, *_PAGES, *_SIDECAR, *FACTS, "series_id")


class Heard(NamedTuple):
    """What lay in the file of a chapter, which is of this series, to tell of it."""

    chapter: UUID
    series: UUID
    sidecar: Sidecar


def apply(
    library: Library, decisions: Sequence[Decision], loose: Loose, tally: Tally, *, full: bool
) -> list[Heard] | None:
    """Write chapters, contents, series and counts; `tally` is brought up to date.

    Answers what is to be learnt of their series, or None when there was nothing to write.
    """
    now = timezone.now()
    writing = [decision for decision in decisions if full or not _is_nothing_new(decision)]
    heard = _write(library, writing, loose, now, full=full) if writing else None
    if writing:
        touch(library.id)
    for decision in decisions:
        _note(decision, loose, tally)
    return heard


def touch(library_id: UUID) -> None:
    """The library changed: its version says so, and those who look at it hear of it."""
    Library.objects.filter(id=library_id).update(version=F("version") + 1, updated=timezone.now())
    announce("library", library_id)


def _write(
    library: Library, decisions: Sequence[Decision], loose: Loose, now: datetime, *, full: bool
) -> list[Heard]:
    contents = _contents([decision.reading for decision in decisions], now)
    if naming := standing.of(library.id):
        decisions = [_by_rules(decision, naming) for decision in decisions]
    named = [each for each in decisions if (full or _is_elsewhere(each)) and _goes_by_name(each)]
    homes = series.home_of(library, named, loose, now, naming)
    touched = {decision.row.series_id for decision in decisions if decision.row}
    touched |= _release(library, decisions, loose, now)
    changes = _Changes(library.id, now, naming)
    for decision in decisions:
        home = _home(decision, homes) if full or _is_elsewhere(decision) else None
        changes.take(decision, contents.get(decision.reading.signature), home)
    changes.send()
    _carry_over(decisions, contents)
    counted = touched | {home.series for home in homes.values()}
    series.count(counted, now)
    showing.pass_on(counted)
    _tell_added(
        library.id,
        Counter(homes[each.reading.facts.key].series for each in decisions if _is_added(each)),
    )
    return changes.heard


def _tell_added(library_id: UUID, added: Counter[UUID]) -> None:
    """Name the series that have new chapters; of many, that the library changed is enough."""
    if len(added) <= _NAMED_AT_ONCE:
        for series_id, chapters in added.items():
            announce("series", series_id, library=library_id, added=chapters)


class _Changes:
    """Rows to be sent: new chapters, those that change, and page indexes."""

    def __init__(self, library_id: UUID, now: datetime, naming: Naming) -> None:
        self._library_id, self._now, self._naming = library_id, now, naming
        self._new: list[tuple[Any, ...]] = []
        self._broken: list[tuple[Any, ...]] = []
        self._unnamed: list[tuple[Any, ...]] = []
        self._named: list[tuple[Any, ...]] = []
        self._indexes: list[tuple[UUID, str]] = []
        self._placed: list[UUID] = []
        self.heard: list[Heard] = []

    def take(self, decision: Decision, content: UUID | None, home: Home | None) -> None:
        """One file; without `home` it keeps its series, and the facts that it had while it
        cannot be read."""
        reading, row = decision.reading, decision.row
        if row and reading.problem in PASSING:
            _mark(row.id, reading, self._now)
            return
        values: tuple[Any, ...] = (reading.path, reading.size, reading.mtime_ns)
        values += (None, None, self._now)
        values += (reading.form, reading.page_count, reading.skipped)
        values += (reading.problem, reading.detail, content)
        chapter_id = row.id if row else uuid7()
        if row and not home and reading.problem:
            self._broken.append((*values, chapter_id))
            return
        series_id = home.series if home else row and row.series_id
        assert series_id
        facts = self._naming.read_in(series_id, reading.path, reading.facts)
        values += (*_sidecar(reading), *values_of(facts))
        if row is None:
            assert home is not None
            self._new.append((chapter_id, self._library_id, self._now, *values, home.series))
        elif home:
            self._named.append((*values, home.series, chapter_id))
        else:
            self._unnamed.append((*values, chapter_id))
        if reading.pages:
            self._indexes.append((chapter_id, reading.pages.decode()))
        if home and home.by_people:
            self._placed.append(chapter_id)
        if reading.sidecar and not reading.sidecar.problem:
            self.heard.append(Heard(chapter_id, series_id, reading.sidecar))

    def send(self) -> None:
        Table(Chapter, *_NEW).copy(self._new)
        rewrite((*_FILE, *_PAGES), self._broken)
        rewrite((*_FILE, *_PAGES, *_SIDECAR, *FACTS), self._unnamed)
        rewrite((*_FILE, *_PAGES, *_SIDECAR, *FACTS, "series_id"), self._named)
        rewritten = [row[-1] for row in (*self._broken, *self._unnamed, *self._named)]
        if rewritten:
            PageIndex.objects.filter(chapter__in=rewritten).delete()
        Table(PageIndex, "chapter_id", "raw_pages").copy(self._indexes)
        placing.bind(self._placed)


def _mark(chapter_id: UUID, reading: Reading, now: datetime) -> None:
    """A passing fault: the rest of what is known stays, and the old time makes us look again."""
    Chapter.objects.filter(id=chapter_id).update(
        problem=reading.problem,
        problem_detail=reading.detail,
        missing_since=None,
        purged_at=None,
        updated=now,
    )


def _contents(readings: Iterable[Reading], now: datetime) -> dict[bytes, UUID]:
    """The content for each signature; those nobody had are made."""
    wanted = {each.signature: each.page_count for each in readings if each.signature}
    # Two libraries may be scanned at once and hold the same book.
    turns.take()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT signature, id FROM library_content WHERE signature = ANY(%s)", [list(wanted)]
        )
        known = {bytes(signature): content_id for signature, content_id in cursor.fetchall()}
    new = {signature: uuid7() for signature in wanted if signature not in known}
    Table(Content, "id", "signature", "page_count", "created", "updated").copy(
        (new[signature], signature, wanted[signature], now, now) for signature in new
    )
    return known | new


def _release(
    library: Library, decisions: Iterable[Decision], loose: Loose, now: datetime
) -> set[UUID]:
    """Make paths free for those that move there; the series of whoever loses theirs."""
    moved = {each.row.id: each.reading.path for each in decisions if _moves(each) and each.row}
    if not moved:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE library_chapter SET missing_since = %s, updated = %s"
            " WHERE library_id = %s AND missing_since IS NULL"
            " AND (id = ANY(%s) OR md5(path) = ANY(%s)) RETURNING id, series_id",
            [now, now, library.id, list(moved), [digest(path) for path in moved.values()]],
        )
        released = dict(cursor.fetchall())
    loose.displaced |= released.keys() - moved.keys()
    return set(released.values())


def _carry_over(decisions: Iterable[Decision], contents: dict[bytes, UUID]) -> None:
    """Tell those whose rows hang on a content that no file holds any more."""
    for decision in decisions:
        old = decision.row.content_id if decision.row else None
        new = contents.get(decision.reading.signature)
        if old and new and old != new and not Chapter.objects.filter(content=old).exists():
            both = Content.objects.in_bulk([old, new])
            covers.carry_over(both[old], both[new])
            for tell in _after_replace():
                tell(both[old], both[new])


@cache
def _after_replace() -> list[Any]:
    return [import_string(path) for path in settings.AFTER_REPLACE]


def _sidecar(reading: Reading) -> tuple[str, str, str]:
    """The values for `_SIDECAR`."""
    sidecar = reading.sidecar
    return (sidecar.source, sidecar.problem, sidecar.detail) if sidecar else ("", "", "")


def _by_rules(decision: Decision, naming: Naming) -> Decision:
    reading = decision.reading
    facts = naming.read(reading.path, reading.facts)
    return decision._replace(reading=reading._replace(facts=facts))


def _moves(decision: Decision) -> bool:
    return decision.fate is Fate.MOVED


def _home(decision: Decision, homes: Mapping[str, Home]) -> Home:
    """Of which series a file is: what people put somewhere stays there."""
    if decision.row and decision.row.is_placed:
        return Home(decision.row.series_id, by_people=True)
    return homes[decision.reading.facts.key]


def _goes_by_name(decision: Decision) -> bool:
    return decision.row is None or not decision.row.is_placed


def _is_elsewhere(decision: Decision) -> bool:
    """The name is another than the row's, so that its series may be too."""
    return decision.row is None or decision.row.path != decision.reading.path


def _is_nothing_new(decision: Decision) -> bool:
    reading, row = decision.reading, decision.row
    if decision.fate is not Fate.SAME or row is None or row.problem != reading.problem:
        return False
    is_passing = reading.problem in PASSING
    return is_passing or (row.size, row.mtime_ns) == (reading.size, reading.mtime_ns)


def _is_added(decision: Decision) -> bool:
    return decision.fate is Fate.NEW and not decision.reading.problem


def _note(decision: Decision, loose: Loose, tally: Tally) -> None:
    reading, row = decision.reading, decision.row
    tally.read(reading.path, failed=bool(reading.problem))
    if decision.fate is Fate.REPLACED:
        tally.changed += 1
    elif row and decision.fate is Fate.MOVED:
        is_back = row.is_missing and row.id not in loose.displaced
        tally.restored += is_back
        tally.moved += not is_back
    elif _is_added(decision):
        tally.added += 1
