"""ZIP and CBZ, read by hand: one look at the tail gives the directory.

Format: PKWARE's APPNOTE.TXT, sections 4.3 (records) and 4.4 (fields).
"""

import stat
from collections.abc import Iterator
from itertools import pairwise
from struct import Struct

from library.archives.book import Entry, Listing, Page
from library.archives.choosing import choose
from library.archives.codes import unreadable
from library.archives.inflating import DEFLATED, METHODS, STORED, head, inflated
from library.archives.limits import Limits
from library.archives.naming import shown_name
from library.archives.opening import at_most, exactly

_END = Struct("<4s4H2IH")
_END64_LOCATOR = Struct("<4sIQI")
_END64 = Struct("<4sQ2H2I4Q")
_CENTRAL = Struct("<4sxB2xHH4xIIIHHH6xHI")  # without version, time, disk and the like
_UNIX = 3
_LOCAL = Struct("<4s5H3I2H")
_TAIL = 8 << 10
_LONG_TAIL = 128 << 10  # a comment of 64 KiB, and as much junk behind it
_SLACK = 512  # for the names and extras of a local header
_MANY = 0xFFFFFFFF


def listing(descriptor: int, size: int, limits: Limits) -> Listing:
    """The book in this ZIP file."""
    directory, shift, start = _directory(descriptor, size, limits)
    entries = list(_entries(directory, shift, start, limits))
    _refuse_overlaps(entries)
    return choose("zip", entries, limits)


def has_end(descriptor: int, size: int) -> bool:
    """Whether something like a ZIP's end record is near the end of the file."""
    return _end_record(descriptor, size)[2] >= 0


def read(descriptor: int, page: Page) -> bytes:
    """The page's bytes, unpacked and checked."""
    packed = _packed(descriptor, page, page.compressed)
    return inflated(page.method, packed, page.size, page.crc32)


def read_head(descriptor: int, page: Page, length: int) -> bytes:
    """The first bytes of a page; what is packed is unpacked no further than needed."""
    packed = _packed(descriptor, page, min(page.compressed, length + 64))
    return head(page.method, packed, length, page.size)


def _packed(descriptor: int, page: Page, length: int) -> bytes:
    block = at_most(descriptor, _LOCAL.size + _SLACK + length, page.offset)
    if block[:4] != b"PK\3\4" or len(block) < _LOCAL.size:
        raise unreadable("damaged")
    *_, name_length, extra_length = _LOCAL.unpack_from(block)
    start = _LOCAL.size + name_length + extra_length
    found = block[start : start + length]
    if len(found) < length:
        done = len(found)
        found += exactly(descriptor, length - done, page.offset + start + done)
    return found


def _directory(descriptor: int, size: int, limits: Limits) -> tuple[bytes, int, int]:
    """The central directory, what to add to its offsets, and where it starts."""
    base, tail, at = _end_record(descriptor, size)
    if at < 0:
        raise unreadable("truncated")
    _, disk, first_disk, _, _, length, offset, _ = _END.unpack_from(tail, at)
    end = base + at
    if _MANY in (length, offset) or 0xFFFF in (disk, first_disk) or _has_locator(tail, at):
        end, disk, length, offset = _end64(descriptor, end, disk, length, offset)
    if disk not in (0, 0xFFFF) or first_disk not in (0, 0xFFFF):
        raise unreadable("part_of_a_set")
    start = end - length
    if start < 0 or start < offset:
        raise unreadable("damaged")
    if length > limits.directory_bytes:
        raise unreadable("too_many_entries")
    if start >= base:
        return tail[start - base : start - base + length], start - offset, start
    return exactly(descriptor, length, start), start - offset, start


def _end_record(descriptor: int, size: int) -> tuple[int, bytes, int]:
    """Where the tail of the file starts, the tail, and where in it the end record is, or -1."""
    for reach in (_TAIL, _LONG_TAIL):
        base = max(0, size - reach)
        tail = at_most(descriptor, reach, base)
        at = _found_end(tail, exact=True)
        if at >= 0 or base == 0:
            break
    return base, tail, at if at >= 0 else _found_end(tail, exact=False)


