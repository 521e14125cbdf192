"""The sections of Home. settings.HOME_SECTIONS names them, each app its own."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, FilteredRelation, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from kiremisu.accounts.links import pages_url
from kiremisu.accounts.models import User
from kiremisu.lib.sections import Section, sections
from library.models import Chapter, PageIndex, Series
from reader import progress
from reader.cards import cards
from reader.models import Progress, Standing
from reader.preferences import resolve

# Thumbnails of the last pages read.
PEEK_WIDTH = settings.PAGE_WIDTHS[0]
PEEK_PAGES = 3
NEARLY = 8
# How many of the series read last may be nearly finished.
RECENT = 500
ADDED = 24
NEW = timedelta(days=7)
# Seconds on a page that look like reading, and how many chapters tell somebody's pace.
PLAUSIBLE = (2.0, 180.0)
PACE_OF = 50
PACE_LEAST = 3


def home(user: User) -> list[Section]:
    """What Home shows to this person. A section with nothing in it is not there."""
    return sections(settings.HOME_SECTIONS, user)


@dataclass(frozen=True, slots=True)
class Peek:
    """A page that was read, small."""

    url: str
    width: int | None
    height: int | None
    is_last: bool


def now(user: User) -> Section | None:
    """Where they are, with the last pages they read; never the pages ahead."""
    place = progress.continue_from(user)
    if place is None:
        return None
    facts = {
        "place": place,
        "series": place.chapter.series,
        "peeks": _peeks(user, place),
        "after": _left_after(user, place.chapter),
        "is_ltr": resolve(user, place.chapter.series).choices.direction == "ltr",
    }
    return Section("reader/_now.html", facts, [place.chapter.series])


def also_open(user: User) -> Section | None:
    places = progress.also_open(user)
    if not places:
        return None
    series = [place.chapter.series for place in places]
    return Section("reader/_also_open.html", {"open": places}, series)


def nearly_finished(user: User) -> Section | None:
    """Series of which the least is left, with the time that takes at their own pace."""
    left = _nearly(user)
    if not left:
        return None
    pace = pace_of(user)
    series = Series.objects.visible_to(user).select_related("cover", "library").in_bulk(list(left))
    rows = [
        {
            "series": series[series_id],
            "chapters": chapters,
            "seconds": pages * pace if pace else None,
        }
        for series_id, (chapters, pages) in left.items()
        if series_id in series
    ]
    return Section("reader/_nearly_finished.html", {"rows": rows}, list(series.values()))


def added(user: User) -> Section | None:
    """What came this week; to somebody who has read nothing yet, whatever came last."""
    series = Series.objects.visible_to(user).filter(last_added__isnull=False)
    is_new = not Progress.objects.of(user).exists()
    if not is_new:
        series = series.filter(last_added__gte=timezone.now() - NEW)
    newest = series.select_related("cover", "library").order_by("-last_added", "id")[:ADDED]
    shown = cards(user, newest)
    if not shown:
        return None
    facts = {
        "cards": shown,
        "title": "Start anywhere" if is_new else "Added this week",
        "shape": "grid" if is_new else "rail",
    }
    return Section("reader/_added.html", facts, [card.series for card in shown])


def pace_of(user: User) -> float | None:
    """Seconds this reader spends on a page; None while too little is known."""
    finished = (
        Progress.objects.of(user)
        .finished()
        .annotate(pages=F("content__page_count"))
        .order_by("-at")
        .values_list("started_at", "finished_at", "pages")[:PACE_OF]
    )
    spent = [(end - start).total_seconds() / pages for start, end, pages in finished if end]
    likely = [seconds for seconds in spent if PLAUSIBLE[0] <= seconds <= PLAUSIBLE[1]]
    return median(likely) if len(likely) >= PACE_LEAST else None


def _peeks(user: User, place: progress.Place) -> list[Peek]:
    if place.progress is None:
        return []
    index = PageIndex.objects.filter(chapter=place.chapter).first()
    pages = index.list.pages if index else []
    url = pages_url(user, place.chapter.pk)
    numbers = range(max(1, place.page - PEEK_PAGES + 1), place.page + 1)
    return [
        Peek(
            url=url(number, PEEK_WIDTH),
            width=pages[number - 1].width,
            height=pages[number - 1].height,
            is_last=number == place.page,
        )
        for number in numbers
        if number <= len(pages)
    ]


def _left_after(user: User, chapter: Chapter) -> int:
    """How many chapters of the series come after this one, unread."""
    here = {"special": chapter.special, "volume_order": chapter.volume_order}
    later = (
        Q(special__gt=chapter.special)
        | Q(special=chapter.special, volume_order__gt=chapter.volume_order)
        | Q(**here, number_order__gt=chapter.number_order)
    )
    chapters = Chapter.objects.readable().filter(later, series=chapter.series_id)
    return progress.unfinished(user, chapters).count()


def _nearly(user: User) -> dict[UUID, tuple[int, int]]:
    """By series, the least first: chapters and pages left, of those mostly read."""
    mine = FilteredRelation("content__progress", condition=Q(content__progress__user=user))
    mostly = Standing.objects.filter(user=user, unread__range=(1, NEARLY))
    mostly = mostly.filter(series__readable_count__gt=F("unread") * 2).order_by("-last_read")
    touched = list(mostly.values_list("series", flat=True)[:RECENT])
    rows = (
        Chapter.objects.visible_to(user)
        .readable()
        .filter(series__in=touched)
        .annotate(mine=mine)
        .order_by()
        .values("series_id")
        .annotate(
            chapters=Count("pk", filter=Q(mine__finished_at__isnull=True)),
            pages=Sum(
                F("content__page_count") - Coalesce("mine__page", 0),
                filter=Q(mine__finished_at__isnull=True),
            ),
        )
        .filter(chapters__gte=1)
        .order_by("pages", "series_id")[:3]
    )
    return {row["series_id"]: (row["chapters"], row["pages"]) for row in rows}
