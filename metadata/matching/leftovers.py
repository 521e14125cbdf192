"""What names carry beside a title: years, editions, groups, sources, brackets."""

import re
from collections.abc import Callable

from library.names.words import EDITIONS, GROUP_WORDS, SOURCES

_BRACKETS = re.compile(r"[(\[{【（［〈][^()\[\]{}【】（）［］〈〉]*[)\]}】）］〉]")
_PUNCTUATION = " \t-–—:;,.~_|/·"
_YEARS = r"[\s,(\-–—]+(?:19|20)\d\d(?:\s*[-–~]\s*(?:(?:19|20)\d\d|\d\d)?)?\)?$"
_NUMBERS = r"[\s,\-–—]+(?:v|vols?|volumes?|c|chs?|chapters?)\.?\s*\d+(?:\.\d+)?(?:\s*[-–~]\s*\d+)?$"
_EDITION = (
    r"[\s,:\-–—]+(?:the\s+)?"
    r"(?:(?:\d+(?:st|nd|rd|th)|first|second|new|revised|library|master|big|print)\s+"
    r"|(?:(?:deluxe|perfect|complete|ultimate|special|collectors?|collector's|anniversary|limited"
    r"|omnibus|digital|kanzenban|hardcover|box|premium)\s+)+)"
    r"(?:edition|ed|version|ver|set|collection|release)\.?$"
    r"|\s*(?:完全版|愛蔵版|文庫版|新装版|デジタル版)$"
)
_MAKERS = r"(?:scans?|scanlations?|scanlators|translations?|subs|fansubs?|rips?)"
_GROUP = rf"[\s\-–—@]+[\w.&'-]*{_MAKERS}$|\s+[-–—@]\s*[\w.&' ]+\s{_MAKERS}$"
_AUTHOR = r"\s+by\s+\S+(?:\s+\S+){0,2}$"
_AT_THE_END = tuple(
    re.compile(pattern, re.IGNORECASE) for pattern in (_YEARS, _NUMBERS, _EDITION, _GROUP, _AUTHOR)
)
# Some of these words end titles, too.
_ALONE = (EDITIONS | SOURCES | GROUP_WORDS) - {"web", "end", "raw", "magazine", "mag", "covers"}


def without_leftovers(text: str) -> str:
    """A title without brackets, and without what is left of a file's name at its end."""
    return until_still(_without_one, tidy(_BRACKETS.sub(" ", text)) or tidy(text))


def pieces(text: str) -> list[str]:
    """A name without its brackets, and what stands in each of them."""
    inside = [tidy(bracket[1:-1]) for bracket in _BRACKETS.findall(text)]
    return [tidy(_BRACKETS.sub(" ", text)), *inside]


def until_still(step: Callable[[str], str], text: str) -> str:
    """What is left when a step changes nothing any more."""
    while (rest := step(text)) != text:
        text = rest
    return text


def tidy(text: str) -> str:
    """With one space between words, and no punctuation at the ends."""
    return " ".join(text.replace("_", " ").split()).strip(_PUNCTUATION)


def _without_one(text: str) -> str:
    for pattern in _AT_THE_END:
        rest = tidy(pattern.sub("", text))
        if rest and rest != text:
            return rest
    words = text.split()
    if len(words) > 1 and words[-1].casefold().strip(_PUNCTUATION) in _ALONE:
        return tidy(" ".join(words[:-1]))
    return text
