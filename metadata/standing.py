"""How other servers do, in words: for those who look at what goes on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from kiremisu.accounts.models import User
from kiremisu.lib.sections import Section
from metadata import providers
from metadata.models import Circuit, Upstream

# Shorter pauses are everyday pace.
_SHORT = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Source:
    """A provider: `state` in words, followed by the moment `until`; what went wrong in `detail`."""

    name: str
    label: str
    is_well: bool
    state: str
    until: datetime | None = None
    detail: str = ""


def sources(user: User) -> Section | None:  # noqa: ARG001 - the same for everybody
    """How the providers do that were asked; None when none was yet."""
    rows = Upstream.objects.filter(name__in=settings.PROVIDERS).order_by("name")
    found = [_source(row) for row in rows]
    return Section("metadata/_sources.html", {"sources": found}) if found else None


def _source(row: Upstream) -> Source:
    label, now = providers.of(row.name).label, timezone.now()
    if row.circuit == Circuit.OPEN and row.opened_at is not None:
        until = row.opened_at + timedelta(seconds=settings.UPSTREAM_REST)
        if until > now:
            state = "Failed several times, and is left alone until"
            return Source(row.name, label, False, state, until, row.problem)
        return Source(
            row.name, label, False, "Is tried again at the next question", None, row.problem
        )
    if row.circuit == Circuit.HALF_OPEN:
        return Source(row.name, label, False, "Is being tried again", None, row.problem)
    if row.next_at > now + _SHORT:
        state = "Asked to be left alone until"
        return Source(row.name, label, False, state, row.next_at)
    if row.problem:
        state = "Failed at the last question,"
        return Source(row.name, label, False, state, row.failed_at, row.problem)
    return Source(row.name, label, True, "Works, and was asked", row.answered_at)
