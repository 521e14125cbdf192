"""Text as we store it, compare it and sort it."""

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]+")
_NOT_WORDS = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"(\d+)")
# Python reads no number of more than 4,300 digits, and nobody counts so far.
_MOST_DIGITS = 1000


def clean(text: str, limit: int | None = None) -> str:
    """Text fit to store: NFC, trimmed, without NUL, control characters and lone surrogates.

    Tabs and line feeds stay. With `limit` it is cut to that many characters.
    """
    tidy = unicodedata.normalize("NFC", _CONTROL.sub("", text)).strip()
    return tidy if limit is None else tidy[:limit].rstrip()


def fold(text: str) -> str:
    """A key for comparing titles: compatibility form, caseless, words joined by one space."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _NOT_WORDS.sub(" ", unicodedata.normalize("NFC", plain)).strip()


def words(text: str, most: int = 10) -> list[str]:
    """The first words of it, folded, each once. One sign may fold to many words."""
    return list(dict.fromkeys(fold(text).split()))[:most]


def natural_key(name: str) -> tuple[str | int, ...]:
    """A sort key in which 2 comes before 10, caseless, in every part of a path.

    Total: names that differ get keys that differ, or equal keys only where they differ
    in case or leading zeros (break such ties by the name itself).
    """
    parts: list[str | int] = [*_DIGITS.split(name.casefold().replace("/", "\x01"))]
    # Text and digits by turns, text first if only "": no number ever meets a text.
    parts[1::2] = [int(str(digits)[:_MOST_DIGITS]) for digits in parts[1::2]]
    return tuple(parts)
