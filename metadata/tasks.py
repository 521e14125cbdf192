"""The kinds of job that look after what other servers say."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import batched
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils import timezone

from kiremisu.jobs.running import PutOff, Step, Work
from kiremisu.lib import logs
from kiremisu.lib.errors import NotThere, Unavailable, UpstreamFailed
from library import picking
from library.models import Content, Series
from metadata import artwork, covering, enrichment, outlining, providers, remembering
from metadata.models import Match
from metadata.review import choosing

_ASKED = 100  # works at once
_LOOKING = "Looking on MangaDex"
_LEARNT = 20  # series in one transaction
_PAUSE = 60  # seconds before a server that failed is asked again
# What a server does to one question and will do to it again …
_IN_VAIN = {"upstream_garbled", "upstream_led_away", "upstream_refuses"}
# … but to so many series in a row something else does it, as a network that wants a login first.
_IN_A_ROW = 5
_TRIES = 5  # in a row, after which works are not asked for again on this day

log = logs.get(__name__)


def match_library(work: Work) -> Iterator[Step]:
    """Look for the works of all series of a library that were never looked for."""
    done, total = 0, 0
    while work.job.subject:
        left = _left(work, enrichment.unmatched(work.job.subject))
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
    old = Match.objects.filter(series__in=ids, told__lt=work.job.created).order_by("series_id")
    some = list(_left(work, old))
    yield from _renewed(work, some, len(ids) - len(some), len(ids))
    for match in Match.objects.filter(series__in=ids).order_by("series_id"):
        yield _outlined(work, match, len(ids), len(ids))


def outlines(work: Work) -> Iterator[Step]:
    """Ask which chapters exist of the matched series of which that is not known, or old."""
    done, total = 0, 0
    while some := list(_left(work, outlining.due(work.job.created))[:_ASKED]):
        total = max(total, done + _left(work, outlining.due(work.job.created)).count())
        for match in some:
            done += 1
            yield _outlined(work, match, done, total)


def lend_covers(work: Work) -> Iterator[Step]:
    """Have matched series that have no cover show that of their work."""
    done = 0
    while some := list(_left(work, covering.bare())[:_ASKED]):
        for match in some:
            done += 1
            yield _lent(work, match, done)


def choose_cover(work: Work) -> Iterator[Step]:
    """Have a series show a cover of its work, for who asked. Argument `url`: which."""
    user, series = work.job.asked_by, work.job.subject
    if user is None or series is None:
        return
    try:
        picture = covering.fetched(series, work.arguments.get("url", ""))
    except Unavailable as failure:
        raise PutOff(failure.retry_after or _PAUSE, failure.detail) from failure
    apply = partial(covering.wear, user, series, picture, work.job.pk)
    yield Step(1, 1, "It is shown", apply=apply, last=True)


def fetch_covers(work: Work) -> Iterator[Step]:
    """Have the covers of a series' work here, to be chosen from."""
    match = Match.objects.filter(series__in=[work.job.subject]).first()
    if match is None:
        return
    provider = providers.of(match.provider)
    try:
        some = provider.covers([match.provider_id]).get(match.provider_id, [])
        for done, cover in enumerate(some, 1):
            artwork.fetched(provider, cover)
            yield Step(done, len(some), "Fetching covers", pausable=True)
    except Unavailable as failure:
        raise PutOff(failure.retry_after or _PAUSE, failure.detail) from failure


def forget_old_answers(work: Work) -> Iterator[Step]:  # noqa: ARG001 - every kind takes its job
    """Forget answers and covers of other servers that are too old, or too many."""
    gone = remembering.forget_old() + artwork.forget_old()
    yield Step(gone, gone, f"{gone} forgotten" if gone else "Nothing was too old", last=True)


def _left[M: Model](work: Work, rows: QuerySet[M]) -> QuerySet[M]:
    """Those behind the last that was passed over; rows in the order of their series' ids."""
    after = work.cursor.get("after")
    return rows.filter(pk__gt=after) if after else rows


def _passed_over(work: Work, last: UUID, failure: UpstreamFailed) -> None:
    log.warning("series are passed over", last=str(last), code=failure.code)
    work.cursor["after"] = str(last)


