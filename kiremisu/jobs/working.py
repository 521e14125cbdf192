"""What django-q2 runs: one wake-up, which works until nothing is left.

Beside it, in each worker process, a thread sweeps: it frees the jobs of workers that died and
wakes whoever can go on, also where a wake-up was lost.
"""

import mmap
import os
import signal
import threading
import time
from collections.abc import Callable
from functools import cache
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.module_loading import import_string
from django_q.cluster import Cluster
from django_q.conf import Conf
from django_q.signals import post_spawn

from kiremisu.jobs import leases
from kiremisu.jobs.running import run
from kiremisu.jobs.waking import push
from kiremisu.lib import logs

log = logs.get(__name__)

# One byte that all forks of this process share. No lock: a killed process would keep it.
_stopping = mmap.mmap(-1, 1)


def attend(cluster: Cluster) -> None:
    """Before it starts: have this cluster's workers sweep, and stop soon when it is told to."""

    def stop(number: int, frame: FrameType | None) -> None:
        # The workers see it after their batch; django-q2 alone would wait for the whole job.
        _stopping[0] = 1
        cluster.sig_handler(number, frame)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    post_spawn.connect(_begin)


def is_stopping() -> bool:
    return _stopping[0] != 0


def work(queue: str) -> int:
    """Claim and run jobs of this queue until none is left; answers how many it ran."""
    began = time.monotonic()
    # Well before django-q2 would break off the job.
    latest = began + 0.8 * Conf.TIMEOUT
    ran = 0
    while not is_stopping() and time.monotonic() - began < settings.JOB_WAKE_LENGTH:
        try:
            job = leases.claim(queue)
        except DatabaseError as error:
            # A sweep wakes us when the database is back.
            log.warning("cannot claim a job", error=str(error))
            connection.close()
            return ran
        if job is None:
            return ran
        run(job, stop=lambda: is_stopping() or time.monotonic() > latest, on_stuck=_die)
        ran += 1
    if not is_stopping():
        push(queue)
    return ran


def _begin(**_: object) -> None:
    threading.Thread(target=sweep_until_stopped, name="sweep", daemon=True).start()


def sweep_until_stopped() -> None:
    """Sweep at once and then every JOB_SWEEP seconds, on this thread's own connection."""
    while not is_stopping():
        try:
            leases.sweep()
            for ask in _by_the_clock():
                ask()
        except DatabaseError as error:
            log.warning("cannot sweep", error=str(error))
        finally:
            connection.close()
        time.sleep(settings.JOB_SWEEP)


@cache
def _by_the_clock() -> list[Callable[[], object]]:
    return [import_string(path) for path in settings.JOBS_BY_THE_CLOCK]


def _die() -> None:
    # A batch that hangs cannot be ended otherwise; django-q2 starts a new worker.
    os._exit(1)
