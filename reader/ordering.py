"""By what of one's own reading series may be ordered."""

from collections.abc import Sequence

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q

from kiremisu.accounts.models import User
from kiremisu.lib.orders import moment, whole
from library.models import SeriesQuery
from library.sorting import Sort
from reader.models import Standing


def _with_unread(series: SeriesQuery, user: User, _: str) -> Sequence[SeriesQuery]:
    """Those one has opened, and the many others, of which all is unread."""
    opened = series.filter(standings__user=user).annotate(unread=F("standings__unread"))
    mine = Standing.objects.filter(user=user, series=OuterRef("pk"))
    return [opened, series.filter(~Exists(mine)).annotate(unread=F("readable_count"))]


def _with_last_read(series: SeriesQuery, user: User, _: str) -> Sequence[SeriesQuery]:
    mine = FilteredRelation("standings", condition=Q(standings__user=user))
    return [series.annotate(mine=mine).annotate(last_read=F("mine__last_read"))]


UNREAD = Sort(whole("unread"), _with_unread)
LAST_READ = Sort(moment("last_read", is_nullable=True), _with_last_read)
