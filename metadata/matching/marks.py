"""Words and numbers in names that set works of one name apart: sequels, colours, doujinshi."""

import re

from library.names.words import ROMAN
from metadata.matching.leftovers import pieces, tidy, until_still, without_leftovers

COLOUR, DOUJINSHI, ANTHOLOGY, ADULT, SIDE = "colour", "doujinshi", "anthology", "adult", "side"
# In words, for those who look at a conflict.
IN_WORDS = {
    COLOUR: "the coloured version",
    DOUJINSHI: "a doujinshi",
    ANTHOLOGY: "an anthology",
    ADULT: "the version for adults",
    SIDE: "a spin-off or what comes after",
}
# Each stands at the end of a title, or alone in brackets.
_SAID_BY = {
    COLOUR: r"(?:official(?:ly)?|fully?|digital(?:ly)?|fan)[ -]+colou?r(?:ed|s)?"
    r"(?: (?:edition|version|comics?))?"
    r"|colou?red(?: (?:edition|version))?|colou?r (?:edition|version)|カラー版|彩色版|全彩",
    DOUJINSHI: r"\b(?:doujin(?:shi)?|dj|fan (?:comic|book))|同人誌?",
    ANTHOLOGY: r"\b(?:comic )?antholog(?:y|ies)|アンソロジー|合同誌",
    ADULT: r"\b(?:uncensored|decensored|hentai|adults? (?:only|version|edition)|r-?18\+?|18\+)"
    r"|\bmature (?:version|edition)|成人版|無修正",
    SIDE: r"\b(?:after(?: story| days)?|gaiden|side ?stor(?:y|ies)|spin-?offs?|another(?: story)?"
    r"|zero|next|origins?|bangaihen|prequel|sequel|returns?|4-?koma)|外伝|番外編|スピンオフ|アフター",
}
_SAID = {mark: re.compile(rf"(?:{said})$", re.IGNORECASE) for mark, said in _SAID_BY.items()}
# What providers call such works among their tags.
_TAGS = {
    "official colored": COLOUR,
    "fan colored": COLOUR,
    "doujinshi": DOUJINSHI,
    "anthology": ANTHOLOGY,
}
# … and what another work is to one that is a version of it.
_RELATIONS = {"monochrome": COLOUR, "based_on": DOUJINSHI}

_PART = r"(?:season|part|book|series|arc|act|dai|saison|staffel|cour)"
_BEHIND = r"(?:season|part|book|series|arc|act|stage|year|generation)"
_ORDINALS = {"second": 2, "third": 3, "fourth": 4, "fifth": 5}
_OTHERS = {"zoku": 2, "続": 2, "弐": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "一": 1}
_NUMBERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"[\s\-–—:,]+{_PART}\s*(\d{{1,2}}|[ivx]{{1,5}})$",
        rf"[\s\-–—:,]+(?:the )?(?:(\d+)(?:st|nd|rd|th)|({'|'.join(_ORDINALS)})) {_BEHIND}$",
        r"\s*第\s*(\d+|[一二三四五六])\s*[部期章季]$",
        r"[\s\-–—:,]+(\d{1,3}|[ivx]{1,5}|zoku)$",
        r"(?<=[^\x00-\x7f])\s*(\d{1,2}|続|弐)$",
    )
)


def marks_in(*names: str) -> frozenset[str]:
    """The marks that these names bear at their ends or in brackets."""
    parts = [tidy(part) for name in names for part in pieces(name)]
    parts += [without_leftovers(name) for name in names]
    return frozenset(mark for part in parts for mark, said in _SAID.items() if said.search(part))


def marks_told(tags: tuple[str, ...], relations: tuple[str, ...]) -> frozenset[str]:
    """The marks that follow from a provider's tags, and from what other works are to this one."""
    by_tag = {_TAGS[tag.casefold()] for tag in tags if tag.casefold() in _TAGS}
    return frozenset(by_tag | {_RELATIONS[each] for each in relations if each in _RELATIONS})


def without_marks(title: str) -> str:
    """A title without the marks at its end; it never becomes empty."""
    return until_still(_without_mark, title)


def without_number(title: str) -> tuple[str, int]:
    """A title without the number at its end, and that number: 1 where it says none."""
    for pattern in _NUMBERS:
        found = pattern.search(title)
        rest = tidy(title[: found.start()]) if found else ""
        if found and rest and (number := _value(next(filter(None, found.groups())))):
            return rest, number
    return title, 1


def _without_mark(title: str) -> str:
    for said in _SAID.values():
        found = said.search(title)
        if found and (rest := tidy(title[: found.start()])):
            return rest
    return title


def _value(said: str) -> int:
    if said.isdecimal():
        return int(said)
    word = said.casefold()
    return _ORDINALS.get(word) or _OTHERS.get(word) or int(ROMAN.get(word.upper(), "0"))
