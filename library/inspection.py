"""One file looked at: its pages and what its name says, as one small record.

Pure, so that processes without Django can do it; what they send back is built of plain
values only.
"""

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from time import monotonic
from typing import NamedTuple

import orjson

from kiremisu.lib.errors import Unreadable, in_words
from kiremisu.lib.paths import on_disk
from kiremisu.lib.processes import die_with_parent
from kiremisu.lib.text import clean, fold
from library.archives import CODES, Page, open_book
from library.disk import Found
from library.names import parse, parse_path

_NUMBER = re.compile(r"\d{1,8}(?:\.\d{1,3})?")
_YEAR = re.compile(r"\d{4}")
_OFTEN = 0.5  # seconds


class Facts(NamedTuple):
    """What a name says, fit to store. The orders are numbers as text, "" where there is none."""

    series: str
    key: str
    volume: str = ""
    number: str = ""
    volume_order: str = ""
    number_order: str = ""
    title: str = ""
    year: int | None = None
    group: str = ""
    language: str = ""
    edition: str = ""
    special: bool = False


class Reading(NamedTuple):
    """A file as it was read: readable when `problem` is empty. `pages` is a `PageList` as JSON."""

    path: str
    size: int
    mtime_ns: int
    facts: Facts
    problem: str = ""
    detail: str = ""
    form: str = ""
    page_count: int = 0
    skipped: int = 0
    signature: bytes = b""
    pages: bytes = b""


def inspect(root: str, found: Found) -> Reading:
    """Open the book and read its name. What is wrong with it stands in the answer."""
    facts = facts_of(root, found.path)
    try:
        book = open_book(f"{root}/{on_disk(found.path)}")
    except Unreadable as refusal:
        return Reading(*found, facts, refusal.code, clean(refusal.detail, 500))
    except Exception as error:  # noqa: BLE001 - whatever one file does, the scan goes on
        detail = f"{CODES['crashed']} ({in_words(error)})"
        return Reading(*found, facts, "crashed", clean(detail, 500))
    return Reading(
        *found,
        facts,
        form=book.format,
        page_count=len(book.pages),
        skipped=book.skipped,
        signature=book.signature,
        pages=_packed(book.pages),
    )


def serve(line: Connection, root: str, parent: int) -> None:
    """The whole life of a process that reads for another: files come, readings go.

    First of all an empty answer: it is up. What is read goes at least every half second, so
    that silence means one slow file.
    """
    die_with_parent(parent=parent)
    # Ended by its line, not by a Ctrl-C that is meant for the one who asked.
    with suppress(EOFError, OSError, KeyboardInterrupt):
        line.send([])
        while True:
            ready: list[Reading] = []
            sent = monotonic()
            for found in line.recv():
                ready.append(inspect(root, found))
                if monotonic() - sent > _OFTEN:
                    line.send(ready)
                    ready, sent = [], monotonic()
            if ready:
                line.send(ready)


def facts_of(root: str, path: str) -> Facts:
    """What the name of this file says, by its path below the root."""
    shelf = os.path.basename(root.rstrip("/")) or "/"
    name = shelf if path == "." else path
    parsed = parse(name) if path == "." else parse_path(path)
    stem = name.rpartition("/")[2].rpartition(".")[0] or name
    series = clean(parsed.series or "", 500) or clean(stem, 500) or clean(shelf, 500) or "?"
    volume, number = clean(parsed.volume or "", 40), clean(parsed.chapter or "", 40)
    year = _YEAR.search(parsed.year or "")
    return Facts(
        series,
        key_of(series),
        volume,
        number,
        _first_number(volume),
        _first_number(number),
        clean(parsed.title or "", 500),
        int(year.group()) if year else None,
        clean(parsed.group or "", 255),
        clean(parsed.language or "", 20),
        clean(parsed.edition or "", 100),
        parsed.special,
    )


def key_of(title: str) -> str:
    """The key by which files find their series."""
    return (fold(title) or title.casefold())[:500]


def _first_number(text: str) -> str:
    found = _NUMBER.match(text)
    return found.group() if found else ""


def _packed(pages: Sequence[Page]) -> bytes:
    return orjson.dumps({"pages": [_entry(page) for page in pages]})


def _entry(page: Page) -> dict[str, object]:
    entry: dict[str, object] = {
        "name": page.name,
        "offset": page.offset,
        "compressed": page.compressed,
        "size": page.size,
        "method": page.method,
        "crc32": page.crc32,
    }
    if page.media_type:
        entry |= {"media_type": page.media_type, "width": page.width, "height": page.height}
    return entry
