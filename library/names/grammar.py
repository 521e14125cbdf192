"""From parts to facts: which stretch of a name is the series, which the title, and so on."""

import unicodedata
from collections.abc import Iterable, Sequence

from library.names.anatomy import Anatomy, dissect
from library.names.brackets import EDITION, LANGUAGE, YEAR
from library.names.choices import choose
from library.names.marks import Mark
from library.names.parsed import Parsed, Span
from library.names.roles import Cast, assign_names
from library.names.specials import find_special
from library.names.stretches import (
    Stretch,
    find_edition,
    find_series,
    find_title,
    is_credited,
    part_edition,
    stretches_behind,
)
from library.names.words import BOOK_EXTENSIONS, INSIDE_EXTENSIONS

_KNOWN_EXTENSIONS = BOOK_EXTENSIONS | INSIDE_EXTENSIONS


def extension_of(name: str) -> str:
    """The extension, lower case, when it is one that books or pages have; else ""."""
    stem, _, extension = name.rpartition(".")
    extension = extension.lower()
    return extension if stem and extension in _KNOWN_EXTENSIONS else ""


def read(name: str, *, known: Sequence[str] = (), folder: bool = False) -> Parsed:
    """What a file's or a folder's name tells.

    `known` are the words of the title that the folder above has: where the name begins with
    them, numbers among them count nothing. In a folder's own name bare numbers are title.
    """
    name = unicodedata.normalize("NFC", name)
    extension = "" if folder else extension_of(name)
    stem = name[: -len(extension) - 1] if extension else name
    anatomy = dissect(stem, known)
    choice = choose(anatomy, folder=folder)
    special = find_special(anatomy, choice)
    if special:
        choice.chapter = None
    marks = choice.marks
    series, edition = part_edition(anatomy, find_series(anatomy, choice, marks, special))
    behind = stretches_behind(anatomy, marks)
    title = find_title(anatomy, behind, special)
    if series and title and title.start == series.start:
        title = None
    if series and not marks and not special and is_credited(anatomy, series):
        title = series
    edition = edition or find_edition(behind)
    cast = assign_names(anatomy, marks, series, title)
    return Parsed(
        series=series.text if series else None,
        volume=choice.volume.number if choice.volume else None,
        chapter=choice.chapter.number if choice.chapter else None,
        title=cast.title.text if cast.title else None,
        year=_told(anatomy, YEAR),
        group=cast.group,
        language=_told(anatomy, LANGUAGE),
        edition=_told(anatomy, EDITION) or (edition.text if edition else None),
        special=special is not None,
        explain=_explain(name, anatomy, marks, cast, (series, edition)),
    )


def _told(anatomy: Anatomy, label: str) -> str | None:
    """What the first bracket with this label tells."""
    return next((b.value for b in anatomy.brackets if b.label == label), None)


def _explain(
    name: str,
    anatomy: Anatomy,
    marks: Sequence[Mark],
    cast: Cast,
    words: tuple[Stretch | None, Stretch | None],
) -> tuple[Span, ...]:
    """The pieces of the name in order, and what each was taken for."""
    series, edition = words
    if edition and _within((edition.start, edition.end), series):
        edition = None
    spans = {(mark.start, mark.end): mark.kind for mark in marks}
    named: Iterable[tuple[Stretch | None, str]] = (
        (cast.title, "title"), (series, "series"), (edition, "edition"), (cast.credit, "group"),
    )  # fmt: skip
    for stretch, label in named:
        if stretch:
            spans[stretch.start, stretch.end] = label
    for bracket in anatomy.brackets:
        place = bracket.segment.start, bracket.segment.end
        if not bracket.marks and not _within(place, cast.title):
            spans[place] = cast.labels.get(bracket.segment.start, bracket.label)
    if len(anatomy.name) < len(name):
        spans[len(anatomy.name), len(name)] = "extension"
    return tuple(Span(a, b, name[a:b], label) for (a, b), label in sorted(spans.items()))


def _within(place: tuple[int, int], stretch: Stretch | None) -> bool:
    return stretch is not None and stretch.start < place[0] < stretch.end
