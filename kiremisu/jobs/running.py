"""Running one job: what a kind is given, what it yields, and how both are kept safe."""

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, cast

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from kiremisu.jobs import leases
from kiremisu.jobs.events import announce
from kiremisu.jobs.heartbeat import Heart, beating
from kiremisu.jobs.models import Cursor, Job, State
from kiremisu.jobs.queue import CHAIN
from kiremisu.lib import logs
from kiremisu.lib.errors import Refused, in_words
from kiremisu.lib.text import clean

_OFTEN = 0.25  # seconds between two saves of mere progress
_AT_LEAST = 10.0  # seconds a job may work before it makes way
_LOOK = 0.5  # seconds between two looks at a job that another worker runs

log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """How far a job has come, yielded after each batch of at most 10 seconds.

    `apply` is what the batch changes in the database. It is called in a transaction which
    also saves progress and cursor, and which commits only while this worker holds the job:
    effect and cursor stand or fall together, and a worker presumed dead changes nothing. A job
    whose workers die twice with no `apply` between is quarantined.
    `last`: the job is done with this; saved in the same transaction.
    `pausable`: going on from here later costs nothing, so a more urgent job may come first.
    """

    done: int = 0
    total: int | None = None
    message: str = ""
    apply: Callable[[], object] | None = None
    last: bool = False
    pausable: bool = False


class PutOff(Exception):
    """Raised by a kind that can do nothing for so many seconds: the job waits so long and goes on,
    however often, and counts no attempt. Its sentence is shown meanwhile."""

    def __init__(self, seconds: float, detail: str) -> None:
        super().__init__(detail)
        self.seconds, self.detail = seconds, detail


class Work:
    """What a kind is given: the job, its arguments, and a cursor it may write.

    A kind is a generator, named in settings' JOBS:

        def scan(work: Work) -> Iterator[Step]:
            library = Library.objects.get(pk=work.job.subject)
            for batch in batches(plan(library)):
                prepared = read(batch)                       # disk; no transaction is open
                yield Step(n, total, "Salt Road", apply=lambda: save(prepared))

    Between two yields it runs without a transaction and does its slow work: disk, network,
    pictures. What must take effect exactly once happens in `apply` of the step it yields, or
    in short transactions of its own where doing it twice does no harm. When the step has been
    saved, the generator goes on after its `yield`. `apply` is called before that, at once, so
    a lambda may use the loop's names.

    It may stop at any yield and be started anew from its top: after a crash, a failure, when
    the server stops, when something urgent comes. So it asks the database what is left, or
    reads `work.cursor`: a dict of small JSON values which it changes (also within `apply`) and
    which each step saves. A fresh start finds it as last saved.

    A cancelled or stopped job is closed at its yield (GeneratorExit): `finally` cleans up. An
    exception fails the attempt, which is tried again later; a `Refused` shows its sentence. Where
    somebody else's server is down it raises `PutOff`, and waits.
    Log lines carry the request's and the job's id by themselves.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.arguments: dict[str, Any] = dict(job.arguments.model_extra or {})
        self.cursor: dict[str, Any] = dict(job.cursor.model_extra or {})


type Kind = Callable[[Work], Iterator[Step]]


@cache
def kind_of(name: str) -> Kind:
    """The generator function that settings' JOBS names for this kind. Raises LookupError."""
    if name not in settings.JOBS:
        raise LookupError(f"There is no kind of job named {name!r} in settings' JOBS.")
    return cast(Kind, import_string(settings.JOBS[name]))


def _never() -> bool:
    return False


def run(
    job: Job,
    *,
    stop: Callable[[], bool] = _never,
    final: bool = False,
    watch: Callable[[Job], object] | None = None,
    on_stuck: Callable[[], object] | None = None,
) -> None:
    """Run a job that `leases.claim` gave to its end, or until `stop` says so (handed back).

    `final`: a failure is not tried again. `watch` sees the job after each step. `on_stuck` is
    called from another thread when one batch takes longer than settings' JOB_STEP_LIMIT.
    """
    with logs.bound(request_id=job.request_id, job=str(job.pk)), beating(job, on_stuck) as heart:
        log.info("job started", kind=job.kind, attempt=job.attempts)
        try:
            ending = _Run(job, heart, stop, watch).drive()
            log.info("job " + ending, kind=job.kind, done=job.done)
        except leases.Lost:
            log.warning("job lost to another worker", kind=job.kind)
        except PutOff as pause:
            log.info("job put off", kind=job.kind, seconds=pause.seconds)
            _keep_trying(partial(leases.put_off, job, pause.seconds, clean(pause.detail, 500)))
        except KeyboardInterrupt:
            _keep_trying(partial(leases.hand_back, job))
            raise
        except (Exception, SystemExit) as error:
            # SystemExit is how django-q2 says that its own time is up.
            log.warning("job failed", kind=job.kind, attempt=job.attempts, exc_info=error)
            _keep_trying(partial(leases.fail, job, _words(error), final))
            if isinstance(error, SystemExit):
                raise


