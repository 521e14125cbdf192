"""Batches of files, read here when they are few and by a crew when they are many."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import batched
from time import monotonic
from typing import Self

from library.disk import Found
from library.inspection import Reading, inspect
from library.scanning.crew import Crew

_FEW = 200  # files that are read sooner than a crew is there
_FIRST = 50  # so that something is to be seen at once
_CHUNK = 32
_BATCH = 512
_LONG = 2.0  # seconds after which a batch is large enough
_CREW = 4  # processes at most


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

    def read(self, found: Sequence[Found]) -> Iterator[list[Reading]]:
        """The readings in order, batch by batch; an empty one now and then while it takes long."""
        if len(found) <= _FEW:
            yield from self._gather(_FIRST, self._alone(found))
            return
        if self._crew is None:
            size = min(_CREW, os.process_cpu_count() or 1)
            self._crew = self._ending.enter_context(Crew(self._root, size))
        yield from self._gather(_FIRST, self._alone(found[:_FIRST]))
        chunks = batched(found[_FIRST:], _CHUNK, strict=False)
        yield from self._gather(_BATCH, self._crew.read(chunks))

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
