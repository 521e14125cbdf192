"""A folder of images as a book: the images right inside it, links left out."""

import os
import stat
from collections.abc import Iterator, Sequence
from functools import partial

from kiremisu.lib.paths import on_disk, storable
from library.archives.book import Entry, Listing, Page
from library.archives.choosing import choose, samples
from library.archives.codes import unreadable
from library.archives.limits import Limits
from library.archives.opening import exactly, opened, sample


def listing(path: str, limits: Limits) -> Listing:
    """The book in this folder. Names of pages are as `storable` makes them."""
    return choose("folder", _entries(path, limits), limits, partial(_signature, path))


def read(path: str, page: Page) -> bytes:
    with opened(_inside(path, page), follow=False) as (descriptor, size):
        if size != page.size:
            raise unreadable("damaged")
        return exactly(descriptor, size, 0)


def read_head(path: str, page: Page, length: int) -> bytes:
    with opened(_inside(path, page), follow=False) as (descriptor, size):
        return exactly(descriptor, min(length, size), 0)


def _inside(path: str, page: Page) -> str:
    name = on_disk(page.name)
    if "/" in name or "\0" in name or name in {"", ".", ".."}:
        raise unreadable("no_such_page")
    return os.path.join(path, name)


def _entries(path: str, limits: Limits) -> Iterator[Entry]:
    with os.scandir(path) as found:
        for seen, each in enumerate(found):
            if seen >= limits.entries:
                raise unreadable("too_many_entries")
            about = each.stat(follow_symlinks=False)
            if stat.S_ISDIR(about.st_mode):
                continue
            fault = "link" if stat.S_ISLNK(about.st_mode) else "not_a_file"
            if stat.S_ISREG(about.st_mode):
                fault = ""
            size = about.st_size
            yield Entry(storable(each.name), 0, size, size, 0, 0, fault)


def _signature(path: str, pages: Sequence[Page]) -> bytes:
    def parts() -> Iterator[tuple[int, bytes]]:
        for page in pages:
            with opened(_inside(path, page), follow=False) as (descriptor, size):
                yield size, sample(descriptor, 0, size)

    return samples(parts())
