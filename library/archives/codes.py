"""Why a book or a page cannot be read: a stable code and a sentence for each."""

import errno
import lzma
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from kiremisu.lib.children import ChildFailed
from kiremisu.lib.errors import Unreadable

CODES: dict[str, str] = {
    # the whole book
    "empty": "The file is empty.",
    "not_an_archive": "This is no book: neither ZIP, RAR, 7z, TAR nor PDF is inside.",
    "no_pages": "There is no page image in it.",
    "books_inside": "It holds other archives and no page image; unpack it first.",
    "truncated": "The end is missing; a copy or download may have stopped half-way.",
    "damaged": "Its contents are damaged.",
    "locked": "It is locked with a password.",
    "part_of_a_set": "It is one part of a set; join the parts into one file first.",
    "too_many_entries": "It lists more entries than a book may have.",
    "too_many_pages": "It has more pages than a book may have.",
    "too_large": "It is larger than a book or page may be.",
    "bomb": "It unpacks to far more than its size allows for.",
    "unsupported": "It is packed in a way that cannot be read here.",
    # what holds the book
    "gone": "There is no such file any more.",
    "no_permission": "This server is not permitted to read it.",
    "not_a_file": "It is neither a file nor a folder.",
    "link": "It is a link, and links are not followed.",
    "unreadable": "The disk did not give it up.",
    # the tools
    "no_tool": "Support for this kind of archive is not installed.",
    "timed_out": "It took too long to open.",
    "crashed": "The program that reads it gave up.",
    # one page
    "no_such_page": "There is no such page.",
    "not_an_image": "This page is not an image.",
    "too_many_pixels": "This image has more pixels than a page may have.",
}

# What a person may do about a book, where its sentence does not say so already.
_COPY = "Copy it again, then scan."
_REMEDIES = {
    "empty": _COPY,
    "truncated": _COPY,
    "damaged": _COPY,
    "unreadable": _COPY,
    "locked": "Save it without the password, then scan.",
    "books_inside": "Then scan.",
    "part_of_a_set": "Then scan.",
    "no_permission": "Let it read the file, then scan.",
    "timed_out": "Scan again when the machine has less to do.",
}

_OF_ERRNO = {
    errno.ENOENT: "gone",
    errno.ENOTDIR: "gone",
    errno.EACCES: "no_permission",
    errno.EPERM: "no_permission",
    errno.ELOOP: "link",
    errno.ENXIO: "not_a_file",
    errno.EISDIR: "not_a_file",
    errno.EFBIG: "too_large",
    errno.ENOMEM: "too_large",
}

_OF_CHILD = {
    "timed_out": "timed_out",
    "crashed": "crashed",
    "too_much": "too_large",
    "missing": "no_tool",
}

# What parsers of hostile bytes raise, named one by one.
_PARSING = (
    struct.error,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    ValueError,
    OverflowError,
    IndexError,
    KeyError,
    RecursionError,
)

# The file as a whole cannot be read, rather than one page of it.
OF_THE_FILE = frozenset({"gone", "no_permission", "not_a_file", "link", "unreadable"})


def unreadable(code: str) -> Unreadable:
    """The refusal for a code of `CODES`, with its sentence."""
    return Unreadable(CODES[code], code=code)


def remedy(code: str) -> str:
    """What to do about a book with this code, in a sentence."""
    return _REMEDIES.get(code, "Put another file in its place or take it away, then scan.")


def of_child(failure: ChildFailed) -> Unreadable:
    """The refusal for a child process that did not do what it was asked."""
    return unreadable(_OF_CHILD[failure.reason])


@contextmanager
def named_failures() -> Iterator[None]:
    """Whatever reading a hostile file raises becomes an `Unreadable` with its code."""
    try:
        yield
    except OSError as error:
        raise unreadable(_OF_ERRNO.get(error.errno or 0, "unreadable")) from error
    except MemoryError as error:
        raise unreadable("too_large") from error
    except _PARSING as error:
        raise unreadable("damaged") from error
