"""What is learnt of a series, from sources and from people: each is kept, and what the merge
makes of it is shown.

What people set or locked no source changes. The same word again writes nothing.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from library import acts, placing, sheets
from library.acts import Act
from library.facts import Patch, Source
from library.inspection import facts_of, key_of
from library.merging import NAMED, ORDER, Said, Stood, is_same, merge, taken_back
from library.models import Series
from library.naming import standing

_OURS = (Source.PERSON, Source.NAME)


@transaction.atomic
def learn(series_id: UUID, source: str, patch: Patch, run: UUID) -> bool:
    """Keep what a source says of a series, instead of what it said before, and show what follows.

    `run` is the job that asked. Answers whether anything is shown that was not; raises NotThere.
    """
    if source in _OURS:
        raise ValueError(f"{source!r} is not told by patches")
    series = sheets.held(series_id)
    before = series.said.sources.get(source)
    if before is not None and before.patch == patch:
        return False
    after = (before or Said()).followed_by(patch, timezone.now(), run)
    return _hear(series, source, after, run)


@transaction.atomic
def forget(series_id: UUID, source: str, run: UUID) -> bool:
    """Let go of what a source said, as if it had never. Answers and raises as `learn`."""
    series = sheets.held(series_id)
    return source in series.said.sources and _hear(series, source, None, run)


@transaction.atomic
def tell(series: Series, changes: Mapping[str, Any]) -> None:
    """Set facts by hand, which locks them."""
    act, at = acts.current(), timezone.now()
    wanted = {
        field: Stood(value=value, source=Source.PERSON, at=at, run=act.run, locked=True)
        for field, value in changes.items()
    }
    sheets.show(sheets.held(series.pk), wanted, act)


@transaction.atomic
def lock(series: Series, *fields: str) -> None:
    """Keep these fields as they stand until people change them."""
    row = sheets.held(series.pk)
    now = sheets.standing(row)
    wanted = {field: now[field].model_copy(update={"locked": True}) for field in fields}
    sheets.show(row, wanted, acts.current())


@transaction.atomic
def unlock(series: Series, *fields: str) -> None:
    """Let the sources say again what stands in these fields. What people set there is let go."""
    row = sheets.held(series.pk)
    locked = [field for field in fields if field in row.locks]
    sheets.show(row, _merged(row, locked), acts.current())


@transaction.atomic
def reconsider(series_id: UUID, run: UUID) -> bool:
    """Show what follows of all that was said when the library's order is another. Answers and
    raises as `learn`."""
    series = sheets.held(series_id)
    now, told = sheets.standing(series), merge(series.said.sources, _order(series))
    by_source: dict[str, dict[str, Stood]] = {}
    for field in sorted(told.keys() - {*series.locks}):
        if not is_same(field, now[field], told[field]):
            by_source.setdefault(told[field].source, {})[field] = told[field]
    for source, wanted in by_source.items():
        sheets.show(series, wanted, Act(run, source=source))
    return bool(by_source)


def restore(series: Series, wanted: Mapping[str, Stood]) -> bool:
    """Have these fields stand as they did, within the caller's transaction, which holds the
    series. Sources are passed over there until they say something new. Answers whether anything
    stood otherwise."""
    said, sources = series.said, series.said.sources
    for field, to in wanted.items():
        if not to.locked:
            sources = taken_back(sources, field, to, _order(series))
    said.sources = sources
    series.said = said
    return sheets.show(series, wanted, acts.current())


def _hear(series: Series, source: str, word: Said | None, run: UUID) -> bool:
    said = series.said
    before = said.sources.pop(source, Said()).claims
    after = word.claims if word else {}
    if word:
        said.sources[source] = word
    series.said = said
    fields = {f for f in {*before, *after} if before.get(f) != after.get(f)}
    free = sorted(fields - {*series.locks})
    return sheets.show(series, _merged(series, free), Act(run, source=source))


def _merged(series: Series, fields: Iterable[str]) -> dict[str, Stood]:
    """What the sources make of these fields."""
    told = merge(series.said.sources, _order(series))
    wanted = {field: told.get(field, sheets.unsaid(series, field)) for field in fields}
    unsaid = [field for field in wanted if field in NAMED and field not in told]
    return wanted | (_by_names(series, unsaid) if unsaid else {})


def _by_names(series: Series, fields: Iterable[str]) -> dict[str, Stood]:
    """What the names of its files say: what all say of year and language, or nothing."""
    here = series.chapters.filter(missing_since=None)
    said = list(here.order_by().values_list("year", "language").distinct())
    years, languages = {year for year, _ in said if year}, {each for _, each in said if each}
    values = {
        "title": _title_by_names(series),
        "year": years.pop() if len(years) == 1 else None,
        "language": languages.pop() if len(languages) == 1 else "",
    }
    return {
        field: Stood(value=values[field], source=Source.NAME if values[field] else "")
        for field in fields
    }


def _title_by_names(series: Series) -> str:
    if key_of(series.title) == series.key:
        return series.title
    own = series.chapters.exclude(by_hand__contains=[placing.BY_HAND])
    path = own.order_by("path").values_list("path", flat=True).first()
    if path is None:
        return series.title
    naming = standing.of(series.library_id)
    return naming.read(path, facts_of(series.library.folder, path)).series


def _order(series: Series) -> list[str]:
    """As the library has it, and what it does not name in the usual order behind."""
    first = [Source.PERSON, *series.library.fact_sources]
    return [*first, *(source for source in ORDER if source not in first)]
