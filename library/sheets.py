"""How the facts of a series stand, and having them stand otherwise: columns, labels, titles,
rating, and the line in the history."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from kiremisu.accounts.ratings import Rating
from kiremisu.lib.errors import NotThere
from library import labelling, showing, titles, turns
from library.acts import Act
from library.facts import Source
from library.merging import EMPTY, FIELDS, NAMED, RATED, Stood, is_same
from library.models import FactChange, Series
from library.scanning.applying import touch
from library.scanning.series import sort_title
from library.shapes import FactSheet, Origin, UserMetadata

_COLUMNS = (
    *("title", "sort_title", "summary", "status", "year", "demographic", "language"),
    *("direction", "last_chapter", "last_volume"),
)
_SAID = ("source_metadata", "user_metadata")


def held(series_id: UUID) -> Series:
    """A series with its library, nobody else changing it until the end of the transaction.

    Raises NotThere.
    """
    turns.take()
    rows = Series.objects.select_related("library")
    found = rows.select_for_update(of=("self",), no_key=True).filter(pk=series_id).first()
    if found is None:
        raise NotThere("There is no such series.")
    return found


def hold(series: Iterable[UUID]) -> None:
    """Have nobody else change these until the end of the transaction. Whoever changes several in
    one asks for it first: each change touches the library, for which others wait that hold one."""
    turns.take()
    rows = Series.objects.filter(pk__in=list(series)).select_for_update(no_key=True)
    list(rows.order_by("id").values_list("id"))


def standing(series: Series) -> dict[str, Stood]:
    """Each of its facts as it stands."""
    sheet, labels = series.facts, series.labels
    values: dict[str, Any] = {name: getattr(series, name) for name in _COLUMNS}
    values["content_rating"] = str(series.content_rating)
    values |= {"titles": sheet.titles, "links": sheet.links}
    values |= {name: getattr(labels, name) for name in labelling.KINDS}
    return {field: _stood(series, sheet, field, values[field]) for field in FIELDS}


def latest(series_id: UUID) -> dict[str, Stood]:
    """Each of its facts as it stands in the database. Raises DoesNotExist."""
    return standing(Series.objects.get(pk=series_id))


def show(series: Series, wanted: Mapping[str, Stood], act: Act) -> bool:
    """Have these fields stand so, within the caller's transaction, which holds the series. What
    its sources and people said is kept besides. Answers whether anything stood otherwise."""
    now = standing(series)
    changed = {f: to for f, to in _sorted(series, wanted).items() if not is_same(f, now[f], to)}
    if not changed:
        series.save(update_fields=_SAID)
        return False
    anew = {f: to.value for f, to in changed.items() if to.value != now[f].value}
    _note(series, changed)
    _set(series, anew)
    FactChange.objects.bulk_create(
        _line(series, field, (now[field], to), act) for field, to in changed.items()
    )
    touch(series.library_id)
    if RATED in anew:
        showing.end_links(Rating(now[RATED].value), Rating(anew[RATED]))
    return True


def _stood(series: Series, sheet: FactSheet, field: str, value: Any) -> Stood:
    origin = sheet.origins.get(field)
    locked = field in series.locks
    if origin:
        return Stood(value=value, source=origin.source, at=origin.at, run=origin.run, locked=locked)
    source = Source.NAME if field in NAMED and value else ""
    return Stood(value=value, source=source, locked=locked)


def _sorted(series: Series, wanted: Mapping[str, Stood]) -> dict[str, Stood]:
    """A title sorts by itself unless people said by what."""
    title = wanted["title"].value if "title" in wanted else series.title
    own = wanted.get("sort_title")
    if own is None or own.locked:
        return dict(wanted)
    return {**wanted, "sort_title": own.model_copy(update={"value": sort_title(title)})}


def _note(series: Series, changed: Mapping[str, Stood]) -> None:
    """Whose word each field is now, and which of them only people change."""
    sheet, said = series.facts, dict(series.user_metadata)
    for field, to in changed.items():
        if to.source in ("", Source.NAME):
            sheet.origins.pop(field, None)
        else:
            sheet.origins[field] = Origin(source=to.source, at=to.at, run=to.run)
        if to.locked and to.source == Source.PERSON:
            said[field] = to.value
        else:
            said.pop(field, None)
    locked = {field for field, to in changed.items() if to.locked}
    series.locks = sorted((set(series.locks) - changed.keys()) | locked)
    series.facts, series.set_by_people = sheet, UserMetadata.model_validate(said)


def _set(series: Series, anew: Mapping[str, Any]) -> None:
    """Show these values."""
    if RATED in anew:
        showing.rate(series, Rating(anew[RATED]))
    for column in anew.keys() & set(_COLUMNS):
        setattr(series, column, anew[column])
    if "title" in anew and "sort_title" not in series.locks:
        series.sort_title = sort_title(series.title)
    sheet = series.facts
    for name in anew.keys() & {"titles", "links"}:
        setattr(sheet, name, anew[name])
    series.facts = sheet
    series.save(update_fields=(*_COLUMNS, *_SAID, "raw_facts", "locks", "updated"))
    if anew.keys() & {"title", "language"}:
        titles.keep([series.pk])
    if "titles" in anew or ("title" in anew and series.said.sources):
        titles.also_call(series, _other_titles(series))
    if labels := {name: anew[name] for name in labelling.KINDS if name in anew}:
        labelling.put(series.pk, **labels)


def _other_titles(series: Series) -> Iterable[tuple[str, str]]:
    """By what else it is found: all that is shown, and what each source has for its title,
    unless people said by which it goes."""
    for line in series.facts.titles:
        yield line["text"], line["language"]
    if "titles" not in series.locks:
        for said in series.said.sources.values():
            if title := said.claims.get("title"):
                yield title, ""


def _line(series: Series, field: str, stood: tuple[Stood, Stood], act: Act) -> FactChange:
    by = act.by.pk if act.by else None
    line = FactChange(series=series, field=field, source=act.source, run=act.run, by_id=by)
    line.before, line.after = stood
    return line


def unsaid(series: Series, field: str) -> Stood:
    """A field of which nobody says anything any more. A rating stays as it is: that a word is let
    go shows a series to nobody who did not see it."""
    return Stood(value=str(series.content_rating) if field == RATED else EMPTY[field])
