"""Who was found to see what, remembered for a minute."""

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db.models import QuerySet

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job
from kiremisu.jobs.seeing import rules
from kiremisu.lib.threads import ask

_KEPT = 60.0  # seconds
_MOST = 20_000

# A person, and a subject that they may know of.
type Sight = tuple[UUID, UUID]


class Sights:
    """What one process knows of who may know of which subjects."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, UUID, UUID], tuple[bool, float]] = {}
        self.changes = 0

    def forget(self) -> None:
        """What people may see has changed."""
        self._known.clear()
        self.changes += 1

    async def of(
        self, topic: str, subjects: Collection[UUID], people: Iterable[UUID]
    ) -> set[Sight]:
        """Which of these people may know of which of these: one query for each person of whom
        it is not known."""
        now = time.monotonic()
        sights: set[Sight] = set()
        unknown: dict[UUID, list[UUID]] = defaultdict(list)
        for person in people:
            for subject in subjects:
                sees, until = self._known.get((topic, person, subject), (False, 0.0))
                if until < now:
                    unknown[person].append(subject)
                elif sees:
                    sights.add((person, subject))
        if unknown:
            changes = self.changes
            found = await ask(_found, topic, unknown)
            # What was looked up before a change must not outlive it.
            if self.changes == changes:
                self._remember(topic, unknown, found, now + _KEPT)
            sights |= found
        return sights

    def _remember(
        self, topic: str, asked: Mapping[UUID, list[UUID]], found: set[Sight], until: float
    ) -> None:
        if len(self._known) > _MOST:
            self._known.clear()
        for person, subjects in asked.items():
            for subject in subjects:
                self._known[topic, person, subject] = ((person, subject) in found, until)


def _found(topic: str, asked: Mapping[UUID, list[UUID]]) -> set[Sight]:
    # Read anew: a stream may have been opened under another role.
    people = User.objects.filter(pk__in=list(asked), is_active=True)
    return {
        (person.pk, subject)
        for person in people
        for subject in _seen(person, topic)
        .filter(pk__in=asked[person.pk])
        .values_list("pk", flat=True)
    }


def _seen(user: User, topic: str) -> QuerySet[Job]:
    if topic == "job":
        return Job.objects.visible_to(user).order_by()
    answer = rules()[topic](user)
    assert isinstance(answer, QuerySet), f"the rule for {topic} must answer subjects"
    return answer.order_by()
