"""Lists as the pages show them to one reader."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef

from kiremisu.accounts.models import User
from library.models import Chapter, Series
from library.sorting import ordered
from reader.cards import Card, cards
from reader.listing import PER_PAGE, one_page
from reader.lists import answers
from reader.lists.holding import held_by
from reader.models import List, ListEntry, Progress
from reader.progress import in_contents
from reader.volumes import short

# Lists on one page.
LINES = 100
# The most lists that a series' page offers.
OFFERED = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A list as a line among others."""

    found: List
    is_mine: bool
    count: int

    @property
    def words(self) -> str:
        """ "3 entries, shared": what it is, and whose."""
        what = "Smart list" if self.found.is_smart else _counted(self.count, "entry", "entries")
        if not self.is_mine:
            return f"{what}, by {self.found.user.username}"
        return f"{what}, shared" if self.found.is_shared else what


@dataclass(frozen=True, slots=True)
class Row:
    """Something in a list: a series, or one of its chapters; with what to read of it next."""

    card: Card
    entry: ListEntry | None = None
    next: Chapter | None = None
    progress: Progress | None = None

    @property
    def chapter(self) -> Chapter | None:
        return self.entry.chapter if self.entry else None

    @property
    def line(self) -> str:
        """How far one is: "40 of 44 read", "Read", "Page 3 of 20"."""
        if self.chapter is None:
            return self.card.line
        if self.progress is None:
            return _counted(self.chapter.page_count, "page", "pages")
        if self.progress.is_finished:
            return "Read"
        return f"Page {self.progress.page} of {self.chapter.page_count}"

    @property
    def next_words(self) -> str:
        """ "Next: ch. 12"."""
        where = short(self.next) if self.next and self.chapter is None else ""
        return f"Next: {where[:1].lower()}{where[1:]}" if where else "Read"


@dataclass(frozen=True, slots=True)
class Shown:
    """One page (from 1) of what stands in a list."""

    line: Line
    rows: list[Row]
    number: int

    @property
    def found(self) -> List:
        return self.line.found

    @property
    def series(self) -> list[Series]:
        return [row.card.series for row in self.rows]

    @property
    def before(self) -> int:
        """The number of the page before this one; 0 when there is none."""
        return self.number - 1

    @property
    def after(self) -> int:
        return self.number + 1 if self.number * PER_PAGE < self.line.count else 0


def index(user: User, number: int) -> tuple[list[Line], Page[List]]:
    """The lists that they see, page by page, their own first, by name."""
    found = List.objects.visible_to(user).select_related("user")
    mine_first = found.annotate(mine=Exists(List.objects.of(user).filter(pk=OuterRef("pk"))))
    page = Paginator(mine_first.order_by("-mine", "name", "id"), LINES).get_page(number)
    return _lines(user, page), page


def shown(user: User, found: List, number: int) -> Shown:
    """A page of what they see of a list; past the end one sees the last page."""
    return (_smart if found.is_smart else _by_hand)(user, found, number)


def _by_hand(user: User, found: List, number: int) -> Shown:
    inside = ListEntry.objects.visible_to(user).filter(list=found)
    count = inside.count()
    number = _within(number, count)
    of_series, of_chapter = "series__cover", "chapter__series__cover"
    entries = inside.in_order().select_related(
        of_series, "series__library", of_chapter, "chapter__series__library"
    )[(number - 1) * PER_PAGE : number * PER_PAGE]
    rows = _rows(user, [(_series_of(entry), entry) for entry in entries])
    return Shown(_line(user, found, count), rows, number)


def _smart(user: User, found: List, number: int) -> Shown:
    inside = Series.objects.visible_to(user).filter(held_by(user, found))
    count = inside.count()
    number = _within(number, count)
    # One random order, so that no page shows what another does.
    order = ordered(inside, user, found.sought.sort, seed=found.pk.hex[-8:])
    rows = _rows(user, [(series, None) for series in one_page(order, number)])
    return Shown(_line(user, found, count), rows, number)


def on_series(user: User, series: Series) -> dict[str, list[List]]:
    """Which reading lists hold a series or a chapter of it, and into which of theirs it may be
    put."""
    visible = List.objects.visible_to(user).order_by("name", "id")
    holding = answers.having(visible, user, series.pk)
    whole = ListEntry.objects.filter(list=OuterRef("pk"), series=series)
    mine = visible.of(user).filter(~Exists(whole), kind=List.Kind.READING)
    return {"holding": list(holding[:OFFERED]), "offered": list(mine[:OFFERED])}


def next_unread(user: User, series: Iterable[UUID]) -> dict[UUID, Chapter]:
    """By series: the first chapter that they can read and have not finished."""
    finished = Progress.objects.of(user).finished().filter(content=OuterRef("content"))
    unread = Chapter.objects.visible_to(user).readable().filter(~Exists(finished))
    first = unread.filter(series__in=list(series)).order_by(
        "series_id", "special", "volume_order", "number_order", "path"
    )
    return {chapter.series_id: chapter for chapter in first.distinct("series_id")}


def _rows(user: User, listed: Sequence[tuple[Series, ListEntry | None]]) -> list[Row]:
    known = {card.series.pk: card for card in cards(user, {series for series, _ in listed})}
    following = next_unread(user, known)
    chapters = [entry.chapter for _, entry in listed if entry and entry.chapter]
    places = in_contents(user, [c.content_id for c in chapters if c.content_id])
    rows = []
    for series, entry in listed:
        chapter = entry.chapter if entry else None
        place = places.get(chapter.content_id) if chapter and chapter.content_id else None
        rows.append(Row(known[series.pk], entry, chapter or following.get(series.pk), place))
    return rows


def _series_of(entry: ListEntry) -> Series:
    series = entry.chapter.series if entry.chapter else entry.series
    assert series is not None
    return series


def _lines(user: User, rows: Iterable[List]) -> list[Line]:
    rows = list(rows)
    counts = answers.counted(user, rows)
    return [_line(user, row, counts.get(row.pk, 0)) for row in rows]


def _line(user: User, found: List, count: int) -> Line:
    return Line(found, found.user_id == user.pk, count)


def _within(number: int, count: int) -> int:
    return max(1, min(number, -(-count // PER_PAGE)))


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
