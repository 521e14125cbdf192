"""What the server is doing, in figures and sentences."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job, State
from kiremisu.lib.sections import Section, sections
from library import losses
from library.models import Chapter, Content, Library, Loss, Series

_CODE = re.compile("^[a-z_]+: ")

SLATS = 60
# The most of each kind that is shown.
MOST = 20
RECENT = 4
# Covers of what came within this time are shown arriving, so many of them.
LATELY = timedelta(hours=1)
COVERS = 14

WORDS = {
    "scan": ("Scanning {}", "Scan of {}"),
    "covers": ("Making covers", "Covers"),
    "texts": ("Reading the text of PDFs in {}", "Text of PDFs in {}"),
    "geometry": ("Measuring pages in {}", "Pages of {}"),
    "geometry-of": ("Measuring the pages of a book", "Pages of a book"),
    "upload": ("Taking in an upload", "Upload"),
    "expired-uploads": ("Forgetting old uploads", "Old uploads"),
    "check": ("Checking cards", "Check of cards"),
    "weigh": ("Looking for gaps in {}", "Looking for gaps in {}"),
    "outlines": ("Asking what chapters exist", "What chapters exist"),
    "watch": ("Looking for new chapters", "New chapters"),
    "watch-list": ("Bringing a watch list in", "Watch list"),
    "old-acts": ("Forgetting old acts", "Old acts"),
    "old-answers": ("Forgetting old answers", "Old answers"),
    "match": ("Looking for what is new in {}", "Looking for what is new in {}"),
    "match-series": ("Looking for series", "Series looked for"),
    "refresh": ("Asking for old facts again", "Old facts"),
    "refresh-series": ("Asking for facts again", "Facts"),
    "names": ("Reading the names in {}", "Names in {}"),
    "act": ("Doing something to many series", "Something done to many series"),
    "undo": ("Taking back what was done", "What was done, taken back"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its words; `is_bad` when somebody should look."""

    value: str
    words: str
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """A job as the page shows it: `subject` is the name of what it is about."""

    job: Job
    subject: str
    viewer: User

    @property
    def name(self) -> str:
        """What it is called when it is over or to come: "Scan of Manga"."""
        _, words = WORDS.get(self.job.kind, ("", self.job.kind.replace("-", " ").capitalize()))
        return words.format(self.subject)

    @property
    def doing(self) -> str:
        """What it is called while it runs: "Scanning Manga"."""
        words, _ = WORDS.get(self.job.kind, (self.name, ""))
        return words.format(self.subject)

    @property
    def total(self) -> int:
        return self.job.total or 0

    @property
    def slats(self) -> list[str]:
        """Sixty slats of the blind: "d" let down, "live" moving, with "x" where a file failed."""
        down = self.job.done * SLATS // self.total if self.total else 0
        return [
            " ".join(
                filter(
                    None,
                    (
                        "d" if n < down else "live" if n == down else "",
                        "x" if n in self._notches else "",
                    ),
                )
            )
            for n in range(SLATS)
        ]

    @property
    def figures(self) -> list[Figure]:
        job, cursor = self.job, self._cursor
        of = f"of {self.total:,} {self._things}" if self.total else self._things
        found = [Figure(f"{job.done:,}", of)]
        for name, words in (
            ("added", "new"),
            ("changed", "changed"),
            ("moved", "moved"),
            ("restored", "back again"),
            ("missing", "gone from disk"),
        ):
            if cursor.get(name):
                found.append(Figure(f"{cursor[name]:,}", words))
        if cursor.get("held"):
            found.append(Figure(f"{cursor['held']:,}", "gone, left as they were", is_bad=True))
        if cursor.get("failed"):
            found.append(Figure(f"{cursor['failed']:,}", "could not be read", is_bad=True))
        if self.rate:
            is_slow = self.rate < 1
            speed = f"{self.rate * 60:,.0f}/min" if is_slow else f"{self.rate:,.0f}/s"
            found.append(Figure(speed, self._things))
        return found

    @property
    def rate(self) -> float:
        """How many a second: as the job says, else since it began."""
        if self._cursor.get("rate"):
            return float(self._cursor["rate"])
        if not self.job.started or self.job.state != State.RUNNING:
            return 0
        passed = (timezone.now() - self.job.started).total_seconds()
        return self.job.done / passed if passed >= 1 else 0

    @property
    def left(self) -> float | None:
        """Seconds to go at that rate."""
        return (self.total - self.job.done) / self.rate if self.total and self.rate else None

    @property
    def recent(self) -> list[str]:
        """The last files, newest first."""
        return list(reversed(self._cursor.get("recent") or []))[:RECENT]

    @property
    def error(self) -> str:
        """What went wrong, in words alone: the code before them is for programs."""
        return _CODE.sub("", self.job.error)

    @property
    def result(self) -> str:
        """What came of it, in a few words."""
        job, cursor = self.job, self._cursor
        if self.error:
            return self.error
        if job.kind == "scan":
            parts = [
                f"{cursor[name]:,} {words}"
                for name, words in (
                    ("added", "new"),
                    ("changed", "changed"),
                    ("missing", "gone"),
                    ("held", "gone, left as they were"),
                    ("failed", "unreadable"),
                )
                if cursor.get(name)
            ]
            return ", ".join(parts) or "nothing new"
        if job.kind == "upload":
            return job.message
        return f"{job.done:,} {'made' if job.kind == 'covers' else 'done'}"

    @property
    def took(self) -> timedelta | None:
        job = self.job
        return job.finished - job.started if job.finished and job.started else None

    @property
    def why(self) -> str:
        """Why it does not run yet."""
        if self.error:
            return f"Tried before: {self.error}"
        if not self.job.asked_by_id:
            return "By itself"
        is_own = self.job.asked_by_id == self.viewer.pk
        return "Asked for by you" if is_own else "Asked for by somebody else"

    @property
    def _things(self) -> str:
        return {"scan": "files", "covers": "covers"}.get(self.job.kind, "done")

    @property
    def _cursor(self) -> Mapping[str, Any]:
        return self.job.cursor.model_extra or {}

    @property
    def _notches(self) -> list[int]:
        return self._cursor.get("notches") or []


