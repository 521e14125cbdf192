"""Titles as one looks for them: without case, width, accents and punctuation, kana in romaji.

`tokens` gives the words of a title, folded, with where each stands, `read` those of any text;
`folded` joins a title's. The
same folding is done to titles and to what people type, so a rule that looks rude ("house"
becomes "hose", as "shounen" becomes "shonen") costs nothing as long as both sides obey it.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from rapidfuzz.distance import OSA

# No title and no search has more words than these looked at, and no word more letters.
MOST_WORDS = 40
LONGEST = 40
# Letters of a word that are looked at, of which those are made: a text may be one word.
_LOOKED_AT = 4 * LONGEST
# Letters of a word by which misspelt ones find it.
_BEGINNING = 7

_MARKS = "\u0300-\u036f\u3099\u309a"
_HAN = "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_HIRAGANA = "\u3041-\u3096\u3099-\u309f"
_KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9f"
_OTHER = rf"(?:(?![{_HAN}{_HIRAGANA}{_KATAKANA}_])[\w{_MARKS}])+"
# A Han character is a word, kana are words by their kind, and an apostrophe ends no word.
_TOKEN = re.compile(
    rf"[{_HAN}]|[{_HIRAGANA}][{_HIRAGANA}\u30fc]*|[{_KATAKANA}]+|{_OTHER}(?:['\u2019]{_OTHER})*"
)
_NO_LETTER = re.compile(rf"[^\w]|_|[{_MARKS}]")
_ONE_HAN = re.compile(f"[{_HAN}]")
_KANA = re.compile("[\u3041-\u30ff]")
_LONG = re.compile(r"([aeiou])\1+")
_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


def _syllables() -> dict[str, str]:
    """Katakana and how each is written in romaji (Hepburn)."""
    rows = {
        "": "アイウエオ", "k": "カキクケコ", "g": "ガギグゲゴ", "s": "サシスセソ",
        "z": "ザジズゼゾ", "t": "タチツテト", "d": "ダヂヅデド", "n": "ナニヌネノ",
        "h": "ハヒフヘホ", "b": "バビブベボ", "p": "パピプペポ", "m": "マミムメモ",
        "r": "ラリルレロ",
    }  # fmt: skip
    table = {
        kana: sound + vowel
        for sound, row in rows.items()
        for kana, vowel in zip(row, "aiueo", strict=True)
    }
    table |= {"シ": "shi", "ジ": "ji", "チ": "chi", "ツ": "tsu", "ヂ": "ji", "ヅ": "zu", "フ": "fu"}
    table |= {"ヤ": "ya", "ユ": "yu", "ヨ": "yo", "ワ": "wa", "ヰ": "i", "ヱ": "e", "ヲ": "o"}
    table |= {"ン": "n", "ヴ": "vu", "ヵ": "ka", "ヶ": "ke"}
    small = dict(
        zip("ァィゥェォャュョヮ", ["a", "i", "u", "e", "o", "ya", "yu", "yo", "wa"], strict=True)
    )
    pairs = {}
    for kana, sound in table.items():
        for letter, vowel in small.items():
            if letter in "ャュョ" and sound[-1:] == "i" and len(sound) > 1:
                # "kya", but "sha", "cha", "ja".
                after = vowel[1:] if sound in {"shi", "chi", "ji"} else vowel
                pairs[kana + letter] = sound[:-1] + after
            elif letter in "ァィゥェォ" and sound[-1:] in "aeiou" and len(sound) > 1:
                pairs[kana + letter] = sound[:-1] + vowel
    pairs |= {"ウィ": "wi", "ウェ": "we", "ウォ": "wo", "デュ": "dyu", "テュ": "tyu", "イェ": "ye"}
    return table | small | pairs


# Katakana and how they sound, in romaji.
SYLLABLES = _syllables()
# Revised romanisation of Korean, letter by letter.
_FIRST = "g kk n d tt r m b pp s ss - j jj ch k t p h".replace("-", "").split(" ")
_MIDDLE = (
    *("a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo"),
    *("u", "wo", "we", "wi", "yu", "eu", "ui", "i"),
)
_LAST = "- k k k n n n t l k m l l l p l m p p t t ng t t k t p t".replace("-", "").split(" ")


class Token(NamedTuple):
    """A word of a text: folded, and from where to where it stands."""

    word: str
    start: int
    end: int


def read(text: str) -> Iterator[Token]:
    """The words of a text, folded, as many as it has."""
    for match in _TOKEN.finditer(text):
        if word := _fold(match[0][:_LOOKED_AT]):
            yield Token(word[:LONGEST], *match.span())


def tokens(text: str) -> list[Token]:
    """The words of a text, folded, at most `MOST_WORDS`."""
    return list(islice(read(text), MOST_WORDS))


def folded(text: str) -> str:
    """A text as it is looked for: its words, folded, with one space between them."""
    return " ".join(token.word for token in tokens(text))


def is_han(word: str) -> bool:
    """Whether it is a Chinese character."""
    return not word.isascii() and _ONE_HAN.fullmatch(word) is not None


def script_of(text: str) -> str:
    """What a text is written in: kana, hangul, han, cyrillic, latin, or nothing we know."""
    plain = unicodedata.normalize("NFKC", text)
    for name, letters in (
        ("kana", f"[{_HIRAGANA}\u30a1-\u30fa]"),
        ("hangul", "[\uac00-\ud7a3]"),
        ("han", f"[{_HAN}]"),
        ("cyrillic", "[\u0400-\u04ff]"),
        ("latin", "[A-Za-z\u00c0-\u024f]"),
    ):
        if re.search(letters, plain):
            return name
    return ""


# The words of a page, and of all pages, are mostly the same.
@lru_cache(maxsize=20_000)
def _fold(word: str) -> str:
    plain = unicodedata.normalize("NFKC", word).casefold()
    if _KANA.search(plain):
        plain = _romaji(plain)
    plain = "".join(_hangul(letter) for letter in plain).translate(_LETTERS)
    plain = _NO_LETTER.sub("", unicodedata.normalize("NFD", plain))
    plain = unicodedata.normalize("NFC", plain)
    if not plain.isascii():
        return plain
    plain = plain.replace("cch", "tch").replace("mb", "nb").replace("mp", "np")
    return _LONG.sub(r"\1", plain.replace("ou", "o"))


def _romaji(text: str) -> str:
    """Kana as one writes them in Latin letters; anything else stays."""
    kana = "".join(chr(ord(c) + 0x60) if "\u3041" <= c <= "\u3096" else c for c in text)
    said, doubled, at = "", False, 0
    while at < len(kana):
        two = kana[at : at + 2]
        key = two if two in SYLLABLES else kana[at]
        at += len(key)
        if key == "ッ":
            doubled = True
        elif key == "ー":
            said += said[-1:] if said[-1:] in "aeiou" else ""
        else:
            sound = SYLLABLES.get(key, key)
            said += sound[:1] + sound if doubled and sound[:1] not in "aeioun" else sound
            doubled = False
    return said


def _hangul(letter: str) -> str:
    """A syllable in Latin letters; anything else as it is."""
    place = ord(letter) - 0xAC00
    if not 0 <= place < 11172:
        return letter
    first, rest = divmod(place, 588)
    middle, last = divmod(rest, 28)
    return _FIRST[first] + _MIDDLE[middle] + _LAST[last]


def near(one: str, other: str, most: int) -> int | None:
    """How many letters are wrong, missing, too many or swapped; None when more than `most`."""
    wrong = OSA.distance(one, other, score_cutoff=most)
    return wrong if wrong <= most else None


def forgiven(word: str) -> int:
    """How many letters of a word may be wrong."""
    if not word.isascii() and script_of(word) == "han":
        return 0
    return 0 if len(word) < 3 else 1 if len(word) < 6 else 2


def shortened(word: str) -> list[str]:
    """The beginning of a word, and what is left of it when as many letters are missing as are
    forgiven: words that near each other have one of these in common (as in SymSpell)."""
    found = {word[:_BEGINNING]}
    last = found
    for _ in range(forgiven(word)):
        last = {each[:n] + each[n + 1 :] for each in last for n in range(len(each))}
        found = found | last
    return sorted(found - {""})


def alike(one: str, other: str) -> float:
    """From 0 to 1: how many groups of three letters two folded texts share (as pg_trgm)."""
    ours, theirs = _trigrams(one), _trigrams(other)
    return len(ours & theirs) / max(1, len(ours | theirs))


def _trigrams(text: str) -> set[str]:
    padded = [f"  {word} " for word in text.split()]
    return {word[n : n + 3] for word in padded for n in range(len(word) - 2)}
