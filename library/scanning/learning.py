"""What lay in and beside files to tell of a series, learnt once their rows are written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import orjson
from django.db.models import QuerySet
from django.db.models.functions import MD5

from kiremisu.lib.errors import Unavailable, in_words
from kiremisu.lib.paths import on_disk
from library import knowing, sheets, showing
from library.covers import Made
from library.disk import Beside, Found, is_within
from library.inspection import Sidecar, inspect
from library.models import Library
from library.models import Sidecar as Row
from library.scanning import pictures, rows
from library.scanning.applying import Heard
from library.scanning.rows import Unheard
from library.sidecars import COVER, SENTENCES, Misread, Told, kind_of, told_beside
from library.sidecars.patches import patch_of


class Known(NamedTuple):
    """A file beside others, as the database has it."""

    size: int
    mtime_ns: int
    is_placed: bool


class Answer(NamedTuple):
    """A file beside others that was read: what it says, or why nothing."""

    beside: Beside
    told: Told | None = None
    cover: Made | None = None
    problem: str = ""
    detail: str = ""


@showing.together()
def of_books(heard: Sequence[Heard], run: UUID) -> None:
    """Learn what the first of each series' chapters says anew, within the caller's transaction.

    What is heard for the first time waits until all files are listed: see `of_unheard`.
    """
    before = rows.heard_before({(h.series, h.sidecar.source) for h in heard}) if heard else set()
    by_chapter = {h.chapter: h for h in heard if (h.series, h.sidecar.source) in before}
    first = rows.first_telling({series for series, _ in before}) if before else set()
    for chapter in sorted(first & by_chapter.keys()):
        _, series, sidecar = by_chapter[chapter]
        _learn(series, sidecar, run)


def read_books(root: str, wanted: Iterable[Unheard]) -> Iterator[tuple[UUID, Sidecar | None]]:
    """What each of these files says of its series. One that says nothing any more has changed,
    and is the next scan's business; the database is not asked."""
    for series, source, path in wanted:
        sidecar = inspect(root, Found(path, 0, 0)).sidecar
        says = sidecar and sidecar.source == source and not sidecar.problem
        yield series, sidecar if says else None


@showing.together()
def of_unheard(answers: Sequence[tuple[UUID, Sidecar | None]], run: UUID) -> None:
    """Learn what these files said, within the caller's transaction."""
    sheets.hold(series for series, _ in answers)
    for series, sidecar in answers:
        if sidecar:
            _learn(series, sidecar, run)


def _learn(series: UUID, sidecar: Sidecar, run: UUID) -> None:
    knowing.learn(series, sidecar.source, patch_of(orjson.loads(sidecar.facts)), run)


def let_go(unsaid: Sequence[tuple[UUID, str]], run: UUID) -> None:
    """Forget what no file says any more, within the caller's transaction."""
    sheets.hold(series for series, _ in unsaid)
    for series, source in unsaid:
        knowing.forget(series, source, run)


def known(library: Library) -> dict[str, Known]:
    """The files beside others that were read before, by path."""
    found = (
        Row.objects.filter(library=library)
        .order_by()
        .values_list("path", "size", "mtime_ns", "series")
    )
    return {path: Known(size, mtime_ns, bool(series)) for path, size, mtime_ns, series in found}


def to_read(
    beside: Iterable[Beside], before: Mapping[str, Known], *, again: bool, full: bool
) -> list[Beside]:
    """Those that are new or changed; `again`: those, too, that belonged to no series yet."""
    wanted = []
    for each in beside:
        had = before.get(each.found.path)
        is_same = had is not None and each.found[1:] == had[:2]
        if full or not is_same or (again and had and not had.is_placed):
            wanted.append(each)
    return wanted


def gone(
    beside: Iterable[Beside], before: Mapping[str, Known], unreadable: Mapping[str, str]
) -> list[str]:
    """The paths of those that are there no more."""
    left = before.keys() - {each.found.path for each in beside}
    return sorted(path for path in left if not is_within(path, unreadable.keys()))


def read(root: str, beside: Iterable[Beside]) -> Iterator[Answer]:
    """What these files say; the database is not asked. Raises Unavailable when there is no room
    for a cover."""
    for each in beside:
        try:
            if kind_of(each.found.path) == COVER:
                yield Answer(each, cover=pictures.made(root, each.found))
            else:
                yield Answer(each, told_beside(f"{root}/{on_disk(each.found.path)}"))
        except Misread as error:
            yield Answer(each, problem=error.code, detail=error.detail)
        except Unavailable:
            # No fault of the file: written down as one, it would not be read again.
            raise
        except Exception as error:  # noqa: BLE001 - whatever one file does, the scan goes on
            detail = f"{SENTENCES['crashed']} ({in_words(error)})"[:500]
            yield Answer(each, problem="crashed", detail=detail)


@showing.together()
def of_folders(library: Library, answers: Sequence[Answer], run: UUID) -> None:
    """Learn and write down what these files said, within the caller's transaction."""
    paths = {path for answer in answers for path in answer.beside.books}
    homes = rows.homes_at(library.pk, paths)
    sheets.hold(home.series for home in homes.values())
    written = []
    for answer in answers:
        beside = {homes[path] for path in answer.beside.books if path in homes}
        own = {home for home in beside if not home.by_people}
        row = _row(library, answer, {home.series for home in own or beside})
        written.append(row)
        if answer.told and row.series_id and own:
            patch = patch_of(answer.told.facts)
            knowing.learn(row.series_id, answer.told.source, patch, run)
        if answer.cover and row.series_id and own:
            row.content = pictures.show(row.series_id, answer.cover)
    _at(library, [row.path for row in written]).delete()
    Row.objects.bulk_create(written)


def _row(library: Library, answer: Answer, series: set[UUID]) -> Row:
    path, size, mtime_ns = answer.beside.found
    problem, detail = answer.problem, answer.detail
    if not problem and len(series) != 1:
        problem = "several_series" if series else "no_series"
        detail = SENTENCES[problem]
    return Row(
        library=library,
        series_id=series.pop() if len(series) == 1 else None,
        source=kind_of(path),
        path=path,
        size=size,
        mtime_ns=mtime_ns,
        problem=problem,
        problem_detail=detail,
    )


def forget(library: Library, paths: Sequence[str], run: UUID) -> None:
    """These files are gone. What they said goes with them where the series' own files stayed."""
    # One that could not be read any more had said something as long as it could be.
    said = _at(library, paths).filter(series__chapter_count__gt=0)
    let_go = set(said.order_by().values_list("series_id", "source"))
    sheets.hold(series for series, _ in let_go)
    _at(library, paths).delete()
    for series, source in sorted(let_go):
        others = Row.objects.filter(series=series, source=source, problem="")
        if source == COVER:
            pictures.choose(series)
        elif not others.exists():
            knowing.forget(series, source, run)


def _at(library: Library, paths: Sequence[str]) -> QuerySet[Row]:
    found = Row.objects.annotate(digest=MD5("path"))
    return found.filter(library=library, digest__in=[rows.digest(path) for path in paths])
