"""Which series a shelf holds, and in which order."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import MD5, Cast, Coalesce, Concat

from kiremisu.accounts.models import User
from library.models import Chapter, ChapterQuery, Series, SeriesQuery
from reader.models import Progress

SORTS: Mapping[str, str] = {
    "read": "Last read",
    "added": "Last added",
    "title": "Title",
    "unread": "Most unread",
    "random": "Random",
}


def narrowed(user: User, search: str, unread: bool, library: UUID | None) -> SeriesQuery:
    """The series this reader may see, titled so, with something unread, in that library."""
    series = Series.objects.visible_to(user).titled(search)
    if library:
        series = series.filter(library=library)
    if unread:
        series = series.filter(Exists(_unread(user).filter(series=OuterRef("pk"))))
    return series


def _unread(user: User) -> ChapterQuery:
    finished = Progress.objects.of(user).finished().filter(content=OuterRef("content"))
    return Chapter.objects.readable().filter(~Exists(finished))


def in_order(series: SeriesQuery, user: User, sort: str, seed: str = "") -> SeriesQuery:
    """One of `SORTS`; `seed` says which of the random orders."""
    by_title = ("sort_title", "id")
    match sort:
        case "read":
            return series.annotate(last_read=_last_read(user)).order_by(
                F("last_read").desc(nulls_last=True), *by_title
            )
        case "added":
            return series.order_by(F("last_added").desc(nulls_last=True), *by_title)
        case "unread":
            return series.annotate(left=F("chapter_count") - _finished(user)).order_by(
                "-left", *by_title
            )
        case "random":
            mixed = MD5(Concat(Cast("id", TextField()), Value(seed)))
            return series.order_by(mixed, "id")
    return series.order_by(*by_title)


def _touched(user: User) -> ChapterQuery:
    """Chapters whose content this reader has opened."""
    return Chapter.objects.order_by().filter(content__progress__user=user)


def _last_read(user: User) -> Case:
    """The reader has opened few of the series: only for those the costly part is asked."""
    last = Subquery(
        Progress.objects.of(user)
        .filter(content__chapters__series=OuterRef("pk"))
        .order_by("-at")
        .values("at")[:1]
    )
    return Case(
        When(pk__in=_touched(user).values("series"), then=last),
        output_field=DateTimeField(null=True),
    )


def _finished(user: User) -> Case:
    count = (
        Chapter.objects.readable()
        .filter(
            series=OuterRef("pk"),
            content__progress__user=user,
            content__progress__finished_at__isnull=False,
        )
        .order_by()
        .values("series")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return Case(
        When(
            pk__in=_touched(user).values("series"),
            then=Coalesce(Subquery(count), 0),
        ),
        default=0,
        output_field=IntegerField(),
    )
