r"""The patterns in which people say how names are to be read. Pure.

    {series} v{volume}< c{chapter}>< - {title}>
    /{series}/{year} - {any}
    OP {chapter}{series=One Piece}

Text stands for itself, whatever its case; a space for any spaces or underscores. `{field}` is a
field, `{any}` or `*` anything that is none. What stands in `<` and `>` may be missing; brackets are
brackets, because names are full of them. `{field=text}` tells a field without reading it,
`{field=}` that there is none. `/` parts folders, counted from the file upwards; a `/` in front
means the library's own folder. `\` before a sign takes its meaning away.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

TEXTS = ("series", "title", "group", "edition", "any")
NUMBERS = ("volume", "chapter", "year")
FIELDS = ("series", "volume", "chapter", "title", "group", "year", "language", "edition")
LONGEST = 300
_OPTIONS = 4  # each doubles the ways of reading
_FIELD = re.compile(r"([a-z]*)(?:=([^{}]*))?")
_TOLD = {
    "series": re.compile(r"(?s).+"),
    "volume": re.compile(r"(?:\d{1,5}(?:\.\d{1,3})?(?:-\d{1,5}(?:\.\d{1,3})?)?)?", re.ASCII),
    "chapter": re.compile(r"(?:\d{1,5}(?:\.\d{1,3})?(?:-\d{1,5}(?:\.\d{1,3})?)?)?", re.ASCII),
    "year": re.compile(r"(?:\d{4})?", re.ASCII),
}


class BadPattern(ValueError):
    """What is wrong with a pattern, and where, counted from 0."""

    def __init__(self, detail: str, position: int) -> None:
        super().__init__(detail)
        self.detail, self.position = detail, position


class Piece(NamedTuple):
    """Text as it stands (`field` is ""), a field to be read, or one that is told: then `text` is
    its value."""

    field: str
    text: str
    at: int
    is_told: bool = False


# The pieces of one folder or of the file.
type Part = tuple[Piece, ...]


class Way(NamedTuple):
    """One way of reading: the parts of the path from the folder down to the file, and what is
    told without reading."""

    parts: tuple[Part, ...]
    told: dict[str, str]


class Pattern(NamedTuple):
    """The ways of reading in the order in which they are tried. `is_whole`: of the whole path."""

    ways: tuple[Way, ...]
    fields: frozenset[str]
    is_whole: bool


class _Branch(NamedTuple):
    """A part of a pattern that may be missing."""

    pieces: list[Piece]


def read_pattern(text: str) -> Pattern:
    """The pattern that somebody wrote. Raises BadPattern."""
    if len(text) > LONGEST:
        raise BadPattern(f"A pattern has {LONGEST} characters at most.", LONGEST)
    is_whole = text.startswith("/")
    folders = _Reader(text, int(is_whole)).folders()
    options = sum(isinstance(piece, _Branch) for folder in folders for piece in folder)
    if options > _OPTIONS:
        raise BadPattern(f"{_OPTIONS} parts may be missing at most.", 0)
    # What is there before what is missing, so that nothing is passed over that could be read.
    ways = tuple(_way(folders, chosen) for chosen in reversed(range(1 << options)))
    for way in ways:
        _check(way)
    pieces = [piece for folder in folders for piece in _flat(folder)]
    _check_fields(pieces)
    return Pattern(ways, frozenset(one.field for one in pieces) - {"", "any"}, is_whole)


class _Reader:
    """Goes through a pattern once, sign by sign."""

    def __init__(self, text: str, at: int) -> None:
        self._text, self._at = text, at

    def folders(self) -> list[list[Piece | _Branch]]:
        """The pieces of each folder and of the file."""
        found: list[list[Piece | _Branch]] = [[]]
        branch: _Branch | None = None
        opened = 0
        while self._at < len(self._text):
            sign, at = self._text[self._at], self._at
            if sign == "<":
                if branch:
                    raise BadPattern("What may be missing is not parted again.", at)
                branch, opened = _Branch([]), at
                found[-1].append(branch)
            elif sign == ">":
                if not branch:
                    raise BadPattern("There is no < before this >.", at)
                branch = None
            elif sign == "/":
                if branch:
                    raise BadPattern("A folder cannot be missing in part.", at)
                self._check_named(found[-1], at)
                found.append([])
            else:
                # Of a branch and of a folder alike.
                (branch.pieces if branch else found[-1]).append(self._piece())
            self._at = max(self._at, at + 1)
        if branch:
            raise BadPattern("This < is not closed by a >.", opened)
        self._check_named(found[-1], len(self._text))
        return found

    def _check_named(self, folder: Sequence[Piece | _Branch], at: int) -> None:
        if not any(isinstance(one, _Branch) or not one.is_told for one in folder):
            raise BadPattern("Here a name is missing.", at)

    def _piece(self) -> Piece:
        """What begins here; goes behind it."""
        at, sign = self._at, self._text[self._at]
        self._at += 1
        if sign == "*":
            return Piece("any", "", at)
        if sign == "}":
            raise BadPattern("There is no { before this }.", at)
        if sign == "{":
            return self._field(at)
        if sign == "\\":
            if self._at == len(self._text):
                raise BadPattern("Behind \\ a sign is missing.", at)
            self._at += 1
            return Piece("", self._text[at + 1], at)
        return Piece("", sign, at)

    def _field(self, at: int) -> Piece:
        end = self._text.find("}", at)
        if end < 0:
            raise BadPattern("This { is not closed by a }.", at)
        read = _FIELD.fullmatch(self._text, at + 1, end)
        name = read.group(1) if read else ""
        value: str | None = read.group(2) if read else None
        if name not in FIELDS and (name != "any" or value is not None):
            raise BadPattern(f"Fields are {', '.join(FIELDS)}, and any.", at)
        self._at = end + 1
        if value is None:
            return Piece(name, "", at)
        value = " ".join(value.split())
        if (form := _TOLD.get(name)) and not form.fullmatch(value):
            raise BadPattern(f"“{value}” cannot be the {name}.", at)
        return Piece(name, value, at, is_told=True)


def _flat(folder: Sequence[Piece | _Branch], keep: Iterator[bool] | None = None) -> list[Piece]:
    """The pieces of a folder with its branches, or with those that are kept."""
    pieces: list[Piece] = []
    for one in folder:
        if isinstance(one, Piece):
            pieces.append(one)
        elif keep is None or next(keep):
            pieces += one.pieces
    return pieces


def _way(folders: Sequence[Sequence[Piece | _Branch]], chosen: int) -> Way:
    """The way in which those branches are there that the bits of `chosen` name, the last branch
    by the lowest bit."""
    many = sum(isinstance(one, _Branch) for folder in folders for one in folder)
    keep = iter([bool(chosen >> place & 1) for place in reversed(range(many))])
    parts: list[Part] = []
    told: dict[str, str] = {}
    for folder in folders:
        pieces = _flat(folder, keep)
        told |= {one.field: one.text for one in pieces if one.is_told}
        parts.append(_joined(one for one in pieces if not one.is_told))
    return Way(tuple(parts), told)


def _joined(pieces: Iterator[Piece]) -> Part:
    """Texts that touch are one; their spaces and underscores are one space each."""
    joined: list[Piece] = []
    for piece in pieces:
        if not piece.field and joined and not joined[-1].field:
            joined[-1] = joined[-1]._replace(text=joined[-1].text + piece.text)
        else:
            joined.append(piece)
    for place, piece in enumerate(joined):
        text = re.sub(r"[\s_]+", " ", piece.text)
        # Names are trimmed as well.
        text = text.lstrip() if place == 0 else text
        joined[place] = piece._replace(text=text.rstrip() if place == len(joined) - 1 else text)
    return tuple(piece for piece in joined if piece.field or piece.text)


def _check(way: Way) -> None:
    """Of two texts side by side nobody can say where the one ends."""
    for part in way.parts:
        if not part:
            raise BadPattern("All of a name cannot be missing.", 0)
        for one, other in pairwise(part):
            for kind, words in ((TEXTS, "texts"), (NUMBERS, "numbers")):
                if one.field in kind and other.field in kind:
                    raise BadPattern(f"Between two {words} something has to stand.", other.at)


def _check_fields(pieces: Sequence[Piece]) -> None:
    seen: set[str] = set()
    for piece in pieces:
        if piece.field in seen:
            raise BadPattern(f"It names the {piece.field} twice.", piece.at)
        seen |= {piece.field} - {"", "any"}
    if not seen:
        raise BadPattern("It names no field, as {series} or {chapter}.", 0)
