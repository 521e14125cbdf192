"""One file looked at: its pages, what its name says and what lies in it to tell of it, as one
small record.

Pure, so that processes without Django can do it; what they send back is built of plain
values only.
"""

import os
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from time import monotonic
from typing import NamedTuple

import orjson

from kiremisu.lib.errors import Unreadable, in_words
from kiremisu.lib.paths import on_disk
from kiremisu.lib.processes import die_with_parent
from kiremisu.lib.text import clean, fold
from library.archives import CODES, Listing, Page, open_book
from library.disk import Found
from library.names import parse, parse_path
from library.sidecars import SENTENCES, About, Misread, Source, told_inside

_NUMBER = re.compile(r"\d{1,8}(?:\.\d{1,3})?")
_YEAR = re.compile(r"\d{4}")
_OFTEN = 0.5  # seconds


class Facts(NamedTuple):
    """What a name says, fit to store. The orders are numbers as text, "" where there is none.

    `is_alone`: the name tells no series, which is called by the file itself then. `named`: what
    it tells without rules (`library.naming`), where one tells more.
    """

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
    is_alone: bool = False
    named: "Facts | None" = None


class Sidecar(NamedTuple):
    """What told of a book from within: its source, and the fields of a `Patch` as JSON. `problem`
    is a code of `library.sidecars` when it cannot be read."""

    source: str
    facts: bytes = b""
    problem: str = ""
    detail: str = ""


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
    sidecar: Sidecar | None = None


def inspect(root: str, found: Found) -> Reading:
    """Open the book and read its name. What is wrong with it stands in the answer."""
    facts, place = facts_of(root, found.path), f"{root}/{on_disk(found.path)}"
    try:
        book = open_book(place)
    except Unreadable as refusal:
        return Reading(*found, facts, refusal.code, clean(refusal.detail, 500))
    except Exception as error:  # noqa: BLE001 - whatever one file does, the scan goes on
        detail = f"{CODES['crashed']} ({in_words(error)})"
        return Reading(*found, facts, "crashed", clean(detail, 500))
    about, sidecar = _told(place, book)
    return Reading(
        *found,
        refined(facts, about) if about else facts,
        form=book.format,
        page_count=len(book.pages),
        skipped=book.skipped,
        signature=book.signature,
        pages=_packed(book.pages),
        sidecar=sidecar,
    )


def _told(place: str, book: Listing) -> tuple[About | None, Sidecar | None]:
    """What a book says of itself. What is wrong with that is nothing wrong with the book."""
    source = Source.PDF if book.format == "pdf" else Source.COMICINFO
    try:
        told = told_inside(place, book)
    except Misread as error:
        return None, Sidecar(source, problem=error.code, detail=error.detail)
    except Exception as error:  # noqa: BLE001 - whatever one file does, the scan goes on
        detail = clean(f"{SENTENCES['crashed']} ({in_words(error)})", 500)
        return None, Sidecar(source, problem="crashed", detail=detail)
    if told is None:
        return None, None
    return told.about, Sidecar(source, orjson.dumps(told.facts))


def serve(line: Connection, root: str, parent: int) -> None:
    """The whole life of a process that reads for another: files come, readings go.

    First of all an empty answer: it is up. What is read goes at least every half second, so
    that silence means one slow file.
    """
    die_with_parent(parent=parent)
    # Ended by its line, not by a Ctrl-C that is meant for the one who asked. What was read goes by
    # a thread, so that the next files are read while nobody has the time to listen.
    with suppress(EOFError, OSError, KeyboardInterrupt), ThreadPoolExecutor(1) as speaker:
        speaker.submit(line.send, [])
        while True:
            ready: list[Reading] = []
            sent = monotonic()
            for found in line.recv():
                ready.append(inspect(root, found))
                if monotonic() - sent > _OFTEN:
                    speaker.submit(line.send, ready)
                    ready, sent = [], monotonic()
            if ready:
                speaker.submit(line.send, ready)


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
        first_number(volume),
        first_number(number),
        clean(parsed.title or "", 500),
        int(year.group()) if year else None,
        clean(parsed.group or "", 255),
        clean(parsed.language or "", 20),
        clean(parsed.edition or "", 100),
        parsed.special,
        is_alone=not parsed.series,
    )


def refined(facts: Facts, about: About) -> Facts:
    """The facts of a name with what the book says of itself above them."""
    volume, number = _levels(facts, about)
    refined = facts._replace(
        volume=volume,
        number=number,
        volume_order=first_number(volume),
        number_order=first_number(number),
        title=about.title or facts.title,
        year=about.year or facts.year,
        group=about.group or facts.group,
        language=about.language or facts.language,
        special=about.special or facts.special,
    )
    if facts.is_alone and about.series:
        return refined._replace(series=about.series, key=key_of(about.series))
    return refined


def _levels(facts: Facts, about: About) -> tuple[str, str]:
    """Volume and number. Many programs count a volume as one more issue: its number is none of
    a chapter where the name tells a volume alone."""
    volume, number = about.volume, about.number
    is_whole = bool(facts.volume) and not facts.number
    if is_whole and number and number in (facts.volume, volume):
        return facts.volume, ""
    if is_whole and not volume:
        number = ""
    return _above(facts.volume, volume), _above(facts.number, number)


def _above(name: str, said: str) -> str:
    """What a sidecar says above what the name does, unless that is a range that begins there."""
    return name if not said or name.partition("-")[0] == said else said


def key_of(title: str) -> str:
    """The key by which files find their series."""
    return (fold(title) or title.casefold())[:500]


def first_number(text: str) -> str:
    """The number that a volume or a chapter begins with, "" where there is none."""
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
