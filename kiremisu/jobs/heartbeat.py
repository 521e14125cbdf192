"""The thread that says, while a job runs, that its worker lives."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DatabaseError, connection

from kiremisu.jobs import leases
from kiremisu.jobs.models import Job
from kiremisu.lib import logs

log = logs.get(__name__)


class Heart:
    """When the running batch began, and whether the job has ended."""

    def __init__(self) -> None:
        self.batch_began = time.monotonic()
        self.ended = threading.Event()


@contextmanager
def beating(job: Job, on_stuck: Callable[[], object] | None) -> Iterator[Heart]:
    """Keep the lease alive, from a thread with a connection of its own.

    A batch longer than settings' JOB_STEP_LIMIT ends that, and calls `on_stuck` there.
    """
    heart = Heart()
    if connection.in_atomic_block:
        # Nobody else sees a lease that is not committed.
        yield heart
        return
    thread = threading.Thread(target=_beat, args=(job, heart, on_stuck), daemon=True)
    thread.start()
    try:
        yield heart
    finally:
        heart.ended.set()
        thread.join()


def _beat(job: Job, heart: Heart, on_stuck: Callable[[], object] | None) -> None:
    try:
        while not heart.ended.wait(settings.JOB_HEARTBEAT):
            if time.monotonic() - heart.batch_began > settings.JOB_STEP_LIMIT:
                log.error("a batch hangs", job=str(job.pk), kind=job.kind, after=job.message)
                if on_stuck is not None:
                    on_stuck()
                return
            try:
                leases.beat(job)
            except DatabaseError:
                # The database may be back before the lease is too old.
                connection.close()
    finally:
        connection.close()
