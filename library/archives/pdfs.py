"""PDF: listed and rendered by MuPDF in a bounded child process."""

import json
import os
from functools import partial

from kiremisu.lib.children import ChildFailed, Worker
from kiremisu.lib.text import clean
from library.archives.book import Listing, Page
from library.archives.choosing import samples
from library.archives.codes import of_child, unreadable
from library.archives.limits import LIMITS, Limits
from library.archives.opening import sample

WIDTH = 1600  # of a page's picture unless another is asked for
_SAMPLE = 64 << 10
_MODULE = "library.archives.rendering"

# Pages whose text is asked for at once, and seconds after which those read by then will do.
_TEXTS, _ENOUGH = 20, 2.0

# One of each, so that a long rendering holds no scan up.
_lister = Worker(memory=LIMITS.child_bytes, most=8 << 20, module=_MODULE)
_painter = Worker(memory=LIMITS.child_bytes, most=LIMITS.page_bytes, module=_MODULE)
_teller = Worker(memory=LIMITS.child_bytes, most=8 << 20, module=_MODULE)


def listing(path: str, descriptor: int, size: int, limits: Limits) -> Listing:
    """The pages of this PDF; their width and height are those of the picture `read` gives."""
    ask = partial(_lister.call, seconds=limits.pdf_open_seconds)
    try:
        said = json.loads(ask(f"{_MODULE}:contents", _wherever(path), limits.pages))
    except ChildFailed as failure:
        raise of_child(failure) from failure
    found: list[list[float]] = said["sizes"]
    if len(found) > limits.pages:
        raise unreadable("too_many_pages")
    pages = tuple(
        _page(index)._replace(width=width, height=height)
        for index, (width, height) in enumerate(
            fitted(across, down, WIDTH, limits.pdf_long_side) for across, down in found
        )
    )
    boxes = json.dumps(found).encode()
    signature = samples([(size, sample(descriptor, 0, size, _SAMPLE)), (len(found), boxes)])
    title, author = said.get("title", ""), said.get("author", "")
    return Listing("pdf", pages, 0, signature, title=title, author=author)


def _page(index: int) -> Page:
    return Page(f"{index + 1}", index, 0, 0, 0, 0, media_type="image/jpeg")


def read(path: str, page: Page, limits: Limits, width: int | None = None) -> bytes:
    """The page's picture (JPEG), as wide as asked for or as listed."""
    across, down = page.width or WIDTH, page.height or WIDTH
    if width is not None or page.width is None:
        across, down = fitted(across, down, width or WIDTH, limits.pdf_long_side)
    ask = partial(_painter.call, seconds=limits.pdf_render_seconds)
    try:
        return ask(f"{_MODULE}:picture", _wherever(path), page.offset, across, down)
    except ChildFailed as failure:
        raise of_child(failure) from failure


def texts(path: str, first: int, limits: Limits) -> list[str]:
    """The texts of some pages from number `first` (from 1) on, each fit to store and in one line;
    none behind the last page."""
    ask = partial(_teller.call, seconds=limits.pdf_text_seconds)
    letters = limits.page_letters
    try:
        place = _wherever(path)
        said = json.loads(ask(f"{_MODULE}:texts", place, first - 1, _TEXTS, letters, _ENOUGH))
    except ChildFailed as failure:
        raise of_child(failure) from failure
    return [clean(text, letters) for text in said]


def _wherever(path: str) -> str:
    """The path as a child finds it, which works in a folder of its own."""
    return os.path.abspath(path)


def fitted(across: float, down: float, width: int, long_side: int) -> tuple[int, int]:
    """Width and height in pixels of a box made this wide, both sides within `long_side`."""
    across, down = max(across, 1.0), max(down, 1.0)
    scale = min(width / across, long_side / across, long_side / down)
    return max(1, round(across * scale)), max(1, round(down * scale))
