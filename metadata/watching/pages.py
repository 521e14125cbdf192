"""What the pages show of watching: the page of that name, the series' own, and Home."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any, Self, cast

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from kiremisu.accounts.models import User
from kiremisu.lib.sections import Section
from library.models import Chapter, Series
from metadata import providers
from metadata.models import Feed, Notice, Release, Watch
from metadata.watching import news

PER_PAGE = 60
_GROUPS = 50
ON_HOME = 6


@dataclass(frozen=True, slots=True)
class News:
    """A new chapter: `chapter` where it is in the library, else `place` says where it is."""

    notice: Notice
    chapter: Chapter | None
    place: str

    @property
    def series(self) -> Series:
        return self.notice.series

    @property
    def name(self) -> str:
        return self.notice.release.name

    @property
    def title(self) -> str:
        release = self.notice.release
        return release.title if release.number or release.volume else ""

    @property
    def groups(self) -> str:
        return ", ".join(filter(None, (one["name"] for one in self.notice.release.groups.groups)))


@dataclass(frozen=True, slots=True)
class Watched:
    """A series that is watched, with what is known of its feed."""

    watch: Watch
    feed: Feed | None

    @property
    def series(self) -> Series:
        return self.watch.series

    @property
    def pace(self) -> str:
        """ "about every 7 days"; empty where none shows."""
        if self.feed is None or not self.feed.pace:
            return ""
        span = timedelta(seconds=self.feed.pace)
        hours, days = round(span / timedelta(hours=1)), round(span / timedelta(days=1))
        if days < 2:
            return "about every day" if hours >= 20 else f"about every {max(1, hours)} hours"
        return f"about every {days} days"

    @property
    def expected(self) -> datetime | None:
        return self.feed.expected if self.feed else None


@dataclass(frozen=True, slots=True)
class Watching:
    """The page: what is to be read, and what is watched, page by page."""

    news: Page[News]
    watched: Page[Watched]

    @classmethod
    def of(cls, user: User, news_page: str, watched_page: str) -> Self:
        """For this person; a page that is none is the first or the last."""
        new = Notice.objects.visible_to(user).filter(state=Notice.State.NEW).order_by("-id")
        new = new.select_related("series__cover", "series__library", "release")
        watches = Watch.objects.visible_to(user).order_by("series__sort_title", "series_id")
        watches = watches.select_related("series__cover", "series__library")
        return cls(
            _page_of(new, news_page, partial(shown, user)),
            _page_of(watches, watched_page, _watched),
        )

    @property
    def shelved(self) -> list[Series]:
        """Whose covers it shows."""
        new = (one.series for one in self.news.object_list)
        watched = (one.series for one in self.watched.object_list)
        return list({one.pk: one for one in chain(new, watched)}.values())


@dataclass(frozen=True, slots=True)
class Group:
    """A scanlation group that has chapters of a series there, so many."""

    id: str
    name: str
    count: int
    is_wanted: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of which releases somebody wants to hear: the languages and groups to choose from."""

    watch: Watch
    languages: Sequence[tuple[str, bool]]
    groups: Sequence[Group]

    @classmethod
    def of(cls, watch: Watch) -> Self:
        """Those that its feed has shown, the most frequent groups first, and those that are wanted
        anyway."""
        languages, names = {*watch.languages}, dict[str, str]()
        counts = Counter(dict.fromkeys(watch.groups, 0))
        for row in Release.objects.filter(series=watch.series_id).only("language", "raw_groups"):
            languages.add(row.language)
            for one in row.groups.groups:
                counts[one["id"]] += 1
                names[one["id"]] = one["name"]
        known = sorted(counts, key=lambda key: (key not in watch.groups, -counts[key], key))
        groups = [
            Group(key, names.get(key) or "Unknown group", counts[key], key in watch.groups)
            for key in known[:_GROUPS]
        ]
        told = [(each, each in watch.languages) for each in sorted(languages - {""})]
        return cls(watch, told, groups)


def on_series(user: User, series: Series) -> Section | None:
    """Whether they watch a series, as a button; None where nothing could be asked of it."""
    watch = Watch.objects.filter(user=user, series=series).first()
    if watch is None and series.match_state != "matched":
        return None
    return Section("metadata/_watch.html", {"series": series, "watch": watch})


def on_home(user: User) -> Section | None:
    """New chapters of what they watch, the newest first."""
    new = Notice.objects.visible_to(user).filter(state=Notice.State.NEW).order_by("-id")
    found = list(new.select_related("series__cover", "series__library", "release")[:ON_HOME])
    if not found:
        return None
    rows = shown(user, found)
    return Section("metadata/_new_chapters.html", {"news": rows}, [each.series for each in found])


def _page_of[R, S](
    rows: QuerySet[Any, R], number: str, make: Callable[[Sequence[R]], list[S]]
) -> Page[S]:
    """A page of rows, as they are shown."""
    page: Any = Paginator(rows, PER_PAGE).get_page(number)
    page.object_list = make(list(page.object_list))
    return cast("Page[S]", page)


def _watched(watches: Sequence[Watch]) -> list[Watched]:
    feeds = Feed.objects.in_bulk([each.series_id for each in watches])
    return [Watched(each, feeds.get(each.series_id)) for each in watches]


def shown(user: User, notices: Sequence[Notice]) -> list[News]:
    """Notices (with series and release) as they are shown."""
    here = news.chapters_of(user, notices)
    return [News(each, here.get(each.pk), _place(each)) for each in notices]


def _place(notice: Notice) -> str:
    release = notice.release
    if release.is_external:
        return "elsewhere"
    known = release.provider in settings.PROVIDERS
    return f"on {providers.of(release.provider).label}" if known else "elsewhere"
