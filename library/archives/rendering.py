"""Inside the PDF child: what MuPDF makes of a file. Nothing here is safe in our process.

Scripts and actions are never run: MuPDF is asked for pages and pixels alone.
"""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pymupdf

from library.archives.codes import named_failures, unreadable
from library.archives.opening import opened

_mupdf: Any = pymupdf  # half of it is typed, which is worse than none
_QUALITY = 88
_LONGEST = 2000  # letters of what it says of itself
# Letters that are drawn as one are told each by itself.
_FLAGS: int = _mupdf.TEXT_PRESERVE_WHITESPACE | _mupdf.TEXT_MEDIABOX_CLIP
_DIVIDED = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]\n(?=[^\W\d_])")


@contextmanager
def _document(path: str) -> Iterator[Any]:
    with named_failures(), opened(path) as (descriptor, _):
        try:
            # By descriptor: any bytes in the name, and nobody else's type by extension.
            with _mupdf.open(f"/dev/fd/{descriptor}", filetype="pdf") as document:
                if document.needs_pass:
                    raise unreadable("locked")
                yield document
        except (RuntimeError, _mupdf.mupdf.FzErrorBase) as error:
            raise unreadable("damaged") from error


def contents(path: str, most: int) -> bytes:
    """As JSON: `sizes`, the pages' widths and heights in points, and `title` and `author`."""
    with _document(path) as document:
        if document.page_count == 0:
            raise unreadable("no_pages")
        found: list[tuple[float, float]] = []
        # The document's own count may lie, so the pages are asked for one by one.
        for number in range(min(document.page_count, most + 1)):
            try:
                box = document.load_page(number).rect
            except (RuntimeError, ValueError, _mupdf.mupdf.FzErrorBase):
                break
            found.append((box.width, box.height))
        if not found:
            raise unreadable("damaged")
        return json.dumps({"sizes": found, **_named(document)}).encode()


def _named(document: Any) -> dict[str, str]:
    """What it says of itself; nothing where that cannot be read."""
    try:
        said = document.metadata or {}
    except (RuntimeError, ValueError, _mupdf.mupdf.FzErrorBase):
        return {}
    return {name: (said.get(name) or "")[:_LONGEST] for name in ("title", "author")}


def texts(path: str, first: int, most: int, letters: int, seconds: float) -> bytes:
    """As JSON the texts of up to `most` pages from `first` (from 0) on, each of so many letters
    and in one line; after so many seconds those that were read by then, one at least."""
    until, found = time.monotonic() + seconds, list[str]()
    with _document(path) as document:
        for number in range(first, min(first + most, document.page_count)):
            found.append(_text(document, number)[:letters])
            if time.monotonic() > until:
                break
    return json.dumps(found).encode()


def _text(document: Any, number: int) -> str:
    """A page's text; nothing where the page is broken."""
    try:
        said: str = document.load_page(number).get_text("text", flags=_FLAGS)
    except (RuntimeError, ValueError, _mupdf.mupdf.FzErrorBase):
        return ""
    return " ".join(_DIVIDED.sub("", said).split())


def picture(path: str, index: int, width: int, height: int) -> bytes:
    """Page `index` (from 0) as a JPEG of about this many pixels."""
    with _document(path) as document:
        page = document.load_page(index)
        box = page.rect
        across, down = max(box.width, 1.0), max(box.height, 1.0)
        scale = _mupdf.Matrix(width / across, height / down)
        pixels = page.get_pixmap(matrix=scale, colorspace=_mupdf.csRGB, alpha=False)
        made: bytes = pixels.tobytes("jpeg", jpg_quality=_QUALITY)
        return made
