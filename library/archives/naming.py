"""What a name inside an archive or a library promises."""

import re
from collections.abc import Iterable

from kiremisu.lib.text import clean, natural_key

_PAGES = {"jpg", "jpeg", "jpe", "jfif", "png", "webp", "avif", "gif"}
# Pictures that browsers cannot show, or must not (a drawing may carry a script).
_OTHER_PICTURES = {
    *("bmp", "tif", "tiff", "ico", "jxl", "heic", "heif", "jp2", "psd"),
    *("svg", "svgz"),
}
_BOOKS = {"cbz", "zip", "cbr", "rar", "cb7", "7z", "cbt", "tar", "pdf"}
_SIDECAR = "comicinfo.xml"
# Left by operating systems, and hidden files and folders.
_LITTER = re.compile(
    r"(?:^|/)(?:\.(?!\.?(?:/|$))"
    r"|(?:thumbs\.db|ehthumbs\.db|desktop\.ini|\$recycle\.bin|@eadir|__macosx)(?:/|$))",
    re.IGNORECASE,
)
_BOOK_INSIDE = re.compile(rf"\.(?:{'|'.join(sorted(_BOOKS))})(?:\.|$)")
_SAME_SHAPE = str.maketrans("123456789", "000000000")


def _extension(name: str) -> str:
    return name.rpartition(".")[2].lower()


def is_litter(name: str) -> bool:
    """Left by an operating system or hidden: Thumbs.db, .DS_Store, __MACOSX/…"""
    return _LITTER.search(name) is not None


def is_image_name(name: str) -> bool:
    """The name is that of a page: JPEG, PNG, WebP, AVIF or GIF, and no litter."""
    return _extension(name) in _PAGES and not is_litter(name)


def is_picture_name(name: str) -> bool:
    """The name is that of a picture which is never a page (BMP, TIFF, SVG …)."""
    return _extension(name) in _OTHER_PICTURES and not is_litter(name)


def is_sidecar_name(name: str) -> bool:
    """The name is that of a file that tells of the book it lies in: ComicInfo.xml."""
    return name.rpartition("/")[2].lower() == _SIDECAR and not is_litter(name)


def is_book_name(name: str) -> bool:
    """The file name looks like a finished book: a known extension, not hidden, no temporary."""
    last = name.rpartition("/")[2]
    return not last.startswith((".", "~")) and _has_stem(last) and _extension(last) in _BOOKS


def is_unfinished(name: str) -> bool:
    """The name of a book that is hidden, or still on its way (x.cbz.part)."""
    return bool(_BOOK_INSIDE.search(name.lower())) and not is_book_name(name)


def _has_stem(name: str) -> bool:
    return bool(name.rpartition(".")[0])


def shown_name(raw: bytes, *, utf8: bool) -> str:
    """The name in an archive's directory as text; only for people and for the order."""
    if raw.isascii():
        name = raw.decode("ascii")
    elif utf8:
        name = raw.decode("utf-8", "replace")
    else:
        name = _guessed(raw)
    name = name.partition("\0")[0].replace("\\", "/")
    return name if name.isprintable() else clean(name.replace("\n", " ").replace("\t", " "))


def _guessed(raw: bytes) -> str:
    for encoding in ("utf-8", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")


def reading_order(names: Iterable[str]) -> list[int]:
    """The positions of the names in natural order; equal ones keep theirs."""
    listed = list(names)
    shape = listed[0].translate(_SAME_SHAPE) if listed else ""
    # Names alike but for their digits, digit by digit, sort as plain text: much faster.
    if all(name.translate(_SAME_SHAPE) == shape for name in listed):
        return sorted(range(len(listed)), key=listed.__getitem__)
    keys = [(natural_key(name), name) for name in listed]
    return sorted(range(len(listed)), key=keys.__getitem__)
