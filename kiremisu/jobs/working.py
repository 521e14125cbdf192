"""What django-q2 runs: one wake-up, which works until nothing is left.

Beside it, in each worker process, a thread sweeps: it frees the jobs of dead workers, and
ends a cluster that has stopped delivering wake-ups, for whoever started it to start anew.
"""

import mmap
import os
import signal
import threading
import time
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models.functions import Now
from django_q.conf import Conf

from kiremisu.jobs import leases
from kiremisu.jobs.models import Job
from kiremisu.jobs.running import run
from kiremisu.jobs.waking import push
from kiremisu.lib import logs

_JAMMED = 60  # seconds

log = logs.get(__name__)

# One byte that all forks of this process share. No lock: a killed process would keep it.
_stopping = mmap.mmap(-1, 1)


class _Idleness:
    """Since when this process has nothing to do; None while it works."""

    since: float | None = time.monotonic()


def stop() -> None:
    """Have this process and its forks hand back what they run, and take nothing more."""
    _stopping[0] = 1


def is_stopping() -> bool:
    return _stopping[0] != 0


def work(queue: str) -> int:
    """Claim and run jobs of this queue until none is left; answers how many it ran."""
    _Idleness.since = None
    try:
        return _work(queue)
    finally:
        _Idleness.since = time.monotonic()


def _work(queue: str) -> int:
    until = time.monotonic() + settings.JOB_WAKE_LENGTH
    # Well before django-q2 would break off the job.
    latest = time.monotonic() + 0.8 * Conf.TIMEOUT
    ran = 0
    while not is_stopping():
        if time.monotonic() > until:
            push(queue)
            break
        job = leases.claim(queue)
        if job is None:
            break
        run(job, stop=lambda: is_stopping() or time.monotonic() > latest, on_stuck=_die)
        ran += 1
    return ran


def begin(**_: object) -> None:
    """A worker process has started: sweep beside its work from now on."""
    _Idleness.since = time.monotonic()
    threading.Thread(target=_sweep_for_ever, name="sweep", daemon=True).start()


def _sweep_for_ever() -> None:
    while not is_stopping():
        try:
            leases.sweep()
            jammed = _is_jammed(Conf.CLUSTER_NAME)
        except DatabaseError as error:
            log.warning("cannot sweep", error=str(error))
            jammed = False
        finally:
            connection.close()
        if jammed and not is_stopping():
            log.error("wake-ups are not delivered, the cluster must start anew")
            os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(settings.JOB_SWEEP)


def _is_jammed(queue: str) -> bool:
    """Whether work waits while this worker, for long now, is not given any.

    The workers share one pipe under a lock that nobody opens when its holder is killed.
    """
    since = _Idleness.since
    if since is None or time.monotonic() - since < _JAMMED:
        return False
    long_ago = Now() - timedelta(seconds=_JAMMED)
    waiting = Job.objects.claimable().filter(queue=queue, updated__lt=long_ago)
    return waiting.exists()


def _die() -> None:
    # A thread cannot be ended from outside; django-q2 starts a new worker.
    os._exit(1)
