"""Whole paths: what a file's folders add to its name."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from library.names.anatomy import title_words
from library.names.grammar import extension_of, read
from library.names.parsed import Parsed, Span
from library.names.words import (
    CHAPTER,
    INSIDE_EXTENSIONS,
    KIND_FOLDERS,
    SPECIAL_WORDS,
    VOLUME,
)


class _Folder:
    """A folder above a book: what its name tells, and what kind of folder that makes it."""

    __slots__ = ("kind", "parsed", "shelf", "special", "words")

    def __init__(self, name: str) -> None:
        self.parsed = read(name, folder=True)
        self.words = title_words(self.parsed.series or "")
        whole = title_words(name)
        self.kind = KIND_FOLDERS.get(whole[0], "") if len(whole) == 1 else ""
        self.special = bool(whole) and (
            SPECIAL_WORDS.issuperset(whole) or whole in (("side", "stories"), ("one", "shots"))
        )
        self.shelf = len(name) == 1 or not whole

    @property
    def names_series(self) -> bool:
        """Whether it stands for a series, not for a volume, a shelf or a kind of books."""
        return bool(self.words) and not (self.kind or self.special or self.shelf)


@lru_cache(maxsize=4096)
def _folder(name: str) -> _Folder:
    return _Folder(name)


def parse(name: str) -> Parsed:
    """What one file or folder name tells, with or without extension."""
    return read(name)


def parse_path(relative: str) -> Parsed:
    """What the path of a book below its library's root tells, folders included.

    The last part is a file with its extension or a folder of images; the path of a page or
    of a sidecar stands for the folder it lies in. Parts are parted by "/".
    """
    parts = [part for part in relative.split("/") if part not in ("", ".")]
    if len(parts) > 1 and extension_of(parts[-1]) in INSIDE_EXTENSIONS:
        parts.pop()
    if not parts:
        return Parsed()
    folders = [_folder(part) for part in parts[:-1]]
    home = _home(folders)
    own = read(parts[-1], known=home.words if home else ())
    found = _merge(own, folders, home)
    return replace(found, explain=_explain(own, folders, parts))


def _home(folders: Sequence[_Folder]) -> _Folder | None:
    """The folder that names the series: the nearest that may; a shelf only when none else."""
    for folder in reversed(folders):
        if folder.names_series:
            return folder
    return next((folder for folder in reversed(folders) if folder.words), None)


def _merge(own: Parsed, folders: Sequence[_Folder], home: _Folder | None) -> Parsed:
    special = own.special or any(folder.special for folder in folders)
    volume, chapter = own.volume, own.chapter
    for folder in reversed(folders):
        if folder.kind == VOLUME and chapter and not volume:
            volume, chapter = chapter, None
        above = folder.parsed
        if volume is None and _single(above.volume) and not special:
            volume = above.volume
        if _single(above.chapter) and (chapter is None or _is_bare(own)) and not special:
            chapter = above.chapter
    if special:
        volume, chapter = own.volume, None if not own.chapter or _is_bare(own) else own.chapter
    series, title = own.series, own.title
    if home and _folder_knows_better(own, home, special=special):
        series = home.parsed.series
        if title is None and own.series and not (own.volume or own.chapter):
            title = own.series if title_words(own.series) != home.words else None
    return replace(
        own,
        series=series or title,
        volume=volume,
        chapter=chapter,
        title=title,
        year=own.year or (home.parsed.year if home else None),
        group=own.group or (home.parsed.group if home else None),
        language=own.language or (home.parsed.language if home else None),
        edition=own.edition or (home.parsed.edition if home else None),
        special=special,
    )


def _single(number: str | None) -> bool:
    """Whether it is one number; the range of a folder is not its files'."""
    return number is not None and "-" not in number[1:]


def _is_bare(own: Parsed) -> bool:
    """Whether the chapter is a number that nothing in the name speaks for."""
    span = next((span for span in own.explain if span.label == CHAPTER), None)
    return span is not None and span.text[0].isdecimal() and span.text[-1].isdecimal()


def _folder_knows_better(own: Parsed, home: _Folder, *, special: bool) -> bool:
    """Whether the series is to be taken from the folder and not from the file's own name."""
    if own.series is None or special:
        return True
    words = title_words(own.series)
    if words == home.words[: len(words)]:
        return True
    if not (own.volume or own.chapter):
        credited = own.title == own.series
        return not credited or words[: len(home.words)] == home.words
    initials = "".join(word[0] for word in home.words)
    return len(words) == 1 and words[0] == initials


def _explain(own: Parsed, folders: Sequence[_Folder], parts: Sequence[str]) -> tuple[Span, ...]:
    """The spans of every part, counted from the beginning of the path (in NFC)."""
    spans: list[Span] = []
    offset = 0
    for folder, part in zip(folders, parts, strict=False):
        spans += _moved(folder.parsed.explain, offset)
        offset += len(part) + 1
    return (*spans, *_moved(own.explain, offset))


def _moved(spans: Sequence[Span], offset: int) -> list[Span]:
    return [Span(a + offset, b + offset, text, label) for a, b, text, label in spans]


def relative_to(path: str, root: str) -> str:
    """The part of a path below the library's root; all but the drive when it lies elsewhere."""
    if root and path.startswith(root):
        return path[len(root) :].lstrip("/")
    drive, _, rest = path.partition("/")
    return rest if drive.endswith(":") else path.lstrip("/")
