"""Noticing that files of libraries change, so that a scan looks soon.

The kernel tells of changes (by watchfiles). Where it cannot, on shares of other machines and where
it has no room for more watches, folders are looked through every few minutes instead. Where that
fails, too, by a link that leads to itself or a name that is no UTF-8, a scan looks as often.
"""

import threading
import time
from contextlib import suppress
from uuid import UUID

from django.db import DatabaseError, connection
from watchfiles import watch

from kiremisu.lib import logs
from kiremisu.lib.errors import Unavailable
from library import disk, mounts, scanning
from library.models import Library

log = logs.get(__name__)

# Seconds: how often one looks which libraries there are, and whether it is time to ask; how long
# after one scan was asked for the next may be.
_LIBRARIES, _LOOK, _PAUSE = 15.0, 0.2, 10.0
# Milliseconds: changes that come so close are one; they are told after so long at the latest.
_CLOSE, _LATEST = 200, 1000
_POLL = 120_000


class Pace:
    """When to ask for a scan of a folder in which things change: soon, and not all the time."""

    def __init__(self) -> None:
        self.changed = False
        self._not_before = 0.0

    def is_due(self, now: float) -> bool:
        """`now` is a monotonic time."""
        return self.changed and now >= self._not_before

    def asked(self, now: float, *, is_new: bool) -> None:
        """A scan was asked for; one that was under way may have passed what changed by."""
        self.changed |= not is_new
        self._not_before = now + _PAUSE


class Watcher(threading.Thread):
    """Watches one library's folder until told to stop, or until it is another folder."""

    def __init__(self, library_id: UUID, root: str) -> None:
        super().__init__(name=f"watching {library_id}", daemon=True)
        self.library_id, self.root = library_id, root
        self.identity = disk.identity(root)
        self.pace = Pace()
        self._stop_asked = threading.Event()

    def run(self) -> None:
        polling = mounts.is_far_away(self.root)
        while not self._stop_asked.is_set():
            try:
                self._watch(polling=polling)
            except OSError as error:
                log.warning("cannot be told of changes, so looks", root=self.root, error=str(error))
                if polling:
                    self._scan_later()
                polling = True
            except RuntimeError as error:
                # Watching again at once would end at once while such a file is read.
                log.warning("cannot be watched for a while", root=self.root, error=str(error))
                self._scan_later()

    def _scan_later(self) -> None:
        self._stop_asked.wait(_POLL / 1000)
        self.pace.changed = True

    def _watch(self, *, polling: bool) -> None:
        changes = watch(
            self.root,
            watch_filter=lambda _, path: matters(self.root, path),
            debounce=_LATEST,
            step=_CLOSE,
            stop_event=self._stop_asked,
            rust_timeout=1000,
            raise_interrupt=False,
            force_polling=polling,
            poll_delay_ms=_POLL,
            ignore_permission_denied=True,
        )
        for _ in changes:
            self.pace.changed = True

    def stop(self) -> None:
        self._stop_asked.set()

    @property
    def is_good(self) -> bool:
        """Whether it lives, and what it watches is what lies there."""
        try:
            return self.is_alive() and disk.identity(self.root) == self.identity
        except Unavailable:
            return False


class Folders:
    """All libraries' folders, each with its watcher while it is there."""

    def __init__(self) -> None:
        self.watchers: dict[UUID, Watcher] = {}
        self._seen: set[UUID] = set()

    def follow(self) -> None:
        """Watch each library that there is, where its folder is now."""
        there = {library.pk: library.folder for library in Library.objects.order_by("id")}
        for key, each in list(self.watchers.items()):
            if there.get(key) != each.root or not each.is_good:
                each.stop()
                del self.watchers[key]
        for key in there.keys() - self.watchers.keys():
            # While its disk is not there, the next look tries again.
            with suppress(Unavailable):
                watcher = Watcher(key, there[key])
                # What happened while nobody watched, which at the start is a scan's business.
                watcher.pace.changed = key in self._seen
                watcher.start()
                self.watchers[key] = watcher
        self._seen.update(there)

    def ask(self, now: float) -> None:
        """Ask for the scans whose time has come."""
        for each in self.watchers.values():
            if each.pace.is_due(now):
                each.pace.changed = False
                library = Library.objects.filter(pk=each.library_id).first()
                if library is not None:
                    job = scanning.request(library)
                    each.pace.asked(now, is_new=job.started is None)

    def stop(self) -> None:
        for each in self.watchers.values():
            each.stop()


def run(stop: threading.Event) -> None:
    """Watch all libraries until `stop` is set."""
    folders = Folders()
    looked = -_LIBRARIES
    while not stop.wait(_LOOK):
        now = time.monotonic()
        try:
            folders.ask(now)
            if now - looked >= _LIBRARIES:
                looked = now
                folders.follow()
        except DatabaseError as error:
            log.warning("cannot ask for a scan", error=str(error))
            connection.close()
    folders.stop()
    connection.close()


def matters(root: str, path: str) -> bool:
    """Whether a scan may find something other because of a change there."""
    parts = path.removeprefix(root).strip("/").split("/")
    return not any(disk.is_left_out(part) for part in parts)
