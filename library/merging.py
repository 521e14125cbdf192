"""What is shown of a series, made of what each source says of it.

One pure merge. A source's word for a field is its claim; of all claims the one whose source
stands first in the library's order is shown, unless the field is locked. By default that is

    person > mangadex > comicinfo > series.json > details.json > pdf > name

because a person who looked knows best; a provider is kept by many and tells of the whole work;
ComicInfo is written per file by people who tag their books; series.json and details.json are
left behind by programs that fetched them once; the title of a PDF is often its maker's habit;
and a name is what is left when nobody says anything.

Of ratings the highest is shown, whoever claims it: a source that is wrong, or a match that is,
must not show a series to people who are not to see it.

Values are as JSON has them: texts, numbers, lists of names, and lines for titles (`text`,
`language`), people (`name`, `role`) and links (`site`, `address`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, get_args
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kiremisu.lib.shapes import Shape
from kiremisu.lib.text import fold
from library.facts import ContentRating, Named, Patch, Source, TitleKind

ORDER: Sequence[str] = tuple(Source)

# What is shown while nobody says anything of it.
EMPTY: Mapping[str, Any] = {
    "title": "",
    "sort_title": "",
    "titles": [],
    "summary": "",
    "people": [],
    "tags": [],
    "genres": [],
    "status": "",
    "year": None,
    "demographic": "",
    "content_rating": "safe",
    "language": "",
    "direction": "",
    "links": [],
    "last_chapter": "",
    "last_volume": "",
}
FIELDS = tuple(EMPTY)
# What names of files may say.
NAMED = frozenset({"title", "year", "language"})
# Of this field the highest claim is shown, not the first.
RATED = "content_rating"
_RATINGS: Sequence[str] = get_args(ContentRating.__value__)


class _Kept(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Undone(_Kept):
    """A claim that people took back: while the source says no more than `said`, `instead` counts
    as its word; None: it says nothing."""

    said: Any = None
    instead: Any = None


class Said(_Kept):
    """What a source last said, when, and by which run; and what people took back of it."""

    patch: Patch = Field(default_factory=Patch)
    at: datetime | None = None
    run: UUID | None = None
    undone: dict[str, Undone] = Field(default_factory=dict)

    @property
    def claims(self) -> dict[str, Any]:
        """What counts as its word, by field."""
        raw = spoken(self.patch)
        for field, undone in self.undone.items():
            if raw.get(field) == undone.said:
                raw[field] = undone.instead
        return {field: value for field, value in raw.items() if value is not None}

    def followed_by(self, patch: Patch, at: datetime, run: UUID) -> "Said":
        """The same source, saying this now. What it says anew is not taken back."""
        now = spoken(patch)
        still = {f: each for f, each in self.undone.items() if now.get(f) == each.said}
        return Said(patch=patch, at=at, run=run, undone=still)


class Stood(Shape):
    """How a field stood: what was shown, by whose word, since when and by which run."""

    value: Any = None
    source: str = ""
    at: datetime | None = None
    run: UUID | None = None
    locked: bool = False


def spoken(patch: Patch) -> dict[str, Any]:
    """What a patch says, by the field it is shown in. An empty text says nothing."""
    plain = patch.model_dump(mode="json", exclude_none=True, exclude={"covers", "titles", "links"})
    told = {field: value for field, value in plain.items() if value != ""}
    if patch.titles:
        told["title"] = _main(patch.titles).text
    if patch.titles is not None:
        told["titles"] = [{"text": t.text, "language": t.language} for t in patch.titles]
    if patch.links is not None:
        lines = sorted(patch.links.items())
        told["links"] = [{"site": site, "address": address} for site, address in lines]
    return told


def merge(said: Mapping[str, Said], order: Sequence[str] = ORDER) -> dict[str, Stood]:
    """The claim that is shown of each field that anybody says something of; locks are the
    caller's."""
    shown: dict[str, Stood] = {}
    for source in ranked(said, order):
        word = said[source]
        for field, value in word.claims.items():
            if field not in shown or (field == RATED and _is_higher(value, shown[field].value)):
                shown[field] = Stood(value=value, source=source, at=word.at, run=word.run)
    return shown


def ranked(sources: Iterable[str], order: Sequence[str] = ORDER) -> list[str]:
    """In the order in which they count. Those that nobody placed stand just before the names."""
    places = {source: place for place, source in enumerate(order)}
    unplaced = places.get(Source.NAME, len(places)) - 0.5
    return sorted(sources, key=lambda source: (places.get(source, unplaced), source))


def taken_back(
    said: Mapping[str, Said], field: str, to: Stood, order: Sequence[str] = ORDER
) -> dict[str, Said]:
    """What the sources say, so that the merge shows `to` again: those that stand above its
    source, or rate higher, are passed over in this field until they say something new."""
    kept = dict(said)
    if to.source not in ("", Source.NAME):
        kept.setdefault(to.source, Said())
    for source in ranked({*kept, Source.NAME}, order):
        if source == to.source == Source.NAME:
            break
        if source == to.source:
            kept[source] = _undone(kept[source], field, to.value)
            break
        if source in kept:
            kept[source] = _undone(kept[source], field, None)
    if field == RATED:
        for source, word in list(kept.items()):
            if _is_higher(word.claims.get(field, to.value), to.value):
                kept[source] = _undone(word, field, None)
    return kept


def is_same(field: str, one: Stood, other: Stood) -> bool:
    """Whether nothing but the time lies between two states of a field."""
    return (one.source, one.locked) == (other.source, other.locked) and (
        _compared(field, one.value) == _compared(field, other.value)
    )


def _is_higher(one: str, other: str) -> bool:
    return _RATINGS.index(one) > _RATINGS.index(other)


def _main(titles: Sequence[Named]) -> Named:
    return next((each for each in titles if each.kind is TitleKind.MAIN), titles[0])


def _undone(word: Said, field: str, instead: Any) -> Said:
    said = spoken(word.patch).get(field)
    others = {f: each for f, each in word.undone.items() if f != field}
    if said == instead:
        return word.model_copy(update={"undone": others})
    mark = {field: Undone(said=said, instead=instead)}
    return word.model_copy(update={"undone": others | mark})


def _compared(field: str, value: Any) -> Any:
    """Two spellings of one name are one name; of genres and tags the order says nothing."""
    if field in {"genres", "tags"}:
        return sorted({_folded(name) for name in value})
    if field == "people":
        return list(dict.fromkeys((_folded(each["name"]), each["role"]) for each in value))
    return value


def _folded(name: str) -> str:
    return fold(name) or name.casefold()
