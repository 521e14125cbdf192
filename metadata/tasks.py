"""The kinds of job that look after what other servers say."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import batched
from uuid import UUID

from kiremisu.jobs.running import PutOff, Step, Work
from kiremisu.lib import logs
from kiremisu.lib.errors import Unavailable, UpstreamFailed
from library.models import Series
from metadata import artwork, enrichment, providers, remembering
from metadata.models import Match
from metadata.review import choosing

_ASKED = 100  # works at once
_LOOKING = "Looking on MangaDex"
_LEARNT = 20  # series in one transaction
_PAUSE = 60  # seconds before a server that failed is asked again
# What a server does to one question and will do to it again.
_IN_VAIN = {"upstream_garbled", "upstream_led_away"}

log = logs.get(__name__)


def match_library(work: Work) -> Iterator[Step]:
    """Look for the works of all series of a library that were never looked for."""
    passed_over = [UUID(each) for each in work.cursor.get("passed_over", [])]
    done, total = 0, 0
    while work.job.subject:
        left = enrichment.unmatched(work.job.subject).exclude(pk__in=passed_over)
        total = max(total, done + left.count())
        some = list(left[:_ASKED])
        if not some:
            break
        for series in some:
            done += 1
            yield _looked_for(work, series, done, total)


def match_series(work: Work) -> Iterator[Step]:
    """Look for these series, again as well. Argument `series`: their ids."""
    ids = work.arguments.get("series", [])
    for place in range(work.cursor.get("done", 0), len(ids)):
        series = Series.objects.filter(pk=ids[place], hidden_at=None).first()
        work.cursor["done"] = place + 1
        if series is not None:
            yield _looked_for(work, series, place + 1, len(ids), again=True)


def refresh(work: Work) -> Iterator[Step]:
    """Ask again for the facts of all matched series that are due."""
    began = work.job.created
    done, total = 0, enrichment.due(began).count()
    while some := list(enrichment.due(began)[:_ASKED]):
        yield from _renewed(work, some, done, total)
        done += len(some)


def refresh_series(work: Work) -> Iterator[Step]:
    """Ask again for the facts of these series. Argument `series`: their ids."""
    ids = work.arguments.get("series", [])
    old = Match.objects.filter(series__in=ids, told__lt=work.job.created).order_by("series")
    yield from _renewed(work, list(old), len(ids) - old.count(), len(ids))


def forget_old_answers(work: Work) -> Iterator[Step]:  # noqa: ARG001 - every kind takes its job
    """Forget answers and covers of other servers that are too old, or too many."""
    gone = remembering.forget_old() + artwork.forget_old()
    yield Step(gone, gone, f"{gone} forgotten" if gone else "Nothing was too old", last=True)


def _looked_for(work: Work, series: Series, done: int, total: int, again: bool = False) -> Step:
    """The step in which a series was looked for."""
    provider = providers.of(enrichment.provider_name())
    try:
        found = enrichment.look_for(series, provider)
    except UpstreamFailed as failure:
        if failure.code not in _IN_VAIN:
            raise PutOff(_PAUSE, failure.detail) from failure
        log.warning("a series cannot be looked for", series=str(series.pk), code=failure.code)
        passed = [*work.cursor.get("passed_over", []), str(series.pk)]
        work.cursor["passed_over"] = passed
        return Step(done, total, _LOOKING, apply=lambda: None, pausable=True)
    except Unavailable as failure:
        raise PutOff(failure.retry_after or _PAUSE, failure.detail) from failure

    def apply() -> None:
        if again:
            choosing.reopen(series.pk)
        choosing.propose(series.pk, provider.name, found, work.job.pk)

    return Step(done, total, _LOOKING, apply=apply, pausable=True)


def _renewed(work: Work, matches: Sequence[Match], done: int, total: int) -> Iterator[Step]:
    for some in batched(matches, _ASKED, strict=False):
        name = some[0].provider
        try:
            # Not what was answered before somebody asked, but what was since.
            provider = providers.of(name, since=work.job.created)
            told = provider.many([match.provider_id for match in some])
        except UpstreamFailed as failure:
            raise PutOff(_PAUSE, failure.detail) from failure
        except Unavailable as failure:
            raise PutOff(failure.retry_after or _PAUSE, failure.detail) from failure
        for few in batched(some, _LEARNT, strict=False):
            done += len(few)
            apply = partial(enrichment.renew, few, told, work.job.pk)
            yield Step(done, max(done, total), "Asking for facts", apply=apply, pausable=True)
