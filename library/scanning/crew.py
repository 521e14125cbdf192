"""Several processes that look at files, so that one bad file costs nothing but itself.

Each worker is a fresh interpreter (no fork: this process holds database connections) that
dies with this one. A worker that dies or falls silent is replaced, and what it had not
answered is done again file by file; a file that ends two workers is given up.
"""

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from multiprocessing.connection import wait
from time import monotonic
from typing import Self

from kiremisu.lib.errors import Unavailable
from library.disk import Found
from library.inspection import Reading, facts_of, serve

_PATIENCE = 60.0  # seconds for one file
_LOOK = 1.0  # seconds until the one who waits is told that there is nothing yet
_DEATHS = 2
_STILLBORN = 3  # workers in a row that never came up: then none will
_HELD = 16  # chunks given to one worker at once: it reads on while nobody hears it
# About so many bytes of them at most: a line that holds more would keep the one who speaks.
_SAID = 48 << 10
_REST = 40  # bytes of a file besides its name
_AHEAD = 20  # chunks read or being read for each worker, beyond the one that is wanted
_spawn = multiprocessing.get_context("spawn")


@dataclass
class _Chunk:
    """Files and how far they have been read; `deaths` counts workers that ended over it. What
    is read `again` is given to a worker alone, so that its death is laid to nobody else."""

    found: Sequence[Found]
    deaths: int = 0
    again: bool = False
    readings: list[Reading] = field(default_factory=list)
    parts: "list[_Chunk]" = field(default_factory=list)

    @property
    def left(self) -> Sequence[Found]:
        return self.found[len(self.readings) :]

    @cached_property
    def size(self) -> int:
        """About how many bytes it takes to say which files these are."""
        return sum(len(each.path.encode(errors="surrogatepass")) + _REST for each in self.found)

    @property
    def is_read(self) -> bool:
        return len(self.whole()) == len(self.found)

    def whole(self) -> list[Reading]:
        """The readings so far, its parts' behind its own."""
        return self.readings + [each for part in self.parts for each in part.readings]


class _Worker:
    def __init__(self, root: str) -> None:
        self.chunks = deque[_Chunk]()
        self.is_up = False
        self.heard = monotonic()
        self.line, theirs = _spawn.Pipe()
        self.process = _spawn.Process(target=serve, args=(theirs, root, os.getpid()), daemon=True)
        self.process.start()
        theirs.close()

    def begin(self, chunk: _Chunk) -> None:
        if not self.chunks:
            self.heard = monotonic()
        self.chunks.append(chunk)
        # A worker that is dead by now is noticed when its answer is awaited.
        with suppress(OSError):
            self.line.send(chunk.found)

    def takes(self, chunks: int) -> bool:
        """Whether it may be given one more, with so many others at most."""
        has_room = len(self.chunks) <= chunks and sum(one.size for one in self.chunks) < _SAID
        return has_room and not any(chunk.again for chunk in self.chunks)

    def hear(self) -> bool:
        """Take what it has read; False when it is dead."""
        try:
            self.chunks[0].readings += self.line.recv()
        except (EOFError, OSError):
            return False
        self.is_up = True
        self.heard = monotonic()
        if not self.chunks[0].left:
            self.chunks.popleft()
        return True

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.process.close()
        self.line.close()


class Crew:
    """Workers on one library's root. Use it as a context: they end with the block."""

    def __init__(self, root: str, size: int, patience: float = _PATIENCE) -> None:
        self._root, self._size, self._patience = root, size, patience
        self._workers: list[_Worker] = []
        self._again: deque[_Chunk] = deque()
        self._stillborn = 0

    def __enter__(self) -> Self:
        self._workers = [_Worker(self._root) for _ in range(self._size)]
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.end()
        self._workers = []

    def read(self, chunks: Iterable[Sequence[Found]]) -> Iterator[list[Reading]]:
        """The readings of each chunk, in their order; now and then an empty list meanwhile.

        Raises Unavailable when no worker comes up.
        """
        coming = iter(chunks)
        begun: deque[_Chunk] = deque()
        while True:
            self._hand_out(coming, begun)
            if not begun:
                return
            while begun and begun[0].is_read:
                yield begun.popleft().whole()
            if begun and not self._listen():
                yield []

    def _hand_out(self, coming: Iterator[Sequence[Found]], begun: deque[_Chunk]) -> None:
        for held in range(_HELD):
            for worker in self._workers:
                if not worker.takes(held):
                    continue
                if self._again:
                    if not worker.chunks:
                        worker.begin(self._again.popleft())
                elif len(begun) <= _AHEAD * self._size and (found := next(coming, None)):
                    begun.append(_Chunk(found))
                    worker.begin(begun[-1])

    def _listen(self) -> bool:
        """Take what has been answered, replace the dead and the silent; whether any spoke."""
        busy = [worker for worker in self._workers if worker.chunks]
        spoke = wait([worker.line for worker in busy], _LOOK) if busy else []
        for worker in busy:
            if worker.line in spoke:
                alive = worker.hear()
            else:
                patience = self._patience if worker.is_up else _PATIENCE
                alive = monotonic() - worker.heard < patience
            if not alive:
                self._bury(worker)
        return bool(spoke)

    def _bury(self, worker: _Worker) -> None:
        chunk, *others = worker.chunks
        worker.end()
        self._workers[self._workers.index(worker)] = _Worker(self._root)
        self._stillborn = 0 if worker.is_up else self._stillborn + 1
        if self._stillborn >= _STILLBORN:
            raise Unavailable("The processes that read files do not start.", code="no_crew")
        if not worker.is_up:
            others.insert(0, chunk)
        elif len(chunk.found) > 1:
            chunk.parts = [_Chunk([found], again=True) for found in chunk.left]
            self._again.extend(chunk.parts)
        elif chunk.deaths + 1 < _DEATHS:
            chunk.deaths, chunk.again = chunk.deaths + 1, True
            self._again.append(chunk)
        else:
            chunk.readings = [killed_the_reader(self._root, chunk.found[0])]
        for other in others:
            other.again = True
            self._again.append(other)


def killed_the_reader(root: str, found: Found) -> Reading:
    """What is recorded of a file that ended everyone who opened it."""
    sentence = "Whoever opens it dies of it: it was tried twice, then left alone."
    return Reading(*found, facts_of(root, found.path), "killed_the_reader", sentence)
