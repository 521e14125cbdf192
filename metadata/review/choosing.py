"""Deciding which work of a provider a series is, and undoing it.

What people decide no job changes: a rejected candidate never comes again, and a series of which no
match exists, or that people matched, is passed over. Accepting learns the candidate's facts as it
was told; another match's facts are let go.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kiremisu.accounts.models import User
from kiremisu.lib.errors import Conflict, Gone, NotThere
from kiremisu.lib.ids import uuid7
from library import knowing, matched, sheets
from library.facts import Source
from library.models import MatchState, Series
from metadata import covering, outlining
from metadata.matching import Judged, sure
from metadata.models import Candidate, Decision, Match
from metadata.providers import Entry
from metadata.review import scoring
from metadata.shapes import Before
from metadata.watching import watches

KEPT = 10  # candidates of a series
_UNDOABLE = timedelta(days=30)

type Found = tuple[Judged, Entry]


@transaction.atomic
def propose(series_id: UUID, provider: str, found: Sequence[Found], run: UUID) -> MatchState:
    """Keep what was found for a series, likeliest first, and match it where that is sure.

    Answers what is known then. What people decided, and a match there is, stay.
    """
    series = sheets.held(series_id)
    rejected = series.candidates.filter(rejected_at__isnull=False)
    gone = set(rejected.filter(provider=provider).values_list("provider_id", flat=True))
    left = [one for one in found if one[1].id not in gone]
    _keep(series, provider, left[:KEPT])
    if series.match_state in {MatchState.MATCHED, MatchState.NONE}:
        return MatchState(series.match_state)
    best = sure([judged for judged, _ in left])
    if best is None:
        matched.mark([series.pk], MatchState.REVIEW)
        return MatchState.REVIEW
    candidate = series.candidates.get(provider=provider, provider_id=best.candidate.id)
    _match(series, candidate, _Choice(Decision.Kind.MATCHED, None, run, candidate))
    return MatchState.MATCHED


@transaction.atomic
def accept(
    candidate: Candidate, by: User | None, keep: Sequence[str] = (), lock: Sequence[str] = ()
) -> Decision:
    """The series is this work. The fields in `keep` are locked as they stand; all others that are
    not locked show what the provider says, and those in `lock` are locked so. Raises NotThere for
    a candidate that is none any more."""
    series = sheets.held(candidate.series_id)
    candidate = _still(series, candidate)
    fresh = [field for field in dict.fromkeys([*keep, *lock]) if field not in series.locks]
    if kept := [field for field in fresh if field in keep]:
        knowing.lock(series, *kept)
        series.refresh_from_db()
    Candidate.objects.filter(pk=candidate.pk).update(rejected_at=None, updated=timezone.now())
    kind = Decision.Kind.ACCEPTED
    choice = _Choice(kind, by, candidate=candidate, locked=fresh)
    decision = _match(series, candidate, choice)
    if later := [field for field in fresh if field not in keep]:
        knowing.lock(series, *later)
    return decision


@transaction.atomic
def accept_waiting(candidate: Candidate, by: User | None) -> bool:
    """The series is this work, unless something else was decided since it was looked at. Answers
    whether it was accepted."""
    series = sheets.held(candidate.series_id)
    offered = series.candidates.filter(pk=candidate.pk, rejected_at=None)
    waits = series.match_state == MatchState.REVIEW and offered.exists()
    if waits:
        accept(candidate, by)
    return waits


@transaction.atomic
def reject(candidate: Candidate, by: User | None) -> Decision:
    """The series is not this work; it never comes again for it. Where it was matched so, it is
    not any more. Raises NotThere for a candidate that is none any more."""
    series = sheets.held(candidate.series_id)
    candidate = _still(series, candidate)
    choice = _Choice(Decision.Kind.REJECTED, by, candidate=candidate)
    decision = _decided(series, choice)
    now = timezone.now()
    Candidate.objects.filter(pk=candidate.pk).update(rejected_at=now, updated=now)
    scoring.keep(series.pk)
    match = Match.objects.filter(series=series, provider=candidate.provider).first()
    if match is not None and match.provider_id == candidate.provider_id:
        _part(series, choice.run)
        matched.mark([series.pk], MatchState.REVIEW)
    return decision


@transaction.atomic
def none_exists(series: Series, by: User | None) -> Decision:
    """No provider has it, and nobody is to look for it again."""
    series = sheets.held(series.pk)
    choice = _Choice(Decision.Kind.NONE, by)
    decision = _decided(series, choice)
    _part(series, choice.run)
    matched.mark([series.pk], MatchState.NONE)
    return decision


@transaction.atomic
def undo(series: Series) -> Decision:
    """Take back what was decided last of a series, with the facts that were learnt by it.

    Raises Conflict when nothing is left to undo, Gone when it was more than 30 days ago.
    """
    series = sheets.held(series.pk)
    decision = last_decision(series)
    if decision is None:
        raise Conflict("Nothing was decided about this series.")
    if decision.created < timezone.now() - _UNDOABLE:
        raise Gone("This was decided too long ago.", code="decided_for_good")
    Decision.objects.filter(pk=decision.pk).update(undone_at=timezone.now())
    if decision.kind == Decision.Kind.REJECTED and decision.candidate_id:
        Candidate.objects.filter(pk=decision.candidate_id).update(rejected_at=None)
    before = decision.before
    now = sheets.standing(series)
    # What people set since is theirs.
    if let_go := [field for field in before.locked if now[field].source != Source.PERSON]:
        knowing.unlock(series, *let_go)
    _restore(series, before)
    scoring.keep(series.pk)
    decision.refresh_from_db()
    return decision


def last_decision(series: Series) -> Decision | None:
    """What an undo would take back."""
    return series.decisions.filter(undone_at__isnull=True).first()


def due_after(told: datetime) -> datetime:
    """When facts told then are asked for again: not all on one day."""
    days = settings.FACTS_AGE * random.uniform(0.8, 1.2)  # noqa: S311 - no secret
    return told + timedelta(days=days)


@transaction.atomic
def reopen(series_id: UUID) -> None:
    """Somebody wants it looked for again, although it was said that there is none."""
    if sheets.held(series_id).match_state == MatchState.NONE:
        matched.mark([series_id], MatchState.UNMATCHED)


@dataclass(frozen=True, slots=True)
class _Choice:
    """A decision that is being made."""

    kind: Decision.Kind
    by: User | None
    run: UUID = field(default_factory=uuid7)
    candidate: Candidate | None = None
    locked: Sequence[str] = ()


def _still(series: Series, candidate: Candidate) -> Candidate:
    """The candidate as it is now: until the series was held it may have been let go."""
    found = series.candidates.filter(pk=candidate.pk).first()
    if found is None:
        raise NotThere("This is no candidate any more. It was looked for again meanwhile.")
    return found


def _match(series: Series, candidate: Candidate, choice: _Choice) -> Decision:
    decision = _decided(series, choice)
    match = Match.objects.filter(series=series).first()
    if match is not None and match.provider != candidate.provider:
        knowing.forget(series.pk, match.provider, choice.run)
    _set(series, candidate, choice.by, choice.run)
    return decision


def _set(series: Series, candidate: Candidate, by: User | None, run: UUID) -> None:
    told = candidate.told
    facts = {
        "provider": candidate.provider,
        "provider_id": candidate.provider_id,
        "score": candidate.score,
        "by": by,
        "told": told,
        "due": due_after(told),
    }
    Match.objects.update_or_create(series=series, defaults=facts)
    scoring.keep(series.pk)
    matched.mark([series.pk], MatchState.MATCHED)
    knowing.learn(series.pk, candidate.provider, candidate.weighed.patch, run)
    outlining.request_due()
    if series.cover_id is None:
        covering.request_lending()
    watches.follow(series.pk, candidate.provider, candidate.provider_id)


def _part(series: Series, run: UUID) -> None:
    """The series is no work of a provider any more, and what that said is let go."""
    match = Match.objects.filter(series=series).first()
    if match is not None:
        match.delete()
        scoring.keep(series.pk)
        knowing.forget(series.pk, match.provider, run)
        outlining.forget(series.pk)
        watches.lose(series.pk)


def _restore(series: Series, before: Before) -> None:
    """As it was before a decision; what was never looked at is in review instead, so that no job
    decides the same again."""
    run = uuid7()
    work = {"provider": before.provider, "provider_id": before.provider_id}
    by = User.objects.filter(pk__in=[before.by]).first()
    candidate = series.candidates.filter(**work).first()
    if before.state == MatchState.MATCHED:
        # Where it is matched so already its facts may be newer than those of the candidate.
        if Match.objects.filter(series=series, **work).update(by=by, score=before.score):
            return
        if candidate is not None:
            _set(series, candidate, by, run)
            return
    _part(series, run)
    kept = before.state == MatchState.NONE
    matched.mark([series.pk], MatchState.NONE if kept else MatchState.REVIEW)


def _decided(series: Series, choice: _Choice) -> Decision:
    match = Match.objects.filter(series=series).first()
    before = Before(state=MatchState(series.match_state), locked=list(choice.locked))
    if match is not None:
        before.provider, before.provider_id = match.provider, match.provider_id
        before.score, before.by = match.score, match.by_id
    decision = Decision(
        series=series,
        kind=choice.kind,
        candidate=choice.candidate,
        by=choice.by,
        run=choice.run,
    )
    decision.before = before
    decision.save()
    return decision


def _keep(series: Series, provider: str, found: Sequence[Found]) -> None:
    """These are its candidates now, besides those rejected and the one it is matched with."""
    match = Match.objects.filter(series=series).first()
    others = series.candidates.filter(provider=provider, rejected_at__isnull=True)
    others = others.exclude(provider_id__in=[entry.id for _, entry in found])
    others.exclude(provider_id=match.provider_id if match else "").delete()
    rows = [scoring.candidate(series, provider, *one) for one in found]
    Candidate.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["series", "provider", "provider_id"],
        update_fields=["score", "content_rating", "raw_weighed", "told", "updated"],
    )
    scoring.keep(series.pk)
