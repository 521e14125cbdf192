"""Which files were open when a worker died, by what was recorded before the first was opened.

A batch is recorded once. Where its worker dies over it, each of its files is doubted, and read
alone under a record of its own; one that is open at a second death is given up.
What was read already no death is blamed on.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from kiremisu.jobs.models import Job
from library.disk import Found
from library.inspection import Reading

_KEY = "opening"


class Suspects:
    """The record of one scan, kept in its job's cursor."""

    def __init__(self, job: Job, cursor: dict[str, Any]) -> None:
        self._cursor, self._deaths = cursor, job.all_deaths
        kept = cursor.get(_KEY) or {"open": [], "doubted": [], "given_up": [], "deaths": 0}
        self._open: set[str] = {*kept["open"]}
        self._doubted: set[str] = {*kept["doubted"]}
        self._given_up: set[str] = {*kept["given_up"]}
        # A worker that was only told to stop had no file open that is to blame.
        if self._deaths > kept["deaths"]:
            self._given_up |= self._open & self._doubted
            self._doubted |= self._open

    def among(self, found: Iterable[Found]) -> tuple[list[Found], list[Found], list[Found]]:
        """Those that are given up, those that are doubted, and the rest."""
        given_up, doubted, rest = list[Found](), list[Found](), list[Found]()
        for each in found:
            if each.path in self._given_up:
                given_up.append(each)
            elif each.path in self._doubted:
                doubted.append(each)
            else:
                rest.append(each)
        return given_up, doubted, rest

    def open(self, batch: Sequence[Found]) -> None:
        """Record that these are being opened, within the caller's transaction."""
        self._open = {each.path for each in batch}
        self._keep()

    def close(self, readings: Sequence[Reading]) -> None:
        """Record that these were read, within the caller's transaction."""
        read = self._open & {each.path for each in readings}
        if read:
            self._open -= read
            self._keep()

    def _keep(self) -> None:
        self._cursor[_KEY] = {
            "open": sorted(self._open),
            "doubted": sorted(self._doubted),
            "given_up": sorted(self._given_up),
            "deaths": self._deaths,
        }
