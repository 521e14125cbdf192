"""A pattern made of a name and of what is known of it, to begin a rule with. Pure."""

import re
from collections.abc import Callable, Mapping

from library.names.fitting import parts_of
from library.names.numbers import canonical
from library.names.patterns import LONGEST, BadPattern, read_pattern

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SIGNS = re.compile(r"[{}<>*/\\]")

# A text of the name, or the field that stands for one.
type _Piece = tuple[str, bool]


def suggest(path: str, known: Mapping[str, str]) -> str:
    """The pattern that reads this file's name as it is `known` by the pattern's fields: what stands
    there becomes fields, what does not is told, and nothing ("") is told to be none. "" where there
    is no such pattern."""
    pieces: list[_Piece] = [(parts_of(path)[-1], False)]
    told = []
    for field in ("group", "title", "series", "year", "volume", "chapter"):
        value = known.get(field)
        if value is None:
            continue
        finder = _as_number(value) if field in ("volume", "chapter") else _as_text(value)
        found = _with(pieces, finder, f"{{{field}}}") if value else None
        if found is not None:
            pieces = found
        elif field in ("volume", "chapter"):
            told.append(f"{{{field}={value}}}")
    pattern = "".join(text if field else _SIGNS.sub(r"\\\g<0>", text) for text, field in pieces)
    return _checked(pattern + "".join(told))


def _with(
    pieces: list[_Piece], finder: Callable[[str], tuple[int, int] | None], field: str
) -> list[_Piece] | None:
    """With the field in the place of what is found first; None where nothing is."""
    for at, (text, is_field) in enumerate(pieces):
        place = None if is_field else finder(text)
        if place is not None:
            around = [(text[: place[0]], False), (field, True), (text[place[1] :], False)]
            return [*pieces[:at], *around, *pieces[at + 1 :]]
    return None


def _as_text(value: str) -> Callable[[str], tuple[int, int] | None]:
    wanted = re.compile(re.escape(value), re.IGNORECASE)

    def find(text: str) -> tuple[int, int] | None:
        found = wanted.search(text)
        return found.span() if found else None

    return find


def _as_number(value: str) -> Callable[[str], tuple[int, int] | None]:
    def find(text: str) -> tuple[int, int] | None:
        written = _NUMBER.finditer(text)
        return next((each.span() for each in written if canonical(each.group()) == value), None)

    return find


def _checked(pattern: str) -> str:
    try:
        read_pattern(pattern)
    except BadPattern:
        return ""
    return pattern if len(pattern) <= LONGEST else ""
