"""What stands on the shelves, as rows for lists: narrow columns, one order, bounded."""

from collections.abc import Callable, Iterable
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.core.cache import caches
from django.db.models import Count, Sum

from kiremisu.accounts.links import covers_url, pages_url
from kiremisu.accounts.models import User
from kiremisu.lib.cursors import Deep, walk
from kiremisu.lib.errors import Unreadable
from kiremisu.lib.orders import ID, Order, flag, number, text
from kiremisu.lib.schemas import Paging, part
from library import freshness, measuring
from library.models import (
    Chapter,
    ChapterQuery,
    Content,
    Library,
    Picture,
    Series,
    SeriesQuery,
    Sidecar,
)
from library.pages import measured
from library.shapes import FactSheet, Labels, PageEntry, PageGeometry

# The cover's width in the API's answers; the others are the same address with another number.
COVER_WIDTH = 400
# From this ratio of width to height on a page is drawn over two.
WIDE = 1.15

_COVER = ("cover__signature", "cover__cover_state", "cover__tint", "cover_page", "cover_tint")
SERIES = (
    "id", "created", "updated", "title", "sort_title", "year", "language", "status",
    "content_rating", "summary",
    "chapter_count", "volume_count", "page_count", "missing_count", "problem_count",
    "gap_count", "duplicate_count", "last_added", "library_id", "raw_labels", *_COVER,
)  # fmt: skip
DETAIL = ("demographic", "direction", "last_chapter", "last_volume", "raw_facts")
CHAPTER = (
    "id", "created", "updated", "path", "format", "size", "page_count", "skipped", "volume",
    "number", "title", "year", "group", "language", "edition", "special", "problem",
    "problem_detail", "missing_since", "library_id", "series_id", "content_id", "series__title",
    "sidecar", "sidecar_problem", "sidecar_detail",
)  # fmt: skip
_SIDECAR = ("id", "created", "updated", "path", "source", "problem", "problem_detail")

# As `Chapter.objects.in_order()`.
_AS_READ = Order(
    "chapters",
    (flag("special"), number("volume_order"), number("number_order"), text("path"), ID),
)


def libraries(user: User, paging: Paging) -> dict[str, Any]:
    """A part of the libraries this person may open, by name."""
    counts = _counts(user)
    visible = Library.objects.visible_to(user).order_by("name", "id")
    rows = visible[paging.bounds]
    return part([_library(row, user, counts) for row in rows], visible.count(), paging)


def library(user: User, found: Library) -> dict[str, Any]:
    """One library as the API shows it."""
    return _library(Library.objects.get(pk=found.pk), user, _counts(user))


def _counts(user: User) -> dict[UUID, tuple[int, int]]:
    """Of each library, how many series and chapters in it this person may see."""
    key = freshness.key(user, "libraries")
    inside = Series.objects.visible_to(user).order_by().values_list("library")
    counted = inside.annotate(Count("pk"), Sum("chapter_count"))
    return freshness.kept(
        caches["process"], key, lambda: {pk: (many, all_) for pk, many, all_ in counted}
    )


def _library(row: Library, user: User, counts: dict[UUID, tuple[int, int]]) -> dict[str, Any]:
    series_count, chapter_count = counts.get(row.pk, (0, 0))
    return {
        "id": row.pk,
        "created": row.created,
        "updated": row.updated,
        "name": row.name,
        "kind": row.kind,
        "root": row.root if user.is_administrator else None,
        "open_to_all": row.open_to_all,
        "fact_sources": row.fact_sources,
        "schedule": row.schedule,
        "next_scan": row.next_scan,
        "version": row.version,
        "scanned_at": row.scanned_at,
        "series_count": series_count,
        "chapter_count": chapter_count,
    }


def one_series(user: User, found: Series | SeriesQuery) -> dict[str, Any]:
    """A series as the API shows it: one that was found, or the question that finds it, which
    then is the only one. Raises DoesNotExist."""
    asked = Series.objects.filter(pk=found.pk) if isinstance(found, Series) else found
    (row,) = series_rows([asked.values(*SERIES, *DETAIL).get()], user)
    sheet = FactSheet.model_validate(row.pop("raw_facts"))
    return row | {"titles": sheet.titles, "links": sheet.links}


