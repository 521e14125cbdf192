"""Operations on many series: having them looked for, and their facts asked for again."""

from typing import Any
from uuid import UUID

from kiremisu.accounts import roles
from kiremisu.accounts.models import Role, User
from kiremisu.jobs import queue
from kiremisu.jobs.models import Job, State
from kiremisu.lib.errors import Conflict
from library import history, matched
from library.acts import Done
from library.batches.operations import check_none
from library.models import MatchState, Series
from metadata import enrichment
from metadata.models import Match
from metadata.review import choosing

_SAYS = {
    MatchState.MATCHED: "Is looked for again; what it is matched with stays.",
    MatchState.REVIEW: "Is looked for again; it is in review.",
    MatchState.NONE: "Is looked for again, although somebody said that there is no match.",
    MatchState.UNMATCHED: "Is looked for.",
}


def match(user: User, series: Series, options: dict[str, Any]) -> Done:
    """Have it looked for, also again. Raises Forbidden, and Invalid: it takes no options."""
    _check(user, options)
    state = MatchState(series.match_state)
    job = enrichment.request_match([series.pk], user)
    return Done(_SAYS[state], {"job": str(job.pk), "state": state})


def unmatch(user: User, series_id: UUID, memo: dict[str, Any]) -> None:
    """Look for it no more, and undo what was decided by that. Raises Forbidden, Conflict where
    people decided something since, or a worker is at it."""
    roles.check(user, Role.CURATOR)
    _call_off(user, memo)
    series = Series.objects.get(pk=series_id)
    last = choosing.last_decision(series)
    if last is not None and str(last.run) == memo["job"]:
        choosing.undo(series)
    elif series.decisions.filter(run=memo["job"], undone_at=None).exists():
        raise Conflict("Somebody decided about its match since.")
    was_none = memo["state"] == MatchState.NONE
    if was_none and Series.objects.filter(pk=series_id, match_state=MatchState.REVIEW).exists():
        matched.mark([series_id], MatchState.NONE)


def refresh(user: User, series: Series, options: dict[str, Any]) -> Done:
    """Have its facts asked for again, where it is matched. Raises Forbidden, and Invalid: it takes
    no options."""
    _check(user, options)
    found = Match.objects.filter(series=series).first()
    if found is None:
        return Done("Is not matched: nothing is asked.")
    job = enrichment.request_refresh([series.pk], user)
    return Done(f"Its facts are asked for again at {found.provider}.", {"job": str(job.pk)})


def unlearn(user: User, series_id: UUID, memo: dict[str, Any]) -> None:
    """Take back what was learnt by asking again, but for what was changed since. Raises Forbidden,
    Conflict where a worker is at it."""
    roles.check(user, Role.CURATOR)
    _call_off(user, memo)
    lines = history.lines_of(user, run=UUID(memo["job"]))
    history.take_back(series_id, lines.filter(series=series_id))


def _call_off(user: User, memo: dict[str, Any]) -> None:
    """The job that was asked for, where it has not begun."""
    job = Job.objects.filter(pk=memo["job"]).first()
    if job is None or not job.is_live:
        return
    if job.state == State.RUNNING:
        raise Conflict("It is being asked for in this moment. Try again when that is done.")
    queue.cancel(job, user)


def _check(user: User, options: dict[str, Any]) -> None:
    roles.check(user, Role.CURATOR)
    check_none(options)