def _found_end(tail: bytes, *, exact: bool) -> int:
    """The last end record whose comment reaches just to the end; else, unless exact, the last."""
    at = tail.rfind(b"PK\5\6")
    while at >= 0:
        end = at + _END.size
        if end <= len(tail):
            comment = int.from_bytes(tail[end - 2 : end], "little")
            if end + comment == len(tail) or not exact:
                return at
        at = tail.rfind(b"PK\5\6", 0, at + 3)
    return -1


def _has_locator(tail: bytes, at: int) -> bool:
    return at >= _END64_LOCATOR.size and tail[at - 20 : at - 16] == b"PK\6\7"


def _end64(
    descriptor: int, end: int, disk: int, length: int, offset: int
) -> tuple[int, int, int, int]:
    """The same four from the ZIP64 end record, when there is one."""
    if end < _END64_LOCATOR.size + _END64.size:
        return end, disk, length, offset
    at = end - _END64_LOCATOR.size
    mark, _, record_at, _ = _END64_LOCATOR.unpack(exactly(descriptor, _END64_LOCATOR.size, at))
    if mark != b"PK\6\7":
        return end, disk, length, offset
    # Junk in front moves the record; it then lies right before its locator.
    for place in (at - _END64.size, record_at):
        record = at_most(descriptor, _END64.size, place) if 0 <= place < end else b""
        if record[:4] == b"PK\6\6" and len(record) == _END64.size:
            *_, disk, _, _, _, length, offset = _END64.unpack(record)
            return place, disk, length, offset
    raise unreadable("damaged")


def _entries(directory: bytes, shift: int, start: int, limits: Limits) -> Iterator[Entry]:
    at, end, seen = 0, len(directory), 0
    unpack, fixed = _CENTRAL.unpack_from, _CENTRAL.size
    while at + fixed <= end:
        fields = unpack(directory, at)
        mark, system, flags, method, crc, packed, size, *lengths, mode, offset = fields
        name_length, extra_length, comment = lengths
        if mark != b"PK\1\2":
            raise unreadable("damaged")
        seen += 1
        if seen > limits.entries:
            raise unreadable("too_many_entries")
        name_end = at + fixed + name_length
        raw = directory[at + fixed : name_end]
        at = name_end + extra_length + comment
        if raw.endswith(b"/"):
            continue
        if _MANY in (size, packed, offset):
            extra = directory[name_end : name_end + extra_length]
            size, packed, offset = _widened(extra, size, packed, offset)
        name = shown_name(raw, utf8=bool(flags & 0x800))
        is_link = system == _UNIX and stat.S_ISLNK(mode)
        fault = "link" if is_link else _fault(flags, method, size, packed)
        if shift + offset + _LOCAL.size + packed > start:
            fault = fault or "damaged"
        yield Entry(name, shift + offset, packed, size, method, crc, fault)
    if at < end:
        raise unreadable("damaged")


def _fault(flags: int, method: int, size: int, packed: int) -> str:
    if flags & 0x2041:  # locked, strongly locked, or a masked local header
        return "locked"
    if method not in METHODS:
        return "unsupported"
    if method == STORED and size != packed:
        return "damaged"
    if method == DEFLATED and packed > 2 * size + 1024:
        return "bomb"  # deflate never grows so: the declared size is a lie
    return ""


def _widened(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Sizes and offset from the ZIP64 extra field (appnote 4.5.3), where they are all ones."""
    at = 0
    while at + 4 <= len(extra):
        kind = int.from_bytes(extra[at : at + 2], "little")
        length = int.from_bytes(extra[at + 2 : at + 4], "little")
        if kind == 1:
            field = extra[at + 4 : at + 4 + length]
            wide = []
            for value in (size, packed, offset):
                missing = value == _MANY
                wide.append(int.from_bytes(field[:8], "little") if missing else value)
                field = field[8:] if missing else field
            return wide[0], wide[1], wide[2]
        at += 4 + length
    return size, packed, offset


def _refuse_overlaps(entries: list[Entry]) -> None:
    """Entries that share bytes are how a small file unpacks to a huge one."""
    spans = sorted(
        (entry.offset, entry.offset + _LOCAL.size + entry.compressed)
        for entry in entries
        if not entry.fault
    )
    for (_, before), (start, _) in pairwise(spans):
        if start < before:
            raise unreadable("bomb")
