"""Bringing what we know of a library up to date with what is on disk.

    walk → plan (pure) → apply, one short transaction per batch

A scan is a job: `request` has a worker do it, `scan` does it here and now. One library is
scanned once at a time, whoever asks.
"""

from collections.abc import Callable
from typing import NamedTuple

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job, Priority, State
from kiremisu.jobs.queue import enqueue
from kiremisu.jobs.running import run_now
from kiremisu.lib.errors import Conflict, Unavailable
from library.models import Library, LibraryQuery


class Summary(NamedTuple):
    """What a scan did, in files; `seconds` from the start of the walk to the last commit."""

    files: int = 0
    added: int = 0
    changed: int = 0
    moved: int = 0
    missing: int = 0
    restored: int = 0
    failed: int = 0
    seconds: float = 0.0


def request(library: Library, asked_by: User | None = None, full: bool = False) -> Job:
    """Have a worker scan this library; who asks while one is under way joins that one."""
    return enqueue(
        "scan",
        subject=library.id,
        key=f"scan:{library.id}",
        arguments={"full": full},
        priority=Priority.SOON if asked_by else Priority.NORMAL,
        asked_by=asked_by,
    )


def scan(
    library: Library, progress: Callable[[Job], object] | None = None, full: bool = False
) -> Summary:
    """Scan here and now; where a worker is at it already, wait for that one.

    `progress` sees the job as it moves. Raises Unavailable with the reason when the folder
    cannot be read, Conflict when somebody called it off.
    """
    job = run_now(request(library, full=full), progress)
    if job.state == State.FAILED:
        raise Unavailable(job.error, code="scan_failed")
    if job.state == State.CANCELLED:
        raise Conflict("The scan was called off.")
    return summary_of(job)


def may_know(user: User) -> LibraryQuery:
    """The libraries whose scans this person may follow: a scan names any file it comes to."""
    visible = Library.objects.visible_to(user)
    return visible if user.sees_every_rating else visible.none()


def summary_of(job: Job) -> Summary:
    """What this scan's cursor says so far."""
    kept = job.cursor.model_extra or {}
    return Summary(**{name: kept[name] for name in Summary._fields if name in kept})
