"""RAR and CBR, listed by rarfile; stored pages are stretches of the file."""

import os
from collections.abc import Iterator

import rarfile

from library.archives.book import Entry, Listing
from library.archives.choosing import choose
from library.archives.codes import unreadable
from library.archives.limits import Limits
from library.archives.naming import shown_name

_STORED = 0x30  # rarfile counts both generations' methods from here


def listing(descriptor: int, size: int, limits: Limits) -> Listing:
    """The book in this RAR file."""
    found = _Found(limits)
    with os.fdopen(os.dup(descriptor), "rb") as file:
        try:
            archive = rarfile.RarFile(file, part_only=True, info_callback=found.take)
        except rarfile.Error as error:
            raise unreadable("damaged") from error
        if found.is_part:
            raise unreadable("part_of_a_set")
        if not found.files and archive.needs_password():
            raise unreadable("locked")
        if not found.files and archive.strerror():
            raise unreadable("damaged")
        entries = list(_entries(found.files, size))
        solid = archive.is_solid() and any(entry.method for entry in entries)
    return choose("rar", entries, limits, solid=solid)


class _Found:
    """What rarfile meets while it parses; it stops at the limit."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.files: list[rarfile.RarInfo] = []
        self.is_part = False
        self.seen = 0

    def take(self, info: rarfile.RarInfo) -> None:
        self.seen += 1
        if self.seen > self.limits.entries + 16:
            raise unreadable("too_many_entries")
        if info.type == rarfile.RAR_BLOCK_MAIN:
            self.is_part = bool(info.flags & rarfile.RAR_MAIN_VOLUME)
        elif info.type == rarfile.RAR_BLOCK_FILE:
            self.files.append(info)


def _entries(files: list[rarfile.RarInfo], size: int) -> Iterator[Entry]:
    unpacked = 0
    for info in files:
        if info.is_dir():
            continue
        method = info.compress_type - _STORED
        offset = unpacked if method else info.data_offset
        unpacked += info.file_size
        name = shown_name((info.filename or "").encode("utf-8", "replace"), utf8=True)
        fault = _fault(info, method)
        if not fault and info.data_offset + info.compress_size > size:
            fault = "truncated"
        crc32 = info.CRC or 0
        yield Entry(name, offset, info.compress_size, info.file_size, method, crc32, fault)


def _fault(info: rarfile.RarInfo, method: int) -> str:
    if info.is_symlink() or info.file_redir:
        return "link"
    if info.needs_password():
        return "locked"
    if not 0 <= method <= 5:
        return "unsupported"
    if method == 0 and info.compress_size != info.file_size:
        return "damaged"
    return ""
