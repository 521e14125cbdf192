"""The two sides of a match as metadata.matching compares them."""

from collections.abc import Iterable

from library.inspection import key_of
from library.models import Series
from library.names import parse
from metadata.matching import Candidate, Local, Title
from metadata.providers import Entry

_MAKERS = {"author", "artist"}
_NAMES = 5


def local_of(series: Series, provider: str) -> Local:
    """What is known of a series by its files, by people and by what lies beside it, but not by
    this provider."""
    rows = list(
        series.chapters.filter(missing_since=None, special=False)
        .order_by("path")
        .values_list("path", "volume", "number", "edition")
    )
    told = {name: said.patch for name, said in series.said.sources.items() if name != provider}
    links = {site: place for patch in told.values() for site, place in (patch.links or {}).items()}
    demographics = [patch.demographic for patch in told.values() if patch.demographic]
    return Local(
        titles=_titles(series, provider),
        names=_names(series, rows),
        people=_people(series),
        year=series.year,
        highest_chapter=_highest(number for _, _, number, _ in rows),
        highest_volume=_highest(volume for _, volume, _, _ in rows),
        language=series.language,
        demographic=next(iter(demographics), ""),
        known=links,
    )


def candidate_of(entry: Entry) -> Candidate:
    """A work as a provider tells it."""
    patch = entry.patch
    return Candidate(
        id=entry.id,
        titles=tuple(Title(one.text, one.language, one.kind) for one in patch.titles or []),
        people=tuple(dict.fromkeys(person.name for person in patch.people or [])),
        year=patch.year,
        last_chapter=patch.last_chapter or "",
        last_volume=patch.last_volume or "",
        status=patch.status or "",
        demographic=patch.demographic or "",
        content_rating=patch.content_rating or "",
        language=patch.language or "",
        languages=entry.languages,
        tags=tuple(patch.tags or ()),
        links=patch.links or {},
        related={relation.id: relation.kind for relation in entry.relations},
    )


def _titles(series: Series, provider: str) -> tuple[Title, ...]:
    """Each once, the shown one first; not those that only this provider told."""
    own = series.said.sources.get(provider)
    theirs = {title.text for title in (own.patch.titles or [])} if own else set()
    forms = series.title_forms.order_by("kind", "text").values_list("text", "language", "kind")
    others = [Title(text, language) for text, language, _ in forms if text not in theirs]
    shown = [] if series.title in theirs else [Title(series.title, series.language)]
    named = {title.text: title for title in [*shown, *others]} or {series.key: Title(series.key)}
    return tuple(named.values())


def _names(series: Series, rows: Iterable[tuple[str, str, str, str]]) -> tuple[str, ...]:
    """The folders that bear its name, and its title with the edition that all files name."""
    folders = {part: None for path, *_ in rows for part in path.split("/")[:-1]}
    named = [part for part in folders if key_of(parse(part).series or "") == series.key]
    editions = {edition for *_, edition in rows}
    if len(editions) == 1 and (edition := editions.pop()):
        named.append(f"{series.title} ({edition})")
    return tuple(named[:_NAMES])


def _people(series: Series) -> tuple[str, ...]:
    people = series.labels.people
    makers = [person["name"] for person in people if person["role"] in _MAKERS]
    return tuple(dict.fromkeys(makers))


def _highest(numbers: Iterable[str]) -> float | None:
    """Of "12.5" and "1-8"; those that are no numbers are passed over."""
    found = [number.rpartition("-")[2] for number in numbers if number]
    return max(
        (float(each) for each in found if each.replace(".", "", 1).isdecimal()), default=None
    )
