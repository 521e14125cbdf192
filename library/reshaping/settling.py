"""What follows where chapters are of another series than before."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.utils import timezone

from kiremisu.accounts.ratings import Rating, lost
from kiremisu.lib.errors import Conflict, NotThere
from library import knowing, outlines, sheets, showing, titles
from library.models import Chapter, Series
from library.scanning.applying import touch
from library.scanning.series import count


def held(*series: UUID, hidden: bool = False) -> list[Series]:
    """These, as they are now; nobody else changes them until the end of the transaction. Raises
    NotThere where one is gone, or hidden unless that is no matter."""
    sheets.hold(series)
    found = Series.objects.select_related("library").in_bulk(series)
    if any(key not in found or not (hidden or found[key].hidden_at is None) for key in series):
        raise NotThere("There is no such series.")
    return [found[key] for key in series]


def check_there(chapters: Collection[UUID], target: Series) -> None:
    """Raises Conflict where one of these, which were put into this series, is of another since: to
    take the later move back would bind it here again."""
    if Chapter.objects.filter(pk__in=chapters).exclude(series=target).exists():
        detail = "Chapters were moved on since: take back the later move first."
        raise Conflict(detail, code="changed_since")


def settle(library_id: UUID, before: Iterable[Series], after: Series) -> None:
    """Chapters of these are of that one now, within the transaction that moved them: what cards
    say, who sees the chapters, and by what the series are found. The last thing there."""
    left = list(before)
    ids = sorted({after.pk, *(one.pk for one in left)})
    count(ids, timezone.now())
    showing.pass_on(ids)
    titles.keep(ids)
    outlines.weigh(ids)
    touch(library_id)
    for one in left:
        showing.end_links(Rating(one.content_rating), Rating(after.content_rating))


def is_rated_higher(one: Series, other: Series) -> bool:
    """Whether some who see the other do not see the one."""
    return bool(lost(Rating(other.content_rating), Rating(one.content_rating)))


def rate_as(one: Series, other: Series) -> None:
    """Have a series that takes in chapters of one that is rated higher be rated as that one, so
    that nobody sees them who did not: by a person's word, in the act that goes on."""
    if is_rated_higher(one, other):
        knowing.tell(other, {"content_rating": one.content_rating})
        other.refresh_from_db(fields=["content_rating"])
