"""Work that runs beside the requests: our own rows, woken by django-q2."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from kiremisu.accounts.models import User
from kiremisu.jobs.seeing import seen_jobs
from kiremisu.lib.ids import uuid7
from kiremisu.lib.queries import Rows
from kiremisu.lib.shapes import Shape, Shaped


class State(models.TextChoices):
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    WAITING = "waiting", "Waiting"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


LIVE = (State.QUEUED, State.RUNNING, State.WAITING)


class Priority(models.IntegerChoices):
    """Smaller goes first."""

    NOW = 0, "Now"
    SOON = 10, "Soon"
    NORMAL = 20, "Normal"
    LATER = 30, "Later"
    IDLE = 40, "Idle"


class Arguments(Shape):
    """What a job works on: ids and options, by the kind's own names."""


class Cursor(Shape):
    """How far a job has come, for whoever goes on with it."""


class JobQuery(Rows["Job"]):
    def visible_to(self, user: User) -> Self:
        """Administrators see all; others what they asked for, and what MAY_SEE shows them."""
        return self.filter(seen_jobs(user))

    def live(self) -> Self:
        return self.filter(state__in=LIVE)

    def claimable(self) -> Self:
        """What a worker may take now; of these the first by priority, then age."""
        due = models.Q(state=State.WAITING, not_before__lte=Now())
        return self.filter(models.Q(state=State.QUEUED) | due)


class Job(models.Model):
    """One piece of work. The lease is `owner` + `heartbeat`; `subject` is what it is about.

    A waiting job waits for its time (`not_before`, after a failure) or, without one, for the
    step before it; the parent of a chain waits for its steps.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=40)
    queue = models.CharField(max_length=20, default="default")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    subject = models.UUIDField(null=True, blank=True)
    # Of the live jobs only one may hold a key: "scan:<library>" makes one scan per library.
    key = models.CharField(max_length=120, blank=True)
    raw_arguments = models.JSONField(default=dict, blank=True, db_column="arguments")
    raw_cursor = models.JSONField(default=dict, blank=True, db_column="cursor")
    attempts = models.PositiveSmallIntegerField(default=0)
    # Workers that died at it: since its last effect, and ever.
    deaths = models.PositiveSmallIntegerField(default=0)
    all_deaths = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    message = models.CharField(max_length=500, blank=True)
    error = models.CharField(max_length=2000, blank=True)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="steps")
    step = models.PositiveSmallIntegerField(default=0)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    request_id = models.CharField(max_length=64, blank=True)
    cancel_asked = models.BooleanField(default=False)
    owner = models.CharField(max_length=80, blank=True)
    heartbeat = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)
    started = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)

    arguments = Shaped("raw_arguments", Arguments)
    cursor = Shaped("raw_cursor", Cursor)

    objects = JobQuery.as_manager()

    class Meta:
        ordering = ("-created",)
        constraints = (
            models.UniqueConstraint(
                fields=["key"],
                condition=models.Q(state__in=LIVE) & ~models.Q(key=""),
                name="one_live_job_per_key",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=State.values), name="job_state_is_known"
            ),
        )
        indexes = (
            models.Index(
                fields=["queue", "priority", "created"],
                condition=models.Q(state__in=(State.QUEUED, State.WAITING)),
                name="jobs_to_claim",
            ),
            models.Index(
                fields=["heartbeat"], condition=models.Q(state=State.RUNNING), name="jobs_leased"
            ),
            models.Index(fields=["-created"], name="jobs_newest_first"),
            models.Index(
                fields=["asked_by", "-created"],
                condition=models.Q(asked_by__isnull=False),
                name="jobs_by_asker",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    def argument(self, name: str) -> Any:
        """One of the arguments by name, or None."""
        return (self.arguments.model_extra or {}).get(name)
