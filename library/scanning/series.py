"""Which series the files of a batch belong to, and what is counted of each."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Case, F, Func, Value, When
from django.utils.module_loading import import_string

from kiremisu.lib.ids import uuid7
from kiremisu.lib.text import fold
from library import placing, titles
from library.folding import folded
from library.inspection import Facts, facts_of
from library.models import Library, Series, TitleForm
from library.naming.rules import Naming
from library.scanning.copying import Table
from library.scanning.plan import Decision, Loose
from library.scanning.rows import Home

_ARTICLES = ("the ", "a ", "an ")
_NEW = ("id", "library_id", "key", "title", "sort_title", "created", "updated")

# What the chapters of each of some series come to.
_COUNTED = """
    SELECT i.id,
        count(c.id) FILTER (WHERE here) AS chapters,
        count(DISTINCT c.volume) FILTER (WHERE here AND c.volume <> '') AS volumes,
        coalesce(sum(c.page_count) FILTER (WHERE here), 0) AS pages,
        count(c.id) FILTER (WHERE here AND c.content_id IS NOT NULL) AS readable,
        count(c.id) FILTER (WHERE NOT here AND c.purged_at IS NULL) AS missing,
        count(c.id) FILTER (WHERE here AND c.problem <> '') AS problems,
        max(c.created) FILTER (WHERE here) AS newest,
        (array_agg(c.content_id ORDER BY c.special, c.volume_order, c.number_order, c.path)
            FILTER (WHERE here AND c.content_id IS NOT NULL))[1] AS cover,
        CASE WHEN count(DISTINCT c.year) FILTER (WHERE here) = 1
             THEN min(c.year) FILTER (WHERE here) END AS year,
        CASE WHEN count(DISTINCT c.language) FILTER (WHERE here AND c.language <> '') = 1
             THEN min(c.language) FILTER (WHERE here AND c.language <> '') ELSE '' END
             AS language
    FROM unnest(%s::uuid[]) AS i (id)
    LEFT JOIN (SELECT *, missing_since IS NULL AS here FROM library_chapter) c
        ON c.series_id = i.id
    GROUP BY i.id
"""


def _is_told(field: str) -> str:
    """Whether a field is not what names say: locked, or by another's word."""
    return f"'{field}' = ANY(s.locks) OR jsonb_exists(s.facts -> 'origins', '{field}')"


_COUNT = f"""
    UPDATE library_series s SET
        chapter_count = n.chapters, volume_count = n.volumes, page_count = n.pages,
        readable_count = n.readable, missing_count = n.missing, problem_count = n.problems,
        last_added = n.newest,
        cover_id = CASE WHEN s.cover_page IS NULL THEN coalesce(n.cover, s.cover_id)
                        ELSE s.cover_id END,
        year = CASE WHEN {_is_told("year")} THEN s.year ELSE n.year END,
        language = CASE WHEN {_is_told("language")} THEN s.language ELSE n.language END,
        updated = %s
    FROM ({_COUNTED}) n
    WHERE s.id = n.id
"""  # noqa: S608 - our own text
_MISCOUNTED = f"""
    SELECT s.id FROM library_series s JOIN ({_COUNTED}) n ON n.id = s.id
    WHERE (s.chapter_count, s.volume_count, s.page_count, s.readable_count, s.missing_count,
           s.problem_count, s.last_added)
        IS DISTINCT FROM (n.chapters, n.volumes, n.pages, n.readable, n.missing,
                          n.problems, n.newest)
        OR s.cover_page IS NULL
            AND (n.cover <> s.cover_id OR (n.cover IS NOT NULL AND s.cover_id IS NULL))
"""  # noqa: S608 - our own text


def count(series: Iterable[UUID], now: datetime) -> None:
    """Bring the counts, the cover and the unanimous facts of these series up to date, and tell
    settings.AFTER_COUNT."""
    counted = sorted(series)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [now, counted])
    for tell in after_count():
        tell(counted)


def miscounted(series: Iterable[UUID]) -> list[UUID]:
    """Those of these series whose counts or cover are not what their chapters come to."""
    with connection.cursor() as cursor:
        cursor.execute(_MISCOUNTED, [sorted(series)])
        return [series_id for (series_id,) in cursor.fetchall()]


@cache
def after_count() -> list[Callable[[Sequence[UUID]], int]]:
    """What settings.AFTER_COUNT names: brings what hangs on the chapters of these series up to
    date, and answers how much of it said something else."""
    return [import_string(path) for path in settings.AFTER_COUNT]


