"""Whole paths: what a file's folders add to its name."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from library.names.anatomy import title_words
from library.names.grammar import extension_of, read
from library.names.numbers import is_padded
from library.names.parsed import Parsed, Span
from library.names.tokens import tidy
from library.names.words import (
    ARC_WORDS,
    CHAPTER,
    FORM_FOLDERS,
    INSIDE_EXTENSIONS,
    KIND_FOLDERS,
    LANGUAGES,
    SPECIAL_PAIRS,
    SPECIAL_WORDS,
    VOLUME,
)

_LONGEST_CODE = 3  # "en", "eng": too short to tell from a title

_NOTHING = Parsed()


class _Folder:
    """A folder above a book: what its name tells, and what kind of folder that makes it."""

    __slots__ = ("arc", "form", "kind", "language", "parsed", "shelf", "special", "words")

    def __init__(self, name: str) -> None:
        self.parsed = read(name, folder=True)
        self.words = title_words(self.parsed.series or "")
        whole = title_words(name)
        only = whole[0] if len(whole) == 1 else ""
        self.kind = KIND_FOLDERS.get(only, "")
        self.form = only in FORM_FOLDERS
        self.language = LANGUAGES.get(only) if len(only) > _LONGEST_CODE else None
        self.special = bool(whole) and (SPECIAL_WORDS.issuperset(whole) or whole in SPECIAL_PAIRS)
        self.shelf = len(name) == 1
        self.arc = len(whole) > 1 and (
            (whole[0] in ARC_WORDS and whole[1].isdecimal()) or is_padded(whole[0])
        )

    @property
    def names_series(self) -> bool:
        """Whether it stands for a series, not for a volume, a shelf or a kind of books."""
        sorts = self.kind or self.form or self.language or self.special or self.shelf or self.arc
        return bool(self.words) and not sorts


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
    composed = unicodedata.normalize("NFC", relative)
    parts = [part for part in composed.split("/") if part not in ("", ".")]
    if len(parts) > 1 and extension_of(parts[-1]) in INSIDE_EXTENSIONS:
        parts.pop()
    if not parts:
        return Parsed()
    folders = [_folder(part) for part in parts[:-1]]
    home = _home(folders)
    own = read(parts[-1], known=home.words if home else ())
    extension = extension_of(parts[-1])
    stem = parts[-1][: -len(extension) - 1] if extension else parts[-1]
    return _merge(own, folders, home, (stem, _explain(own, folders, parts, home)))


def _home(folders: Sequence[_Folder]) -> _Folder | None:
    """The folder that names the series: the nearest that may; a shelf only when none else."""
    for folder in reversed(folders):
        if folder.names_series:
            return folder
    return next((folder for folder in reversed(folders) if folder.words), None)


def _merge(
    own: Parsed,
    folders: Sequence[_Folder],
    home: _Folder | None,
    whole: tuple[str, tuple[Span, ...]],
) -> Parsed:
    """The name's own facts, and where it has none, the folders'. `whole`: stem and spans."""
    special = own.special or any(folder.special for folder in folders)
    volume, chapter = (None, None) if special else _numbers(own, folders)
    series, title = own.series, own.title
    if home and _folder_knows_better(own, home, special=special):
        series = home.parsed.series
        if title is None and own.series and not (own.volume or own.chapter):
            title = own.series
        if title and title_words(title) == home.words:
            title = None
    if special and not own.special and title is None:
        title = tidy(whole[0])
    above = home.parsed if home else _NOTHING
    language = next((folder.language for folder in folders if folder.language), None)
    return Parsed(
        series=series or title,
        volume=volume,
        chapter=chapter,
        title=title,
        year=own.year or above.year,
        group=own.group or above.group,
        language=own.language or language or above.language,
        edition=own.edition or above.edition,
        special=special,
        explain=whole[1],
    )


def _numbers(own: Parsed, folders: Sequence[_Folder]) -> tuple[str | None, str | None]:
    """Volume and chapter: the name's own, then those of the folders, the nearest first."""
    volume, chapter = own.volume, own.chapter
    bare = _is_bare(own)
    for folder in reversed(folders):
        if folder.kind == VOLUME and bare and not volume:
            volume, chapter, bare = chapter, None, False
        above = folder.parsed
        if volume is None and _single(above.volume):
            volume = above.volume
        if _single(above.chapter) and (chapter is None or bare):
            chapter, bare = above.chapter, False
    return volume, chapter


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


def _explain(
    own: Parsed, folders: Sequence[_Folder], parts: Sequence[str], home: _Folder | None
) -> tuple[Span, ...]:
    """The spans of every part, counted from the beginning of the parts joined by "/"."""
    if not folders:
        return own.explain
    spans: list[Span] = []
    offset = 0
    for folder, part in zip(folders, parts, strict=False):
        found = _moved(folder.parsed.explain, offset)
        if folder is not home:
            found = [s._replace(label="folder") if s.label == "series" else s for s in found]
        spans += found
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
