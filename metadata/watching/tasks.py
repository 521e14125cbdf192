"""The jobs of watching."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import batched

from django.conf import settings
from django.utils import timezone

from kiremisu.jobs.running import PutOff, Step, Work
from kiremisu.lib.errors import NotThere, Unavailable, UpstreamFailed
from library.models import Library
from metadata import providers
from metadata.models import Feed
from metadata.watching import checking, portable
from metadata.watching.schemas import Carried, CarriedList

_ASKED = 100  # at once
_PAUSE = 60  # seconds before a server that failed is asked again


def check(work: Work) -> Iterator[Step]:
    """Ask for the feeds that are due, and tell of what is new."""
    began, done, total = work.job.created, 0, 0
    while some := list(checking.due(began)[:_ASKED]):
        total = max(total, done + checking.due(began).count())
        for feed in some:
            done += 1
            yield _checked(work, feed, done, total)


def bring_in(work: Work) -> Iterator[Step]:
    """Watch what a list says, for who asked. Arguments: as CarriedList has them."""
    user = work.job.asked_by
    told = CarriedList.model_validate(work.arguments)
    if user is None:
        return
    library = Library.objects.visible_to(user).filter(pk__in=[told.library]).first()
    total, done = len(told.watching), work.cursor.get("done", 0)
    for some in batched(told.watching[done:], _ASKED, strict=False):
        _ask_for(some if library and user.curates else ())
        for carried in some:
            done += 1

            def apply(carried: Carried = carried, done: int = done) -> None:
                watched = portable.bring_in(user, carried, library)
                work.cursor["left"] = work.cursor.get("left", 0) + (not watched)
                work.cursor["done"] = done

            yield Step(done, total, "Bringing in", apply=apply, pausable=True)
    left = work.cursor.get("left", 0)
    yield Step(done, total, f"{total - left} watched, {left} not here", last=True)


def _ask_for(several: Sequence[Carried]) -> None:
    """Have what a provider says of these kept, so that no transaction waits for it."""
    ids: dict[str, list[str]] = {}
    for each in several:
        if each.provider_id:
            ids.setdefault(each.provider, []).append(each.provider_id)
    for name in ids.keys() & settings.PROVIDERS.keys():
        try:
            providers.of(name).many(ids[name])
        except UpstreamFailed as failure:
            raise PutOff(_PAUSE, failure.detail) from failure
        except Unavailable as failure:
            raise PutOff(failure.retry_after or _PAUSE, failure.detail) from failure


def _checked(work: Work, feed: Feed, done: int, total: int) -> Step:
    """The step in which a feed was asked for."""
    languages = checking.languages_of(feed.pk)
    try:
        provider = providers.of(feed.provider, since=work.job.created)
        told = provider.feed(feed.provider_id, languages)
    except (NotThere, UpstreamFailed) as failure:
        # Each waits longer and longer by itself; where all fail, the breaker says so.
        put_off = partial(checking.failed, feed, failure.detail, timezone.now())
        return Step(done, total, failure.detail, apply=put_off, pausable=True)
    except Unavailable as failure:
        raise PutOff(failure.retry_after or _PAUSE, failure.detail) from failure
    apply = partial(checking.take, feed, told, languages, timezone.now())
    return Step(done, total, "Looking for new chapters", apply=apply, pausable=True)
