"""From the entries of an archive to the pages of a book, within the limits."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from hashlib import blake2b
from struct import Struct

from library.archives.book import Entry, Listing, Page
from library.archives.codes import unreadable
from library.archives.limits import Limits
from library.archives.naming import (
    is_book_name,
    is_image_name,
    is_litter,
    is_picture_name,
    is_sidecar_name,
    reading_order,
)

_PRINT = Struct("<IQ")


def choose(
    form: str,
    entries: Iterable[Entry],
    limits: Limits,
    sign: Callable[[Sequence[Page]], bytes] | None = None,
    *,
    solid: bool = False,
) -> Listing:
    """The book that these entries make; folders are not among them.

    Raises Unreadable when a limit of the whole book is passed or no page is left; the code
    then tells what was wrong with most of the would-be pages.
    """
    good, sidecars = list[Entry](), list[Entry]()
    faults, total, books = Counter[str](), 0, 0
    for seen, entry in enumerate(entries, 1):
        total += entry.size
        if seen > limits.entries:
            raise unreadable("too_many_entries")
        if total > limits.total_bytes:
            raise unreadable("too_large")
        if is_image_name(entry.name):
            fault = fault_of(entry, limits)
            if fault:
                faults[fault] += 1
            else:
                good.append(entry)
        elif is_picture_name(entry.name) or is_litter(entry.name):
            faults["no_pages"] += 1
        elif is_book_name(entry.name):
            books += 1
        elif is_sidecar_name(entry.name):
            sidecars.append(entry)
    if not good:
        raise unreadable(_cause(faults, books))
    if len(good) > limits.pages:
        raise unreadable("too_many_pages")
    pages, skipped = _in_order(good), faults.total() + books
    signature = (sign or checksums)(pages)
    return Listing(form, pages, skipped, signature, solid, _sidecar(sidecars, limits))


def _in_order(entries: Sequence[Entry]) -> tuple[Page, ...]:
    order = reading_order(entry.name for entry in entries)
    return tuple(Page(*entries[at][:6]) for at in order)


def _sidecar(found: Sequence[Entry], limits: Limits) -> Entry | None:
    """The one of these that lies least deep, with what keeps it from being read."""
    if not found:
        return None
    entry = min(found, key=lambda each: each.name.count("/"))
    bounded = replace(limits, page_bytes=limits.sidecar_bytes)
    return entry._replace(fault=fault_of(entry, bounded) if entry.size else "empty")


def _cause(faults: Counter[str], books: int) -> str:
    if faults and faults.most_common(1)[0][0] != "no_pages":
        return faults.most_common(1)[0][0]
    return "books_inside" if books else "no_pages"


def fault_of(entry: Entry, limits: Limits) -> str:
    """Why this entry cannot be a page: a code, or nothing."""
    size, compressed = entry.size, entry.compressed
    if entry.fault or size == 0:
        return entry.fault or "not_an_image"
    # Nothing here writes by an entry's name, yet nobody means well by one that climbs.
    if len(entry.name) > limits.name_length or ".." in entry.name.split("/"):
        return "unsupported"
    if size > limits.page_bytes or compressed > limits.page_bytes + limits.ratio_free_bytes:
        return "too_large"
    if size > limits.ratio_free_bytes and size > limits.ratio * compressed:
        return "bomb"
    return ""


def checksums(pages: Sequence[Page]) -> bytes:
    """The signature of pages whose checksums are known without reading them."""
    packed = b"".join(_PRINT.pack(page.crc32, page.size) for page in pages)
    return blake2b(packed, digest_size=16, person=b"kiremisu-crc").digest()


def samples(parts: Iterable[tuple[int, bytes]]) -> bytes:
    """The signature over (size, sampled bytes) of each page."""
    made = blake2b(digest_size=16, person=b"kiremisu-bytes")
    for size, sample in parts:
        made.update(_PRINT.pack(len(sample), size))
        made.update(sample)
    return made.digest()
