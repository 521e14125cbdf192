"""Batches of files, read here when they are few and by a crew when they are many."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import batched
from time import monotonic
from typing import NamedTuple, Self

from library.disk import Found
from library.inspection import Reading, inspect
from library.scanning.crew import Crew, killed_the_reader
from library.scanning.suspects import Suspects

_FEW = 200  # files that are read sooner than a crew is there
_FIRST = 50  # so that something is to be seen at once
_CHUNK = 32
_BATCH = 1000
_LONG = 2.0  # seconds after which a batch is large enough
_CREW = 4  # processes at most


class Batch(NamedTuple):
    """Readings to be drawn, an empty list now and then while it takes long; `opened` are the files
    that this very process opens meanwhile."""

    opened: Sequence[Found]
    readings: Iterator[list[Reading]]


class Reader:
    """Reads the files of one library. Use it as a context: its processes end with the block."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._crew: Crew | None = None
        self._ending = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.close()

    def expect(self, files: int) -> None:
        """So many will have to be read at least: who reads many starts while one still looks."""
        if files > _FEW:
            self._at_work()

    def read(self, found: Sequence[Found], suspects: Suspects) -> Iterator[Batch]:
        """All of these files, one batch after another; whom a death may be blamed on comes last,
        each alone, so that the rest is read whatever it does."""
        given_up, doubted, rest = suspects.among(found)
        few = len(rest) if len(rest) <= _FEW else _FIRST
        for some in batched(rest[:few], _FIRST, strict=False):
            yield Batch(some, self._gather(_FIRST, self._alone(some)))
        if rest[few:]:
            chunks = batched(rest[few:], _CHUNK, strict=False)
            yield Batch((), self._gather(_BATCH, self._at_work().read(chunks)))
        for one in doubted:
            yield Batch([one], self._alone([one]))
        if given_up:
            yield Batch((), iter([[killed_the_reader(self._root, one) for one in given_up]]))

    def _at_work(self) -> Crew:
        if self._crew is None:
            size = min(_CREW, os.process_cpu_count() or 1)
            self._crew = self._ending.enter_context(Crew(self._root, size))
        return self._crew

    def _alone(self, found: Sequence[Found]) -> Iterator[list[Reading]]:
        for each in found:
            yield [inspect(self._root, each)]

    def _gather(self, size: int, parts: Iterator[list[Reading]]) -> Iterator[list[Reading]]:
        batch: list[Reading] = []
        began = monotonic()
        for part in parts:
            batch += part
            if len(batch) >= size or monotonic() - began > _LONG:
                yield batch
                batch, began = [], monotonic()
        if batch:
            yield batch
