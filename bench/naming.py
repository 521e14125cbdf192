"""Made-up titles, as catalogues have them, and how people misspell them: for benches."""

# ruff: noqa: SIM905 - lists of words read best as text

import random
import unicodedata

_BEFORE = (
    *"amber ashen azure blind borrowed bright broken burning cobalt copper crimson".split(),
    *"distant drifting early eastern empty endless faithful fallen fearless first".split(),
    *"foolish forgotten frozen gentle gilded golden hidden hollow honest humble".split(),
    *"idle iron jade lonely lucky marble midnight misty northern paper patient".split(),
    *"pale quiet restless rusty sacred scarlet secret seventh silent silver".split(),
    *"sleeping stormy stray stubborn sunken thirsty tidal twilight velvet wandering".split(),
)
_AFTER = (
    *"academy alchemist archive arena atelier bakery beacon blossom bridge bureau".split(),
    *"captain caravan cathedral chronicle citadel courier dentist detective dragon".split(),
    *"duelist engine falcon ferry festival florist forest garden ghost glacier harbor".split(),
    *"hospital island jester kitchen knight labyrinth lantern library lighthouse".split(),
    *"locksmith magician meadow mirror monastery mountain observatory orchard".split(),
    *"orchestra painter pharmacist pilgrim pirate puppet railway requiem river".split(),
    *"samurai sculptor shepherd station summer swordsman tailor theatre umbrella".split(),
    *"volcano voyage watchmaker weaver windmill witch".split(),
)
_ACCENTED = (
    *"café château élan étoile forêt naïve façade señora niño mañana corazón".split(),
    *"über schöne größe märchen zürich žena kůň příběh łódź święto gdańsk".split(),
)
_ROMAJI = (
    *"yoru kaze hana tsuki hoshi sora umi mori kawa yama ame yuki kumo hikari".split(),
    *"kage koe yume kokoro inochi tabi mahou shoujo shounen gakkou houkago densha".split(),
    *"neko inu kitsune tanuki tori sakana ryuu oni kami samurai ninja densetsu".split(),
    *"monogatari nikki tantei ryokan kissaten toshokan yakusoku tomodachi sensei".split(),
)
_KO = (
    *"달빛 마지막 붉은 겨울 검은 푸른 잠든 기사 도서관".split(),
    *"마법사 정원 탐정 계약 학교 여행 바다 하늘 별".split(),
)
_ZH = "星辰江湖青云长安白夜山海剑道凤凰明月清风天下无双少年书院神医公子将军皇后天涯孤城"
_RU = (
    *"тихий ночной красный последний забытый северный старый дом лес сад дракон".split(),
    *"поезд остров корабль город ветер рыцарь доктор художник зима лето".split(),
)
_SYLLABLES = (
    *"ba be bo da do fa fi ga go ka ke ki ko la le li lo ma me mi mo na ne ni no".split(),
    *"pa po ra re ri ro sa se si so ta te ti to va ve vi vo za zo ren lan dor mir".split(),
)
_KANA = {
    "kya": "きゃ", "kyu": "きゅ", "kyo": "きょ", "sha": "しゃ", "shu": "しゅ", "sho": "しょ",
    "cha": "ちゃ", "chu": "ちゅ", "cho": "ちょ", "ryu": "りゅ", "ryo": "りょ", "shi": "し",
    "chi": "ち", "tsu": "つ", "jo": "じょ", "ja": "じゃ", "ji": "じ", "fu": "ふ", "n": "ん",
}  # fmt: skip
for _sound, _row in {
    "": "あいうえお", "k": "かきくけこ", "s": "さ_すせそ", "t": "た__てと", "n": "なにぬねの",
    "h": "はひ_へほ", "m": "まみむめも", "y": "や_ゆ_よ", "r": "らりるれろ", "w": "わ____",
    "g": "がぎぐげご", "z": "ざ_ずぜぞ", "d": "だ__でど", "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ",
}.items():  # fmt: skip
    for _vowel, _letter in zip("aiueo", _row, strict=True):
        if _letter != "_":
            _KANA[_sound + _vowel] = _letter


def kana(romaji: str) -> str:
    """Romaji in hiragana."""
    said = ""
    while romaji:
        if romaji[0] == romaji[1:2] and romaji[0] not in "aeioun":
            said, romaji = said + "っ", romaji[1:]
            continue
        size = next((n for n in (3, 2, 1) if romaji[:n] in _KANA and len(romaji) >= n), 0)
        said += _KANA.get(romaji[:size], "") if size else ""
        romaji = romaji[max(1, size) :]
    return said


class Maker:
    """Titles, none twice."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.known: set[str] = set()

    def series(self) -> tuple[str, list[tuple[str, str]], str]:
        """A title, the others it has, and its sort."""
        while True:
            sort = self.chance.choices(
                ("latin", "accent", "ja", "ko", "zh", "ru"), (72, 6, 12, 4, 3, 3)
            )[0]
            title, others = getattr(self, f"_{sort}")()
            if title not in self.known:
                self.known.add(title)
                return title, others, sort

    def _name(self) -> str:
        return "".join(self.chance.choices(_SYLLABLES, k=self.chance.randint(2, 4))).title()

    def _latin(self) -> tuple[str, list[tuple[str, str]]]:
        one, two = (self.chance.choice(words).title() for words in (_BEFORE, _AFTER))
        form = self.chance.choice((
            "{a} {b} of {n}", "The {a} {b}: {n}", "{n} and the {a} {b}", "{n}'s {b}",
            "My {a} {b} in {n}", "{n} {m}", "{a} {n}", "A {b} for {n} {m}",
        ))  # fmt: skip
        return form.format(a=one, b=two, n=self._name(), m=self._name()), []

    def _accent(self) -> tuple[str, list[tuple[str, str]]]:
        words = self.chance.sample(_ACCENTED, 2)
        return " ".join([*words, self._name()]).title(), []

    def _ja(self) -> tuple[str, list[tuple[str, str]]]:
        words = self.chance.sample(_ROMAJI, 3)
        romaji = f"{words[0]} no {words[1]} {words[2]}"
        own = "".join(kana(word) for word in romaji.split())
        return own, [(romaji.title(), "ja-Latn"), (self._latin()[0], "en")]

    def _ko(self) -> tuple[str, list[tuple[str, str]]]:
        return " ".join(self.chance.sample(_KO, 3)), [(self._latin()[0], "en")]

    def _zh(self) -> tuple[str, list[tuple[str, str]]]:
        return "".join(self.chance.sample(_ZH, 5)), [(self._latin()[0], "en")]

    def _ru(self) -> tuple[str, list[tuple[str, str]]]:
        return " ".join(self.chance.sample(_RU, 3)).capitalize(), [(self._latin()[0], "en")]


def misspelt(chance: random.Random, text: str) -> str:
    """One or two letters wrong, missing or swapped."""
    for _ in range(chance.choice((1, 1, 2))):
        places = [n for n, letter in enumerate(text) if letter.isalpha()]
        at = chance.choice(places)
        match chance.choice(("wrong", "missing", "swapped")):
            case "wrong":
                text = text[:at] + chance.choice("abcdefghijklmnopqrstuvwxyz") + text[at + 1 :]
            case "missing":
                text = text[:at] + text[at + 1 :]
            case _:
                text = text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
    return text


def plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
