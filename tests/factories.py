"""Rows for tests, each with sensible facts unless told otherwise."""

import os
from typing import Any

from django.utils import timezone

from kiremisu.lib.text import fold
from library.models import Chapter, Content, Library, Loss, PageIndex, Series, Sidecar
from library.shapes import PageEntry, PageList


def make_library(name: str = "Manga", **facts: Any) -> Library:
    return Library.objects.create(**{"name": name, "root": f"/srv/{name.lower()}", **facts})


def make_series(library: Library, title: str = "Salt Road Diary", **facts: Any) -> Series:
    given = {"key": fold(title), "title": title, "sort_title": fold(title)}
    return Series.objects.create(library=library, **{**given, **facts})


def make_loss(library: Library, *paths: str) -> Loss:
    """Half of the files are gone: these."""
    gone = {"paths": [*paths], "examples": [*paths], "count": len(paths), "known": 2 * len(paths)}
    return Loss.objects.create(library=library, reason="many", **gone)


def make_sidecar(series: Series, path: str, **facts: Any) -> Sidecar:
    """A details.json that is no JSON, unless something else is told of it."""
    given = {"source": "details.json", "size": 9, "mtime_ns": 1, "problem": "not_json"}
    return Sidecar.objects.create(
        library=series.library, series=series, path=path, **{**given, **facts}
    )


def make_content(pages: int = 12, **facts: Any) -> Content:
    return Content.objects.create(**{"signature": os.urandom(16), "page_count": pages, **facts})


def make_chapter(series: Series, number: str = "1", pages: int = 12, **facts: Any) -> Chapter:
    """A readable chapter of so many pages, 840 × 1200 each, with its index; no file on disk."""
    content = facts.pop("content", None) or make_content(pages)
    chapter = Chapter.objects.create(
        **{
            "library": series.library,
            "series": series,
            "content": content,
            "path": f"{series.title}/{series.title} c{number}.cbz",
            "size": 1_000_000,
            "mtime_ns": 1_700_000_000_000_000_000,
            "format": "zip",
            "page_count": pages,
            "number": number,
            "content_rating": series.content_rating,
            "hidden": series.hidden_at is not None,
            "number_order": number.partition("-")[0],
            **facts,
        }
    )
    entries = [
        PageEntry(name=f"{n:03}.jpg", size=1000, media_type="image/jpeg", width=840, height=1200)
        for n in range(1, pages + 1)
    ]
    index = PageIndex(chapter=chapter)
    index.list = PageList(pages=entries)
    index.save()
    Series.objects.filter(pk=series.pk).update(
        chapter_count=series.chapters.count(),
        readable_count=Chapter.objects.readable().filter(series=series).count(),
        last_added=timezone.now(),
    )
    return chapter
