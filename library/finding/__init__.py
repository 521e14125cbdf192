"""What somebody finds of all that the library knows: series, chapters, people, tags, pages."""

from typing import Any

from kiremisu.accounts.models import User
from library import search
from library.finding import names, texts
from library.finding.schemas import SearchWanted
from library.models import Chapter, Series
from library.shelving import CHAPTER, SERIES, chapter_row, series_rows


def found(user: User, wanted: SearchWanted) -> dict[str, Any]:
    """Of each kind the hits, each with what it matched."""
    q, limit = wanted.q, wanted.limit
    return {
        "series": _series(user, q, limit),
        "chapters": _chapters(user, q, limit),
        "people": names.people(user, q, limit),
        "tags": names.tags(user, q, limit),
        "texts": _texts(user, q, limit),
    }


def _series(user: User, q: str, limit: int) -> list[dict[str, Any]]:
    hits = search.find(user, q, limit)
    told = Series.objects.filter(pk__in=[hit.series for hit in hits]).order_by()
    rows = {row["id"]: row for row in series_rows(told.values(*SERIES), user)} if hits else {}
    return [
        {"series": rows[hit.series], "matched": _matched(hit)} for hit in hits if hit.series in rows
    ]


def _matched(hit: search.Hit) -> dict[str, Any]:
    return {"text": hit.text, "marks": hit.marks, "kind": hit.kind, "language": hit.language}


def _chapters(user: User, q: str, limit: int) -> list[dict[str, Any]]:
    titled = search.chapters(user, q)
    rows = titled.values(*CHAPTER)[:limit] if titled is not None else ()
    return [{"chapter": chapter_row(row), "matched": matched(row["title"], q)} for row in rows]


def _texts(user: User, q: str, limit: int) -> list[dict[str, Any]]:
    said = texts.pages(user, q, limit)
    if not said:
        return []
    told = Chapter.objects.filter(pk__in={one.chapter for one in said}).order_by()
    rows = {row["id"]: chapter_row(row) for row in told.values(*CHAPTER)}
    return [
        {
            "chapter": rows[one.chapter],
            "page": one.page,
            "matched": {"text": one.text, "marks": one.marks},
        }
        for one in said
        if one.chapter in rows
    ]


def matched(text: str, q: str) -> dict[str, Any]:
    """A text in which the words of a search stand as they are typed."""
    return {"text": text, "marks": search.spans(text, q)}
