"""Match review as its page shows it: the queue, one series with its candidates, and what accepting
one would change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Count, Exists, IntegerField, Max, OuterRef, Q, Value, When

from kiremisu.accounts import links
from kiremisu.accounts.models import User
from library import sheets
from library.facts import Patch
from library.models import MatchState, Series, SeriesQuery
from metadata import artwork
from metadata.models import Candidate
from metadata.review import answers
from metadata.shapes import Line, Weighed

# Series of the queue on the page, and candidates of one.
LONGEST, OFFERED = 60, 5
# From here on candidates are accepted together, where nothing speaks against them.
SURE = 95
FIELDS = (
    *("title", "people", "year", "status", "genres", "tags", "summary"),
    *("language", "direction", "demographic", "content_rating"),
)
_WORDS = {"rtl": "Right to left", "ltr": "Left to right", "vertical": "Scrolled"}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A series of the queue: its best score, None without a candidate."""

    series: Series
    count: int
    score: int | None

    @property
    def words(self) -> str:
        """ "3 candidates"."""
        return f"{self.count or 'no'} {'candidate' if self.count == 1 else 'candidates'}"


@dataclass(frozen=True, slots=True)
class Field:
    """A fact as it stands, and as the candidate has it."""

    name: str
    mine: str
    theirs: str
    is_locked: bool

    @property
    def label(self) -> str:
        return self.name.replace("_", " ").capitalize()

    @property
    def changes(self) -> bool:
        return not self.is_locked and self.mine != self.theirs


@dataclass(frozen=True, slots=True)
class Shown:
    """One candidate among those of its series, with all that is told of it."""

    row: Candidate
    weighed: Weighed
    number: int
    # The address of its cover; "" where that is not here.
    picture: str = ""

    @property
    def line(self) -> str:
        """ "Ibuki Sato, 2017"."""
        patch = self.weighed.patch
        people = list(dict.fromkeys(person.name for person in patch.people or []))
        return ", ".join([*people[:2], *([str(patch.year)] if patch.year else [])])


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page. `here` is None where nothing waits, `chosen` without a candidate."""

    queue: list[Waiting]
    total: int
    matched: int
    here: Series | None = None
    places: Sequence[str] = ()
    candidates: Sequence[Shown] = ()
    chosen: Shown | None = None
    fields: Sequence[Field] = ()

    @property
    def position(self) -> int:
        """From 1; 0 for a series that does not wait."""
        ids = [waiting.series.pk for waiting in self.queue]
        return ids.index(self.here.pk) + 1 if self.here and self.here.pk in ids else 0

    @property
    def before(self) -> UUID | None:
        return self.queue[self.position - 2].series.pk if self.position > 1 else None

    @property
    def after(self) -> UUID | None:
        inside = 0 < self.position < len(self.queue)
        return self.queue[self.position].series.pk if inside else None

    @property
    def changed(self) -> int:
        return sum(field.changes for field in self.fields)

    @property
    def lines(self) -> Sequence[Line]:
        return self.chosen.weighed.lines if self.chosen else ()


def page(user: User, series_id: UUID | None, candidate_id: UUID | None) -> Page:
    """The page with this series, or with the first that waits, and this candidate, or the best."""
    visible = Series.objects.visible_to(user)
    waiting = visible.filter(match_state=MatchState.REVIEW)
    rows = queue(user, waiting)
    total, matched = waiting.count(), visible.filter(match_state=MatchState.MATCHED).count()
    wanted = series_id or (rows[0].series.pk if rows else None)
    here = visible.select_related("cover", "library").filter(pk__in=[wanted]).first()
    if here is None:
        return Page(rows, total, matched)
    found = [each for each in answers.candidates(user, here) if each.rejected_at is None]
    shown = _shown(user, found[:OFFERED])
    best = next((one for one in shown if one.row.pk == candidate_id), next(iter(shown), None))
    fields = fields_of(here, best.weighed.patch) if best else ()
    return Page(rows, total, matched, here, places_of(here), shown, best, fields)


def _shown(user: User, found: Sequence[Candidate]) -> list[Shown]:
    weighed = [
        (row, row.weighed, next(iter(row.weighed.patch.covers or []), None)) for row in found
    ]
    pictures: dict[str, str] = {}
    for provider in {row.provider for row in found}:
        pictures |= artwork.shown(provider, [cover.url for _, _, cover in weighed if cover])
    url, width = links.covers_url(user), min(settings.COVER_WIDTHS)
    return [
        Shown(row, told, number, url(pictures[cover.url], width))
        if cover and cover.url in pictures
        else Shown(row, told, number)
        for number, (row, told, cover) in enumerate(weighed, 1)
    ]


def queue(user: User, waiting: SeriesQuery) -> list[Waiting]:
    """What waits, the likeliest first, as far as the page has room."""
    seen = Candidate.objects.visible_to(user).filter(rejected_at=None)
    open_ones = Q(candidates__in=seen)
    rows = waiting.annotate(
        offered=Count("candidates", filter=open_ones),
        best=Max("candidates__score", filter=open_ones),
        without=Case(When(best=None, then=Value(1)), default=Value(0), output_field=IntegerField()),
    ).order_by("without", "-best", "sort_title", "id")
    found: Iterable[Any] = rows[:LONGEST]
    return [Waiting(row, row.offered, row.best) for row in found]


def sure_ones(user: User) -> list[Candidate]:
    """Of what waits the candidates from `SURE` on against which nothing speaks, the best of each
    series where no other is as good, also none that they may not see; as far as the page has
    room."""
    as_good = (
        Candidate.objects.filter(series=OuterRef("series"), score__gte=OuterRef("score"))
        .filter(rejected_at=None)
        .exclude(pk=OuterRef("pk"))
    )
    some = Candidate.objects.visible_to(user).filter(rejected_at=None, score__gte=SURE)
    rows = (
        some.filter(~Exists(as_good), series__match_state=MatchState.REVIEW)
        .select_related("series")
        .order_by("series_id", "-score", "id")
    )
    return [row for row in rows[: 10 * LONGEST] if not row.weighed.conflicts][:LONGEST]


def fields_of(series: Series, patch: Patch) -> list[Field]:
    """What the candidate says, beside what is shown now."""
    now = sheets.standing(series)
    told = _told(patch)
    return [
        Field(name, _in_words(now[name].value), _in_words(told[name]), now[name].locked)
        for name in FIELDS
        if told.get(name) not in (None, "", [])
    ]


def places_of(series: Series) -> list[str]:
    """The folders of its files, or the first of the files where they lie in none."""
    paths = series.chapters.filter(missing_since=None).order_by("path")
    found = list(paths.values_list("path", flat=True)[:200])
    folders = list(dict.fromkeys(path.rpartition("/")[0] for path in found))
    named = [folder for folder in folders if folder]
    root = series.library.name
    return [f"{root}/{each}" for each in (named or found)[:3]]


def _told(patch: Patch) -> Mapping[str, Any]:
    told = patch.model_dump()
    titles = patch.titles or []
    return told | {"title": titles[0].text if titles else ""}


def _in_words(value: Any) -> str:
    """A fact as a person reads it; "" where there is none."""
    if isinstance(value, list):
        return ", ".join(dict.fromkeys(_names(value)))
    text = "" if value is None else str(value)
    return _WORDS.get(text, text)


def _names(values: Iterable[Any]) -> Iterable[str]:
    for each in values:
        yield each if isinstance(each, str) else str(each["name"])
