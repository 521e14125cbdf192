"""Names from outside, made such that a file of that name can lie in a library.

Pure. What climbs out of its folder is refused; what some file system cannot hold, or a scan
would not look at, is taken out of the name.
"""

import re
import unicodedata

from kiremisu.lib.errors import FieldError, Invalid
from kiremisu.lib.text import clean
from library.archives import is_book_name

LONGEST = 200  # bytes of one name, so that a number and an ending fit into the usual 255
DEEPEST = 4  # folders below one another

_FORBIDDEN = re.compile(r'[<>:"|?*]')
_SPACES = re.compile(r"\s+")
# What turns the direction of text round makes a name look like another.
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
# Devices that Windows sees in every folder, whatever stands behind a point.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)", re.I)


def file_name(told: str) -> str:
    """A name for a book. Raises Invalid for a path, and for what no scan takes for a book."""
    if _parted(told) or "/" in told:
        raise _invalid("filename", "A file's name, without folders.")
    name = _safe(told)
    if not is_book_name(name):
        raise _invalid("filename", "The name of a book: .cbz, .cbr, .cb7, .cbt, .pdf or the like.")
    stem, _, ending = name.rpartition(".")
    return f"{_shortened(stem, LONGEST - len(ending) - 1)}.{ending}"


def folder_path(told: str) -> str:
    """A folder below a library's, its parts parted by "/"; "" for the library's own.

    Raises Invalid for one that lies anywhere else.
    """
    if not told.strip():
        return ""
    parts = told.split("/")
    if _parted(told) or len(parts) > DEEPEST or any(_leads_away(part) for part in parts):
        raise _invalid("folder", f"1 to {DEEPEST} folders below the library's, like Title/Extras.")
    safe = [_shortened(_safe(part), LONGEST) for part in parts]
    if not all(safe):
        raise _invalid("folder", "A folder needs a name.")
    return "/".join(safe)


def numbered(name: str, number: int) -> str:
    """The name for the second, third … file of this name."""
    if number == 1:
        return name
    stem, _, ending = name.rpartition(".")
    return f"{stem} ({number}).{ending}"


def _parted(told: str) -> bool:
    """Whether it holds what parts paths somewhere, or ends text."""
    return "\\" in told or "\0" in told


def _leads_away(part: str) -> bool:
    # Also as some file system may see it: two full-width points are two points.
    plain = unicodedata.normalize("NFKC", clean(part)).replace("/", "").strip()
    return not plain.strip(". ")


def _safe(part: str) -> str:
    tidy = _SPACES.sub(" ", clean(_TURNING.sub("", part)))
    # A name that begins with a point is hidden, one with ~ a copy being made; Windows drops
    # points and spaces at the end.
    name = _FORBIDDEN.sub("_", tidy).lstrip(".~ ").rstrip(". ")
    return f"_{name}" if _DEVICE.match(name) else name


def _shortened(text: str, size: int) -> str:
    """As much of it as fits into so many bytes of UTF-8."""
    return text.encode()[:size].decode(errors="ignore").rstrip(". ")


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(message, errors=(FieldError(field, message),))