def run_now(job: Job, watch: Callable[[Job], object] | None = None) -> Job:
    """Run a job here and now to its end, whatever waits before it, and answer it as it ended.

    A failure is final. Where a worker has the job already, this waits for that worker. `watch`
    sees the job as it moves. A chain runs step by step.
    """
    if job.kind == CHAIN:
        for step in job.steps.order_by("step"):
            if run_now(step, watch).state != State.DONE:
                break
    while True:
        taken = leases.claim_this(job)
        if taken is not None:
            run(taken, final=True, watch=watch)
        job.refresh_from_db()
        if watch is not None:
            watch(job)
        if not job.is_live:
            return job
        if taken is None:
            leases.sweep()
            time.sleep(_LOOK)


class _Run:
    """One worker's run of one job."""

    def __init__(
        self,
        job: Job,
        heart: Heart,
        stop: Callable[[], bool],
        watch: Callable[[Job], object] | None,
    ) -> None:
        self.job, self.heart, self.stop, self.watch = job, heart, stop, watch
        self.work = Work(job)
        self.began = time.monotonic()
        self.saved_at = 0.0
        self.saved_cursor = deepcopy(self.work.cursor)

    def drive(self) -> str:
        """Draw step after step; answers how it ended, in one word for the log."""
        steps = cast(Generator[Step], kind_of(self.job.kind)(self.work))
        with closing(steps):
            for step in steps:
                ending = self._after(step)
                self.heart.batch_began = time.monotonic()
                if ending:
                    return ending
        # What was yielded last may have come too soon after the one before to be saved.
        job = self.job
        self._save(Step(job.done, job.total, job.message, last=True))
        return "done"

    def _after(self, step: Step) -> str:
        job = self.job
        job.done, job.total = step.done, step.total
        job.message = clean(step.message, 500)
        if step.apply or step.last or self._is_due():
            self._save(step)
        if self.watch is not None:
            self.watch(job)
        if step.last:
            return "done"
        if job.cancel_asked:
            leases.end(job, State.CANCELLED)
            return "cancelled"
        if self.stop() or (step.pausable and self._makes_way()):
            self._save(Step(step.done, step.total, step.message))
            leases.hand_back(job)
            return "handed back"
        return ""

    def _is_due(self) -> bool:
        changed = self.work.cursor != self.saved_cursor
        return changed or time.monotonic() - self.saved_at >= _OFTEN

    @transaction.atomic
    def _save(self, step: Step) -> None:
        """Effect, progress and cursor, or nothing of it. Raises Lost."""
        job = self.job
        if step.apply is not None:
            step.apply()
        job.cursor = Cursor.model_validate(self.work.cursor)
        # Last, because it locks the row: the heartbeat goes on during `apply`, and whoever took
        # the lease meanwhile is seen here.
        saved = leases.held(job).update(
            done=job.done,
            total=job.total,
            message=job.message,
            raw_cursor=job.raw_cursor,
            # A worker that dies after this died at something else than the one before.
            deaths=F("deaths") if step.apply is None else 0,
            heartbeat=Now(),
            updated=Now(),
        )
        if not saved:
            raise leases.Lost
        job.cancel_asked = Job.objects.values_list("cancel_asked", flat=True).get(pk=job.pk)
        if step.last:
            leases.end(job, State.DONE)
        elif time.monotonic() - self.saved_at >= _OFTEN:
            announce("job", job.pk)
            self.saved_at = time.monotonic()
        self.saved_cursor = deepcopy(self.work.cursor)

    def _makes_way(self) -> bool:
        return time.monotonic() - self.began > _AT_LEAST and leases.more_urgent_waits(self.job)


def _keep_trying(save: Callable[[], object]) -> None:
    """Save what became of a job, also when the database is away for a moment."""
    until = time.monotonic() + settings.JOB_LEASE
    while True:
        try:
            save()
        except leases.Lost:
            log.warning("job lost to another worker")
        except DatabaseError:
            # Where it stays away the lease grows old, and a sweep sees to the job.
            if connection.in_atomic_block or time.monotonic() > until:
                raise
            connection.close()
            time.sleep(_LOOK)
            continue
        return


def _words(error: BaseException) -> str:
    if isinstance(error, Refused):
        return f"{error.code}: {error.detail}"[:2000]
    return clean(in_words(error), 2000)
