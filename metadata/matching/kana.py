"""Titles as others may have written them: in hiragana what is in katakana or romaji."""

import re

from library.folding import SYLLABLES

_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_LONG = str.maketrans({"ā": "aa", "ī": "ii", "ū": "uu", "ē": "ei", "ō": "ou"})
# As it is written where "tu" is, and not "tsu".
_OTHERWISE = {"si": "シ", "ti": "チ", "tu": "ツ", "hu": "フ", "zi": "ジ"}


def _by_sound() -> dict[str, str]:
    """The kana of each sound; of several the commonest, which comes first and has no small
    vowel."""
    found = dict(_OTHERWISE)
    for kana, sound in sorted(SYLLABLES.items(), key=lambda pair: pair[0][-1] in "ァィゥェォ"):
        found.setdefault(sound, kana)
    return found


_KANA = _by_sound()
_SOUND = re.compile("|".join(sorted(map(re.escape, _KANA), key=len, reverse=True)))
_DOUBLED = re.compile(r"([kstpcgdbz])(?=\1)|t(?=ch)")


def in_hiragana(title: str) -> str:
    """A title in hiragana as far as it is in kana; all of it, without spaces, where it is all in
    romaji."""
    latin = re.sub(r"[\s'\u2019-]", "", title.casefold().translate(_LONG))
    if latin.isascii() and latin.isalpha():
        said = _SOUND.sub(lambda found: _KANA[found[0]], _DOUBLED.sub("ッ", latin))
        title = title if re.search("[a-z]", said) else said
    return title.translate(_HIRAGANA)