def home_of(
    library: Library, decisions: Iterable[Decision], loose: Loose, now: datetime, naming: Naming
) -> dict[str, Home]:
    """The series for each key that these files name: known, merged into another, renamed, or new.

    A series follows its files: where all that were in it have gone elsewhere, and nobody
    has the new name yet, it takes that name and keeps its id.
    """
    wanted: dict[str, Facts] = {}
    before: dict[str, UUID] = {}
    for decision in decisions:
        facts = decision.reading.facts
        wanted.setdefault(facts.key, facts)
        if decision.row:
            before.setdefault(facts.key, decision.row.series_id)
    homes = named(library, wanted)
    absent = {key: facts for key, facts in wanted.items() if key not in homes}
    following = _abandoned(library, {before[key] for key in absent if key in before}, loose, naming)
    renamed = _follow(following, before, absent, now)
    if renamed:
        # A name that was given up is nobody's, whoever of this batch bears it.
        homes = named(library, wanted)
        absent = {key: facts for key, facts in wanted.items() if key not in homes}
    taken = {home.series for home in homes.values()}
    for key, series_id in _awaited(library, absent, taken).items():
        _keep_name(series_id)
        _rename(series_id, absent.pop(key), now)
        renamed.add(series_id)
        homes[key] = Home(series_id)
    new = {key: uuid7() for key in absent}
    Table(Series, *_NEW).copy(
        (new[key], library.id, key, facts.series, sort_title(facts.series), now, now)
        for key, facts in absent.items()
    )
    titles.keep({*new.values(), *renamed})
    return homes | {key: Home(series_id) for key, series_id in new.items()}


def sort_title(title: str) -> str:
    """What a title is sorted by: folded, without a leading article."""
    folded = fold(title) or title.casefold()
    for article in _ARTICLES:
        if folded.startswith(article):
            return folded.removeprefix(article)
    return folded


def _awaited(library: Library, keys: Iterable[str], taken: Iterable[UUID]) -> dict[str, UUID]:
    """For those of these keys that are another title of just one series without files, by its
    title in any language, that series. Those that are taken keep the name they have."""
    waiting = Series.objects.filter(
        library=library, chapter_count=0, missing_count=0, hidden_at=None
    ).exclude(id__in=[*taken])
    if not waiting.exists():
        return {}
    wanted = {folded(key): key for key in keys}
    found: dict[str, set[UUID]] = defaultdict(set)
    forms = TitleForm.objects.filter(series__in=waiting, folded__in=[*wanted]).order_by("id")
    for form, series_id in forms.values_list("folded", "series"):
        found[wanted[form]].add(series_id)
    single = {key: series.copy().pop() for key, series in found.items() if len(series) == 1}
    # Of several names for one series the first takes it; the others are of what the names say.
    return {key: series for series, key in {series: key for key, series in single.items()}.items()}


def named(library: Library, keys: Iterable[str]) -> dict[str, Home]:
    """For those of these keys that a series has, that series, or the one it was merged into; else
    one that had it before."""
    wanted, here = set(keys), Series.objects.filter(library=library).order_by("id")
    before = here.filter(other_keys__overlap=[*wanted])
    rows = before.values_list("id", "merged_into", "other_keys")
    others = {key: _home(own, merged) for own, merged, some in rows for key in wanted & {*some}}
    known = here.filter(key__in=wanted).values_list("id", "merged_into", "key")
    return others | {key: _home(own, merged) for own, merged, key in known}


def _home(series_id: UUID, merged_into: UUID | None) -> Home:
    return Home(merged_into or series_id, by_people=merged_into is not None)


def _keep_name(series_id: UUID) -> None:
    """Have files of the name that it has now come to it under any other."""
    others = Func("other_keys", "key", function="array_append")
    Series.objects.filter(id=series_id).update(other_keys=others)


def _follow(
    following: set[UUID], before: Mapping[str, UUID], absent: Mapping[str, Facts], now: datetime
) -> set[UUID]:
    """Call series by the first of the new names that their files bear; answers those that were."""
    renamed = set[UUID]()
    for key, facts in absent.items():
        series_id = before.get(key)
        if series_id in following - renamed:
            _rename(series_id, facts, now)
            renamed.add(series_id)
    return renamed


def _abandoned(library: Library, series: set[UUID], loose: Loose, naming: Naming) -> set[UUID]:
    """Those whose name no file on disk bears any more, but for what people put into them."""
    names = Series.objects.filter(id__in=series).values_list("id", "key", "other_keys")
    keys = {series_id: {key, *others} for series_id, key, others in names}
    staying = library.chapters.filter(series__in=series, missing_since__isnull=True)
    by_name = staying.exclude(by_hand__contains=[placing.BY_HAND])
    held = set()
    for series_id, path in by_name.values_list("series_id", "path"):
        facts = naming.read(path, facts_of(library.folder, path))
        # What a file without a series in its name was put under stands within it.
        if path not in loose.gone and (facts.is_alone or facts.key in keys[series_id]):
            held.add(series_id)
    return series - held


def _rename(series_id: UUID, facts: Facts, now: datetime) -> None:
    Series.objects.filter(id=series_id).update(key=facts.key, updated=now)
    # A title that people or other sources gave stays, and by what people sort it.
    sorts = Case(
        When(locks__contains=["sort_title"], then=F("sort_title")),
        default=Value(sort_title(facts.series)),
    )
    by_name = Series.objects.filter(id=series_id, raw_facts__origins__title__isnull=True)
    by_name.exclude(locks__contains=["title"]).update(title=facts.series, sort_title=sorts)