def _looked_for(work: Work, series: Series, done: int, total: int, again: bool = False) -> Step:
    """The step in which a series was looked for."""
    provider = providers.of(enrichment.provider_name())
    found = _told(work, series.pk, partial(enrichment.look_for, series, provider))
    if isinstance(found, UpstreamFailed):
        return Step(done, total, found.detail, apply=lambda: None, pausable=True)

    def apply() -> None:
        if again:
            choosing.reopen(series.pk)
        choosing.propose(series.pk, provider.name, found, work.job.pk)

    return Step(done, total, _LOOKING, apply=apply, pausable=True)


def _outlined(work: Work, match: Match, done: int, total: int) -> Step:
    """The step in which it was asked which chapters exist of a series."""
    provider = providers.of(match.provider, since=work.job.created)
    try:
        found = _told(work, match.pk, partial(provider.outline, match.provider_id))
    except NotThere:
        # Taken down there: what was known of it stays.
        found = None
    work.cursor["after"] = str(match.pk)
    if found is None or isinstance(found, UpstreamFailed):
        return Step(done, total, found.detail if found else "", apply=lambda: None, pausable=True)
    apply = partial(outlining.learn, match, found, timezone.now())
    return Step(done, total, "Asking what exists", apply=apply, pausable=True)


def _lent(work: Work, match: Match, done: int) -> Step:
    """The step in which the cover of a work was fetched."""
    provider = providers.of(match.provider)

    def ask() -> Content | None:
        entry = provider.many([match.provider_id]).get(match.provider_id)
        cover = next(iter(entry.patch.covers or []), None) if entry else None
        return covering.kept(provider, cover) if cover else None

    picture = _told(work, match.pk, ask)
    work.cursor["after"] = str(match.pk)
    if picture is None or isinstance(picture, UpstreamFailed):
        return Step(done, None, "Fetching covers", apply=lambda: None, pausable=True)
    apply = partial(picking.lend, match.pk, picture)
    return Step(done, None, "Fetching covers", apply=apply, pausable=True)


def _told[T](work: Work, last: UUID, ask: Callable[[], T]) -> T | UpstreamFailed:
    """What a provider answers about a series, or why that series is passed over. Raises PutOff
    where it is to be asked later."""
    try:
        found = ask()
    except UpstreamFailed as failure:
        failed = work.cursor.get("failed", 0) + 1
        if failure.code not in _IN_VAIN or failed >= _IN_A_ROW:
            raise PutOff(_PAUSE, failure.detail) from failure
        work.cursor["failed"] = failed
        _passed_over(work, last, failure)
        return failure
    except Unavailable as failure:
        raise PutOff(failure.retry_after or _PAUSE, failure.detail) from failure
    work.cursor.pop("failed", None)
    return found


def _renewed(work: Work, matches: Sequence[Match], done: int, total: int) -> Iterator[Step]:
    for some in batched(matches, _ASKED, strict=False):
        name = some[0].provider
        try:
            # Not what was answered before somebody asked, but what was since.
            provider = providers.of(name, since=work.job.created)
            told = provider.many([match.provider_id for match in some])
        except UpstreamFailed as failure:
            if failure.code not in _IN_VAIN:
                raise PutOff(_PAUSE, failure.detail) from failure
            work.cursor["failed"] = failed = work.cursor.get("failed", 0) + 1
            if failed < _TRIES:
                # A step keeps the count.
                yield Step(done, max(done, total), failure.detail)
                raise PutOff(_PAUSE, failure.detail) from failure
            _passed_over(work, some[-1].pk, failure)
            done += len(some)
            put_off = partial(enrichment.put_off, some)
            yield Step(done, max(done, total), failure.detail, apply=put_off, pausable=True)
            continue
        except Unavailable as failure:
            raise PutOff(failure.retry_after or _PAUSE, failure.detail) from failure
        work.cursor.pop("failed", None)
        for few in batched(some, _LEARNT, strict=False):
            done += len(few)
            apply = partial(enrichment.renew, few, told, work.job.pk)
            yield Step(done, max(done, total), "Asking for facts", apply=apply, pausable=True)
