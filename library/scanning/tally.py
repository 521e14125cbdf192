"""What a scan has done so far, for the one who watches it and the one who goes on with it."""

from dataclasses import asdict, dataclass, field
from time import monotonic
from typing import Any, Self

_SLATS = 60
_RECENT = 5


@dataclass
class Tally:
    """Counts of files. `done` of `files` are dealt with; `rate` is files read per second.

    `notches` are the slats, of 60, in which a file failed; `waiting` counts files that were
    still being written and are left to the next scan, `held` those that are gone and wait for a
    person's word.
    """

    files: int = 0
    added: int = 0
    changed: int = 0
    moved: int = 0
    missing: int = 0
    restored: int = 0
    failed: int = 0
    seconds: float = 0.0
    done: int = 0
    waiting: int = 0
    held: int = 0
    rate: int = 0
    recent: list[str] = field(default_factory=list)
    notches: list[int] = field(default_factory=list)
    phase: str = ""

    def __post_init__(self) -> None:
        self._began, self._unchanged = monotonic(), 0

    @classmethod
    def resumed(cls, cursor: dict[str, Any]) -> Self:
        """Going on from what a cursor kept; what is on disk is looked at anew."""
        kept = {name: cursor[name] for name in cls.__dataclass_fields__ if name in cursor}
        return cls(**{**kept, "done": 0, "files": 0, "waiting": 0, "held": 0, "phase": ""})

    def as_cursor(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def changes(self) -> int:
        return self.added + self.changed + self.moved + self.missing + self.restored

    def begin(self, files: int, unchanged: int) -> None:
        """The walk is over: so many files are there, so many need no look."""
        self.files, self.done, self.phase = files, unchanged, ""
        self._began, self._unchanged = monotonic(), unchanged

    def read(self, path: str, *, failed: bool) -> None:
        """One more file was dealt with."""
        self.done += 1
        self.rate = round((self.done - self._unchanged) / max(0.1, monotonic() - self._began))
        self.recent = [*self.recent, path.rpartition("/")[2]][-_RECENT:]
        if failed:
            self.failed += 1
            slat = min(_SLATS - 1, self.done * _SLATS // max(1, self.files))
            if slat not in self.notches:
                self.notches.append(slat)

    @property
    def message(self) -> str:
        """Where the scan stands, in a few words."""
        if not self.recent or self.phase:
            return self.phase
        return self.recent[-1]
