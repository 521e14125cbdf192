"""Texts of sidecars made numbers, names, languages and addresses; nothing where they are none."""

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import urlsplit

from kiremisu.lib.text import clean
from library.names import parse
from library.names.numbers import canonical
from library.names.words import LANGUAGES

_NAMES = 200
_ADDRESS = 2000
_NUMBER = re.compile(r"#?(\d{1,6}(?:[.,]\d{1,3})?)(?:\s*[-–~]\s*(\d{1,6}(?:[.,]\d{1,3})?))?")
_WHOLE = re.compile(r"(\d{1,9})(?:\.0+)?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,2}")
_NO_LANGUAGE = {"und", "zxx", "mul", "mis", "xx"}
# Those of which it matters where they are spoken.
_BY_PLACE = {"es", "pt", "zh"}
_BETWEEN = re.compile(r"\s+|[,;]+(?=https?:)")
_YEARS = range(1000, 2101)
# Sites that others name by an id, and where in an address it stands.
_SITES = {
    "mangadex.org": ("mangadex", re.compile(r"/(?:title|manga)/([0-9a-f-]{36})", re.IGNORECASE)),
    "anilist.co": ("anilist", re.compile(r"/manga/(\d+)")),
    "myanimelist.net": ("myanimelist", re.compile(r"/manga/(\d+)")),
    "kitsu.io": ("kitsu", re.compile(r"/manga/([\w-]+)")),
    "kitsu.app": ("kitsu", re.compile(r"/manga/([\w-]+)")),
    "mangaupdates.com": ("mangaupdates", re.compile(r"/series/(\w+)")),
}


def names(text: str) -> list[str]:
    """Names between commas, semicolons or line ends."""
    parts = (clean(part, 255) for part in re.split(r"[,;\n]", text[:100_000]))
    return [part for part in parts if part][:_NAMES]


def number(text: str) -> str:
    """A number or range as a reader writes it: "012.50" → "12.5", "Chapter 3" → "3"."""
    plain = unicodedata.normalize("NFKC", clean(text, 100))
    found = _NUMBER.fullmatch(plain)
    if found:
        ends = [_canonical(end) for end in found.groups() if end]
        return "-".join(dict.fromkeys(ends)) if all(ends) else ""
    if not plain[:1].isalpha():
        return ""
    parsed = parse(plain)
    return "" if parsed.series else parsed.chapter or parsed.volume or ""


def _canonical(digits: str) -> str:
    whole = canonical(digits.replace(",", ".")) or ""
    return whole.rstrip("0").rstrip(".") if "." in whole else whole


def whole(text: str) -> int | None:
    """A whole number of at most nine digits."""
    found = _WHOLE.fullmatch(unicodedata.normalize("NFKC", text.strip()))
    return int(found.group(1)) if found else None


def year(text: str) -> int | None:
    found = whole(text)
    return found if found in _YEARS else None


def language(text: str) -> str:
    """A language as names of files tell it: "en", "pt-br"; from "EN-us", "jpn", "English"."""
    told = clean(text, 40).casefold().replace("_", "-")
    if told in LANGUAGES:
        return LANGUAGES[told]
    first, _, rest = told.partition("-")
    if not _LANGUAGE.fullmatch(told) or first in _NO_LANGUAGE:
        return ""
    code = LANGUAGES.get(first, first)
    return f"{code}-{rest}"[:20] if rest and code in _BY_PLACE else code


def links(texts: Iterable[str]) -> dict[str, str]:
    """By site, the id of the work there or an address; only of the web, and none of chapters."""
    found: dict[str, str] = {}
    for address in (part for text in texts for part in _BETWEEN.split(text[:20_000])):
        site = _site(address)
        if site:
            found.setdefault(*site)
    return found


def _site(address: str) -> tuple[str, str] | None:
    if not address.lower().startswith(("https://", "http://")) or len(address) > _ADDRESS:
        return None
    try:
        parts = urlsplit(clean(address))
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    if not host or len(host) > 40 or "/chapter" in parts.path:
        return None
    name, pattern = _SITES.get(host, ("", None))
    known = pattern.search(parts.path) if pattern else None
    return (name, known.group(1).lower()) if known else (host, clean(address))