@dataclass(frozen=True, slots=True)
class Activity:
    """Everything the page of that name shows."""

    running: list[Work]
    failed: list[Work]
    waiting: list[Work]
    earlier: list[Work]
    losses: list[Loss]
    broken: list[Chapter]
    broken_count: int
    missing_count: int
    libraries: list[Library]
    arriving: list[Series]
    # What other apps say of what goes on.
    sections: list[Section]

    @property
    def needs_somebody(self) -> bool:
        return bool(self.losses or self.failed or self.broken or self.missing_count)


def activity(user: User) -> Activity:
    """What goes on in what this person may see."""
    jobs = Job.objects.visible_to(user).filter(steps__isnull=True)
    running = list(jobs.filter(state=State.RUNNING).order_by("started", "id")[:MOST])
    queued = jobs.filter(state__in=(State.QUEUED, State.WAITING))
    waiting = list(queued.order_by("priority", "created", "id")[:MOST])
    over = jobs.filter(state__in=(State.DONE, State.FAILED, State.CANCELLED))
    earlier = list(over.order_by("-finished", "-id")[:MOST])
    libraries = list(Library.objects.visible_to(user).order_by("name", "id"))
    names = {library.pk: library.name for library in libraries}
    chapters = Chapter.objects.visible_to(user)
    broken = chapters.exclude(problem="").filter(missing_since__isnull=True)
    newest = broken.select_related("series").order_by("-updated", "id")[:MOST]
    return Activity(
        running=_works(running, names, user),
        failed=_works(_latest_failures(earlier), names, user),
        waiting=_works(waiting, names, user),
        earlier=_works(earlier, names, user),
        losses=list(losses.waiting(user)[:MOST]) if user.curates else [],
        broken=list(newest),
        broken_count=broken.count(),
        missing_count=chapters.filter(missing_since__isnull=False).count(),
        libraries=libraries,
        arriving=_arriving(user) if running else [],
        sections=sections(settings.ACTIVITY_SECTIONS, user),
    )


def _arriving(user: User) -> list[Series]:
    """What came lately and has its cover by now."""
    found = Series.objects.visible_to(user).filter(
        last_added__gte=timezone.now() - LATELY, cover__cover_state=Content.CoverState.READY
    )
    newest = found.select_related("cover", "library").order_by("-cover__updated", "id")
    return list(newest[:COVERS])


def _works(jobs: Iterable[Job], names: Mapping[UUID, str], viewer: User) -> list[Work]:
    return [Work(job, names.get(job.subject, "") if job.subject else "", viewer) for job in jobs]


def _latest_failures(earlier: Iterable[Job]) -> list[Job]:
    """Those failed that did not go well since."""
    seen: set[tuple[str, UUID | None]] = set()
    failed = []
    for job in earlier:
        if (job.kind, job.subject) not in seen and job.state == State.FAILED:
            failed.append(job)
        seen.add((job.kind, job.subject))
    return failed
