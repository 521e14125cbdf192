"""A person's watch list as it is taken to another server, and what one brings in.

Series are told by the work that they are at a provider; those that are matched to none by library
and title. What is not in a library there is brought in, for those who curate.
"""

from typing import Any

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job, Priority
from kiremisu.jobs.queue import enqueue
from kiremisu.lib.errors import Conflict, Invalid, NotThere
from library.models import Library, Series
from metadata import adding
from metadata.models import Match, Watch
from metadata.watching import watches
from metadata.watching.checking import QUEUE
from metadata.watching.schemas import Carried, CarriedList

VERSION = 1


def exported(user: User) -> dict[str, Any]:
    """What they watch, by title."""
    found = Watch.objects.visible_to(user).select_related("series")
    rows = list(found.order_by("series__sort_title", "series_id"))
    works = {
        match.series_id: (match.provider, match.provider_id)
        for match in Match.objects.filter(series__in=[row.series_id for row in rows])
    }
    return {
        "version": VERSION,
        "watching": [_carried(row, works.get(row.series_id)) for row in rows],
    }


def request(user: User, told: CarriedList) -> Job:
    """Have a list brought in, in the background: what is not here has to be asked for."""
    arguments = told.model_dump(mode="json", include={"watching", "library"})
    return enqueue(
        "watch-list", arguments=arguments, queue=QUEUE, priority=Priority.SOON, asked_by=user
    )


def bring_in(user: User, carried: Carried, library: Library | None) -> bool:
    """Watch this as it says, within the caller's transaction; where it is not here yet, add it to
    a library first, of what the provider was asked for before. Answers whether it is watched:
    not where it is not here and may not be added, nor past the limit."""
    series = _known(user, carried) or _added(user, carried, library)
    if series is None:
        return False
    wish = carried.model_dump(include={"languages", "groups", "paused"})
    try:
        watches.watch(user, series, **wish)
    except Conflict:
        return False
    return True


def _known(user: User, carried: Carried) -> Series | None:
    here = Series.objects.visible_to(user).order_by("id")
    if carried.provider_id:
        work = {"match__provider": carried.provider, "match__provider_id": carried.provider_id}
        if found := here.filter(**work).first():
            return found
        # What is matched to another work is another one.
        here = here.filter(match=None)
    same = list(here.filter(title=carried.title)[:2])
    return same[0] if len(same) == 1 else None


def _added(user: User, carried: Carried, library: Library | None) -> Series | None:
    if library is None or not user.curates or not carried.provider_id:
        return None
    try:
        return adding.add(user, library, carried.provider, carried.provider_id)
    except (NotThere, Conflict, Invalid):
        return None


def _carried(watch: Watch, work: tuple[str, str] | None) -> dict[str, Any]:
    provider, provider_id = work or ("", "")
    return {
        "title": watch.series.title,
        "provider": provider,
        "provider_id": provider_id,
        "languages": watch.languages,
        "groups": watch.groups,
        "paused": watch.paused,
    }
