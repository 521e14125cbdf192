"""Inside the PDF child: what MuPDF makes of a file. Nothing here is safe in our process.

Scripts and actions are never run: MuPDF is asked for pages and pixels alone.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pymupdf

from library.archives.codes import named_failures, unreadable
from library.archives.opening import opened

_mupdf: Any = pymupdf  # half of it is typed, which is worse than none
_QUALITY = 88
_LONGEST = 2000  # letters of what it says of itself


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
