"""Pages that were costly to make, on disk: unpacked, rendered, scaled.

One folder per content, so that a book goes as a whole when room is needed: the books not
looked at for longest first. Files appear whole, under their final name.
"""

import os
import shutil
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from kiremisu.lib.errors import Unreadable

_DONE, _FAILED = "done", "failed"
# How long the failure to unpack a book is believed.
_FAILURE_SECONDS = 600
# The room is measured anew after so many bytes were added.
_MEASURE_EVERY = 64 << 20
# A folder's time is written at most once in so many seconds.
_TOUCH_SECONDS = 60


class PageCache:
    """Files below `folder`, together about `limit` bytes at most."""

    def __init__(self, folder: Path, limit: int) -> None:
        self.folder = folder
        self.limit = limit
        self._added = 0
        self._lock = threading.Lock()

    def path(self, key: str, name: str) -> str:
        """Where a page of the content `key` lies or would lie."""
        return str(self.folder / key / name)

    def read(self, key: str, name: str) -> bytes | None:
        """A page of the content `key`, None when it is not here."""
        place = self.folder / key
        try:
            data = (place / name).read_bytes()
        except FileNotFoundError:
            return None
        with suppress(OSError):
            now = time.time()
            if now - place.stat().st_mtime > _TOUCH_SECONDS:
                os.utime(place, (now, now))
        return data

    def write(self, key: str, name: str, data: bytes) -> None:
        """Keep a page. A full disk is no failure: the page was made all the same."""
        place = self.folder / key
        part = place / f".{uuid4().hex}"
        try:
            place.mkdir(parents=True, exist_ok=True)
            part.write_bytes(data)
            part.replace(place / name)
        except OSError:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            return
        self._grown(len(data), key)

    def unpack(self, key: str, size: int, extract: Callable[[str], object]) -> None:
        """Have `extract` write the content's pages into its folder, once for all.

        `size` is what they take together. Raises the Unreadable of an earlier try that failed.
        """
        place = self.folder / key
        place.mkdir(parents=True, exist_ok=True)
        if (place / _DONE).exists():
            return
        failed = place / _FAILED
        with suppress(FileNotFoundError):
            if time.time() - failed.stat().st_mtime < _FAILURE_SECONDS:
                code, _, detail = failed.read_text().partition(" ")
                raise Unreadable(detail, code=code)
        try:
            extract(str(place))
        except Unreadable as error:
            failed.write_text(f"{error.code} {error.detail}")
            raise
        (place / _DONE).touch()
        self._grown(size, key)

    def is_unpacked(self, key: str) -> bool:
        """Whether all pages that could be unpacked were."""
        return (self.folder / key / _DONE).exists()

    def _grown(self, size: int, key: str) -> None:
        with self._lock:
            self._added += size
            if self._added < min(_MEASURE_EVERY, self.limit):
                return
            self._added = 0
        self.make_room(keep=key)

    def make_room(self, keep: str = "") -> None:
        """Forget books until the rest fits, never the one just used."""
        books = sorted(self._books(), key=lambda book: -book[0])
        used = 0
        for _, size, place in books:
            used += size
            if used > self.limit and place.name != keep:
                used -= size
                _remove(place)

    def _books(self) -> list[tuple[float, int, Path]]:
        """Of each: when it was used last, its size, its folder."""
        found = []
        with suppress(FileNotFoundError, NotADirectoryError):
            for place in self.folder.iterdir():
                with suppress(FileNotFoundError, NotADirectoryError):
                    sizes = sum(each.stat().st_size for each in os.scandir(place))
                    found.append((place.stat().st_mtime, sizes, place))
        return found


def _remove(place: Path) -> None:
    # Renamed first: nobody finds a book of which half is gone.
    gone = place.with_name(f".{uuid4().hex}")
    with suppress(OSError):
        place.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
