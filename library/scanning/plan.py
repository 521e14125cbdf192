"""What to do about what the disk holds: the walk against the rows. Pure.

A file is recognised, in this order, by its path with size and time, by the signature of its
pages (it was moved, swapped, or came back), by its path alone (it was replaced in place).
That order holds over the whole library and not only within one batch, so a scan looks three
times: at known paths whether their pages are still the same (`at_known_paths`), then for
signatures (`by_signature`), then at what remains (`by_path`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple
from uuid import UUID

from library.disk import Found, is_within
from library.inspection import Reading

# Faults of the disk or the server rather than of the file: a chapter keeps what is known of
# it, and every scan looks again.
PASSING = frozenset({"no_permission", "unreadable", "timed_out", "no_tool"})
# What each file says where it is the whole disk that went.
OF_THE_DISK = frozenset({"gone", "unreadable"})


class Known(NamedTuple):
    """What the database knows of a file at its path; `again`: look at it once more."""

    size: int
    mtime_ns: int
    again: bool = False


@dataclass
class Difference:
    """The walk against the rows. `young` are files that may still be growing."""

    files: int = 0
    unchanged: int = 0
    changed: list[Found] = field(default_factory=list)
    new: list[Found] = field(default_factory=list)
    returned: list[Found] = field(default_factory=list)
    young: list[Found] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)


class Comparison:
    """Takes what the walk finds, one by one, and tells the difference at its end.

    `present` are the rows by path (used up), `missing` those whose file is away. Files
    changed at `young_from` or later are set apart. `full` looks at every file again.
    """

    def __init__(
        self,
        present: dict[str, Known],
        missing: AbstractSet[Found],
        *,
        young_from: int,
        full: bool = False,
    ) -> None:
        self._present, self._missing = present, missing
        self._young_from, self._full = young_from, full
        self.difference = Difference()

    def take(self, found: Found) -> None:
        here = self.difference
        here.files += 1
        known = self._present.pop(found.path, None)
        is_same = known is not None and found[1:] == known[:2]
        if known and is_same and not known.again and not self._full:
            here.unchanged += 1
        elif found.mtime_ns >= self._young_from and not is_same:
            here.young.append(found)
        elif known:
            here.changed.append(found)
        elif found in self._missing and not self._full:
            here.returned.append(found)
        else:
            here.new.append(found)

    def finish(self, unreadable: Mapping[str, str]) -> Difference:
        """Nothing below a folder that could not be read counts as gone."""
        blind = unreadable.keys()
        self.difference.gone = {path for path in self._present if not is_within(path, blind)}
        return self.difference


class Row(NamedTuple):
    """A chapter as a scan needs it. Without content its `signature` is empty. `is_placed`: people
    put it into its series, whatever its name says."""

    id: UUID
    path: str
    size: int
    mtime_ns: int
    series_id: UUID
    content_id: UUID | None
    signature: bytes
    problem: str
    is_missing: bool
    is_placed: bool = False


class Fate(Enum):
    NEW = "new"
    SAME = "same"
    MOVED = "moved"
    REPLACED = "replaced"


class Decision(NamedTuple):
    fate: Fate
    reading: Reading
    row: Row | None


@dataclass
class Loose:
    """Which rows are free to be found elsewhere: their file is gone, or is another one now.

    `taken` have been found; `displaced` lost their path to another file.
    """

    gone: AbstractSet[str]
    changed: set[str] = field(default_factory=set)
    taken: set[UUID] = field(default_factory=set)
    displaced: set[UUID] = field(default_factory=set)

    def __contains__(self, row: object) -> bool:
        assert isinstance(row, Row)
        if row.id in self.taken:
            return False
        return row.is_missing or row.path in self.gone or row.path in self.changed


class Settled(NamedTuple):
    """What was decided, and what must wait for a later look."""

    decisions: list[Decision]
    later: list[Found]


type RowsAt = Callable[[str], Sequence[Row]]
type RowsOf = Callable[[bytes], Iterable[Row]]


def at_known_paths(readings: Iterable[Reading], rows_at: RowsAt, loose: Loose) -> Settled:
    """First look: the pages at this path are those that we know. The others are let loose."""
    settled = Settled([], [])
    for reading in readings:
        row = _first_present(rows_at(reading.path))
        if row and (row.signature == reading.signature or reading.problem in PASSING):
            settled.decisions.append(Decision(Fate.SAME, reading, row))
        else:
            loose.changed.add(reading.path)
            settled.later.append(_found(reading))
    return settled


def by_signature(
    readings: Iterable[Reading], rows_at: RowsAt, rows_of: RowsOf, loose: Loose
) -> Settled:
    """Second look: whose pages these are. A path that no row ever had needs no third."""
    settled = Settled([], [])
    for reading in readings:
        free = [row for row in rows_of(reading.signature) if row in loose]
        if reading.signature and free:
            row = min(free, key=lambda row: _unlikeness(row, reading.path))
            loose.taken.add(row.id)
            settled.decisions.append(Decision(Fate.MOVED, reading, row))
        elif rows_at(reading.path):
            settled.later.append(_found(reading))
        else:
            settled.decisions.append(Decision(Fate.NEW, reading, None))
    return settled


def by_path(readings: Iterable[Reading], rows_at: RowsAt, loose: Loose) -> Settled:
    """Third look: whoever is left at this path has been replaced in place."""
    settled = Settled([], [])
    for reading in readings:
        left = [row for row in rows_at(reading.path) if row.id not in loose.taken]
        if left:
            loose.taken.add(left[0].id)
            settled.decisions.append(Decision(Fate.REPLACED, reading, left[0]))
        else:
            settled.decisions.append(Decision(Fate.NEW, reading, None))
    return settled


def _first_present(rows: Sequence[Row]) -> Row | None:
    return rows[0] if rows and not rows[0].is_missing else None


def _unlikeness(row: Row, path: str) -> tuple[bool, bool, bool, str, UUID]:
    """Of several files with these pages, the likeliest to be the one now found here."""
    folder, _, name = row.path.rpartition("/")
    new_folder, _, new_name = path.rpartition("/")
    return name != new_name, folder != new_folder, row.is_missing, row.path, row.id


def _found(reading: Reading) -> Found:
    return Found(reading.path, reading.size, reading.mtime_ns)
