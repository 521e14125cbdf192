"""How pages look, one after another: read, decoded and measured. Pure, for a bounded child."""

import json
import math
import os
import time
from collections.abc import Sequence
from contextlib import closing
from itertools import takewhile
from typing import Any

from kiremisu.lib.errors import Unreadable
from library.archives import Page, read_each
from library.archives.codes import OF_THE_FILE
from library.facing import continues
from library.geometry import Geometry, measured

# What it is to yield to: whoever reads, and covers.
_NICE = 10
# Pages of a PDF are drawn this wide.
_DRAWN = 320
# What Pillow raises over hostile pictures, named one by one.
_BROKEN = (
    OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, OverflowError, MemoryError,
)  # fmt: skip


def seen(
    path: str, form: str, places: Sequence[Sequence[Any]], window: tuple[int, int], seconds: float
) -> bytes:
    """In the child: `looks` as JSON."""
    os.setpriority(os.PRIO_PROCESS, 0, _NICE)
    pages = [Page(*place) for place in places]
    return json.dumps(looks(path, form, pages, window, seconds)).encode()


def looks(
    path: str, form: str, pages: Sequence[Page], window: tuple[int, int], seconds: float
) -> list[dict[str, Any]]:
    """How pages look, each as `library.shapes.PageGeometry` has it; empty what cannot be shown.

    `window`: from which number (from 1) on up to how many pages are looked at; fewer after so many
    seconds, where that does not have the same unpacked again. Only the next page tells whether one
    goes on, so the last is answered only where it ends the book or is the only one. Raises
    Unreadable when the file as a whole is not to be had.
    """
    first, most = window
    numbers = range(first, min(first + most, len(pages) + 1))
    found: dict[int, Geometry | None] = {}
    until = math.inf if _is_packed(form, pages) else time.monotonic() + seconds
    with closing(read_each(path, form, pages, numbers, width=_DRAWN)) as each:
        for number, data in each:
            if isinstance(data, Unreadable) and data.code in OF_THE_FILE:
                raise data
            found[number] = None if isinstance(data, Unreadable) else _geometry(data)
            if time.monotonic() > until and len(found) > 1:
                break
    # What lies in another order than it is read in may have gaps.
    known = [found[number] for number in takewhile(found.__contains__, numbers)]
    told = [_told(*two) for two in zip(known, [*known, None][1:], strict=True)]
    is_whole = len(numbers) == 1 or first + len(known) > len(pages)
    return told if is_whole else told[:-1]


def _is_packed(form: str, pages: Sequence[Page]) -> bool:
    """Whether a page costs the unpacking of those that lie before it."""
    return form == "7z" or (form == "rar" and any(page.method for page in pages))


def _geometry(data: bytes) -> Geometry | None:
    try:
        return measured(data)
    except _BROKEN:
        return None


def _told(page: Geometry | None, after: Geometry | None) -> dict[str, Any]:
    if page is None:
        return {}
    told: dict[str, Any] = {
        "box": page.box,
        "tint": page.tint,
        "blank": page.blank,
        "grey": page.grey,
    }
    if after is not None:
        told["rtl"] = round(continues(after.edges.right, page.edges.left), 3)
        told["ltr"] = round(continues(page.edges.right, after.edges.left), 3)
    return told