def series_rows(rows: Iterable[dict[str, Any]], user: User) -> list[dict[str, Any]]:
    """Rows of `SERIES` as the API shows them."""
    address = covers_url(user)
    return [_series_row(row, address) for row in rows]


def _series_row(row: dict[str, Any], address: Callable[[str, int], str]) -> dict[str, Any]:
    picture = _picture(row)
    row["cover"] = address(picture.key, COVER_WIDTH) if picture else None
    row["tint"] = picture.tint if picture else ""
    row["library"] = row.pop("library_id")
    labels = Labels.model_validate(row.pop("raw_labels"))
    row |= {"genres": labels.genres, "tags": labels.tags, "people": labels.people}
    return row


def _picture(row: dict[str, Any]) -> Picture | None:
    """What stands on the cover, by the columns that say so."""
    signature, state, tint, page, page_tint = (row.pop(name) for name in _COVER)
    return Picture.of(bytes(signature).hex(), state, tint, page, page_tint) if signature else None


def chapters(user: User, found: Series, wanted: Deep) -> dict[str, Any]:
    """A part of a series' chapters, as one reads them. Raises Invalid."""
    inside = Chapter.objects.visible_to(user).filter(series=found)
    walked = walk(inside, _AS_READ, wanted, *CHAPTER)
    total = len(walked.rows) if walked.is_all else inside.count()
    return walked.answer([chapter_row(row) for row in walked.rows], total, wanted)


def sidecars(user: User, found: Series, paging: Paging) -> dict[str, Any]:
    """A part of the files that lie beside a series' own and tell of it."""
    beside = Sidecar.objects.visible_to(user).filter(series=found).order_by("path", "id")
    rows = beside.values(*_SIDECAR)[paging.bounds]
    return part(list(rows), beside.count(), paging)


def one_chapter(found: Chapter | ChapterQuery) -> dict[str, Any]:
    """A chapter as the API shows it, found as a series is."""
    asked = Chapter.objects.filter(pk=found.pk) if isinstance(found, Chapter) else found
    return chapter_row(asked.values(*CHAPTER).get())


def chapter_row(row: dict[str, Any]) -> dict[str, Any]:
    """A row of `CHAPTER` as the API shows it."""
    facts = {name: row[name] for name in ("path", "volume", "number", "title")}
    row["label"] = Chapter(**facts).label
    row["series_title"] = row.pop("series__title")
    for name in ("library", "series", "content"):
        row[name] = row.pop(f"{name}_id")
    return row


def readable(chapter: Chapter) -> Content:
    """What a chapter holds. Raises Unreadable, with the code of what keeps it from being read."""
    if chapter.missing_since is not None:
        raise Unreadable("The file was not there at the last scan.", code="missing")
    if chapter.content is None:
        raise Unreadable(chapter.problem_detail, code=chapter.problem or "unreadable")
    return chapter.content


def pages(user: User, chapter: Chapter) -> list[dict[str, Any]]:
    """A chapter's pages with their signed addresses. Raises Unreadable."""
    looks = measuring.known(readable(chapter))
    entries = measured(chapter)
    url = pages_url(user, chapter.pk)
    return [
        {
            "number": number,
            "width": entry.width,
            "height": entry.height,
            "media_type": entry.media_type,
            "bytes": entry.size,
            "url": url(number),
            "wide": is_wide(entry),
            "looks": _looks(geometry) if geometry else None,
        }
        for number, (entry, geometry) in enumerate(
            zip_longest(entries, looks[: len(entries)]), start=1
        )
    ]


def _looks(page: PageGeometry) -> dict[str, Any] | None:
    if not page.tint:
        return None
    left, top, right, bottom = page.box
    return {
        "box": {"left": left, "top": top, "right": right, "bottom": bottom},
        "tint": page.tint,
        "blank": page.blank,
        "grey": page.grey,
        "continues": {"rtl": page.rtl, "ltr": page.ltr},
    }


def is_wide(page: PageEntry) -> bool:
    """Drawn over two pages."""
    width, height = page.width, page.height
    return width is not None and height is not None and width >= WIDE * height > 0
