"""What exists of a series, as sources list it, and what of that is here.

Asked for one series it is worked out at once. What lists filter by stands on the series, and
follows soon after each scan and whenever a source says something new; the nightly check makes sure.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from kiremisu.jobs.models import Job, Priority
from kiremisu.jobs.queue import enqueue
from library import completeness, holding
from library.completeness import Completeness
from library.holding import Known, Piece
from library.models import Chapter, Library, Outline, Series, SeriesQuery
from library.scanning.applying import touch
from library.shapes import Listed

# So many chapters are listed of no work.
MOST = 20_000
_PIECE = ("volume", "number", "special", "language", "edition")

_WRITE = """
    UPDATE library_series s SET gap_count = n.gaps, duplicate_count = n.duplicates
    FROM unnest(%s::uuid[], %s::int[], %s::int[]) AS n (id, gaps, duplicates)
    WHERE s.id = n.id
    AND (s.gap_count, s.duplicate_count) IS DISTINCT FROM (n.gaps, n.duplicates)
    RETURNING s.library_id
"""


@transaction.atomic
def tell(series_id: UUID, source: str, listed: Sequence[tuple[str, str]], told: datetime) -> None:
    """A source lists these (volume, number) of a series; what it or another said before goes. The
    series is left alone where it is gone."""
    if not Series.objects.filter(pk=series_id).exists():
        return
    raw = Listed(chapters=list(listed)[:MOST]).model_dump(mode="json")
    facts = {"source": source, "raw_listed": raw, "told": told}
    Outline.objects.update_or_create(series_id=series_id, defaults=facts)
    weigh([series_id])


@transaction.atomic
def forget(series_id: UUID) -> None:
    """No source says any more what exists of a series."""
    if Outline.objects.filter(series=series_id).delete()[0]:
        weigh([series_id])


def of(series: Series, chapters: Iterable[Chapter] | None = None) -> Completeness:
    """What of a series is here, missing, or here twice, as things are now; `chapters` are all of
    its own, where one has them already."""
    if chapters is None:
        return _complete([series])[series.pk]
    here = (each for each in chapters if not each.is_missing)
    own = [
        Piece(each.volume, each.number, each.special, (each.language, each.edition))
        for each in here
    ]
    return _weighed(series, own, Outline.objects.filter(series=series).first())


def holder(series: UUID, also: Iterable[Known] = ()) -> Callable[[str, str], bool]:
    """A function from (volume, number) to whether that is here, as things are now. `also`: what
    else is known to exist, besides what a source lists."""
    told = Outline.objects.filter(series=series).first()
    known = [*(Known(*each) for each in (told.listed.chapters if told else ())), *also]
    own = [piece for piece in _own([series])[series] if not piece.special]
    outline = holding.Outline(known, holding.counts_anew(known or own))
    return partial(holding.Held(own, outline).has, outline)


@transaction.atomic
def weigh(series: Sequence[UUID]) -> int:
    """Have these series say how much of them is missing or here twice. Answers how many said
    something else; their libraries change."""
    now = timezone.now()
    rows = Series.objects.filter(pk__in=series).only("id", "last_chapter", "last_volume")
    found = _complete(list(rows))
    ids = sorted(found)
    gaps, twice = [found[key].gaps for key in ids], [found[key].duplicates for key in ids]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [ids, gaps, twice])
        libraries = [library for (library,) in cursor.fetchall()]
    unweighed(Series.objects.filter(pk__in=ids)).update(weighed=now)
    for library in sorted(set(libraries)):
        touch(library)
    return len(libraries)


def unweighed(series: SeriesQuery) -> SeriesQuery:
    """Those that changed since it was looked at what of them is here."""
    return series.filter(Q(weighed=None) | Q(weighed__lt=F("updated")))


def after_scan(library: Library) -> None:
    """Have what a scan changed looked at."""
    if unweighed(Series.objects.filter(library=library)).exists():
        request(library.pk)


def request(library_id: UUID) -> Job:
    """Have all looked at that changed in a library."""
    key = f"weigh:{library_id}"
    return enqueue("weigh", subject=library_id, key=key, priority=Priority.LATER)


def _complete(series: Sequence[Series]) -> dict[UUID, Completeness]:
    ids = [one.pk for one in series]
    own, outlines = _own(ids), Outline.objects.in_bulk(ids)
    return {one.pk: _weighed(one, own[one.pk], outlines.get(one.pk)) for one in series}


def _own(ids: Sequence[UUID]) -> dict[UUID, list[Piece]]:
    own: dict[UUID, list[Piece]] = defaultdict(list)
    here = Chapter.objects.filter(series__in=ids, missing_since=None).order_by("series_id", "id")
    for key, volume, number, special, *variant in here.values_list("series", *_PIECE).iterator():
        own[key].append(Piece(volume, number, special, tuple(variant)))
    return own


def _weighed(series: Series, own: Sequence[Piece], outline: Outline | None) -> Completeness:
    return completeness.complete(
        own,
        [Known(*each) for each in outline.listed.chapters] if outline else (),
        last_chapter=series.last_chapter,
        last_volume=series.last_volume,
    )
