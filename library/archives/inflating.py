"""Unpacking one page in memory, never past its declared size."""

import bz2
import lzma
import zlib
from typing import Protocol

from library.archives.codes import unreadable

STORED, DEFLATED, BZIP2, LZMA = 0, 8, 12, 14
METHODS = frozenset({STORED, DEFLATED, BZIP2, LZMA})  # of ZIP, appnote 4.4.5


class _Unpacker(Protocol):
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def inflated(method: int, data: bytes, size: int, crc32: int) -> bytes:
    """The page; Unreadable (damaged) unless size and checksum are as declared."""
    page = head(method, data, size + 1, size)
    if len(page) != size or zlib.crc32(page) != crc32:
        raise unreadable("damaged")
    return page


def head(method: int, data: bytes, length: int, size: int) -> bytes:
    """The first `length` bytes of a page of `size`, from the beginning of its packed bytes."""
    if method == STORED:
        return data[:length]
    if method == DEFLATED:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, length)
    if method not in METHODS:
        raise unreadable("unsupported")
    try:
        if method == BZIP2:
            return _drawn(bz2.BZ2Decompressor(), data, length)
        return _drawn(_lzma(data, size), data[4 + int.from_bytes(data[2:4], "little") :], length)
    except (OSError, lzma.LZMAError, EOFError) as error:  # bz2 reports damage as OSError
        raise unreadable("damaged") from error


def _drawn(unpacker: _Unpacker, data: bytes, length: int) -> bytes:
    return unpacker.decompress(data, length)


def _lzma(data: bytes, size: int) -> lzma.LZMADecompressor:
    """A decoder for ZIP's LZMA header (appnote 5.8.8): version, length 5, five properties."""
    if len(data) < 9 or data[2:4] != b"\5\0" or data[4] >= 9 * 5 * 5:
        raise unreadable("damaged")
    rest, literal_context = divmod(data[4], 9)
    position, literal_position = divmod(rest, 5)
    # A dictionary larger than the page is never reached back into, only paid for.
    dictionary = min(int.from_bytes(data[5:9], "little"), max(size, 4096))
    chain = {
        "id": lzma.FILTER_LZMA1,
        "dict_size": max(dictionary, 4096),
        "lc": literal_context,
        "lp": literal_position,
        "pb": position,
    }
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[chain])
