"""The vocabulary of names: what people write before, behind and around numbers.

Words are caseless (compare with `str.casefold`). A marker's rank says how sure it is: 3 says
so outright, 2 usually means it, 1 only when nothing better is found in the name.
"""

from typing import NamedTuple

VOLUME, CHAPTER, VERSION, SPECIAL, DATE = "volume", "chapter", "version", "special", "date"


class Marker(NamedTuple):
    """What a word before a number makes of it."""

    kind: str
    rank: int


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


def _table(rows: dict[Marker, str]) -> dict[str, Marker]:
    return {word: marker for marker, words in rows.items() for word in words.split()}


# Words that may stand apart from their number: "Vol. 3", "chapter 12".
MARKERS = _table(
    {
        Marker(VOLUME, 3): "vol vols volume volumes tome tomes tomo tomos том тома tập เล่ม เล่มที่",
        Marker(VOLUME, 2): "book band bd cilt tom",
        Marker(VOLUME, 1): "season saison staffel temporada сезон",
        Marker(CHAPTER, 3): "ch chs chp chap chaps chapter chapters chapitre chapitres capitulo"
        " capítulo cap kapitel capitolo глава главы chương rozdział bölüm บท บทที่ ตอน ตอนที่",
        Marker(CHAPTER, 2): "ep eps episode episodes episodio épisode issue issues выпуск folge",
        Marker(CHAPTER, 1): "part no nr numéro",
    }
)
# Words that count only where nothing but a dash or a colon stands before them: in "A Title -
# Lesson 12" they do, in "The Long Night 12" they are title.
SET_OFF_MARKERS = _table(
    {
        Marker(CHAPTER, 1): "act stage lesson mission night day scene round phase quest step story"
        " log case file game track period"
    }
)
# Letters that must touch their number: "v01", "c001", "S2".
SHORT_MARKERS = _table(
    {
        Marker(VOLUME, 3): "v",
        Marker(VOLUME, 2): "t",
        Marker(VOLUME, 1): "s",
        Marker(CHAPTER, 3): "c",
        Marker(CHAPTER, 2): "e",
        Marker(VERSION, 3): "ver",
        Marker(SPECIAL, 3): "sp",
    }
)
# What may follow a number at once: "v2c6", "011v2", "S01E05".
FOLLOWERS = _table(
    {
        Marker(VERSION, 3): "v ver",
        Marker(CHAPTER, 3): "c ch chp chap chapter",
        Marker(CHAPTER, 2): "e ep",
    }
)
# Words that stand behind their number: "3-4 Глава", "12 권".
SUFFIX_WORDS = _table(
    {
        Marker(VOLUME, 3): "том тома 巻 卷 冊 册 권",
        Marker(VOLUME, 1): "сезон",
        Marker(CHAPTER, 3): "глава главы 話 话 回 화 회",
    }
)
# East Asian counters, written without spaces: 第03巻, 12話, 3권.
COUNTERS = {
    **dict.fromkeys("巻卷冊册集권", Marker(VOLUME, 3)),
    **dict.fromkeys("季期", Marker(VOLUME, 1)),
    **dict.fromkeys("話话回章夜節节화회편", Marker(CHAPTER, 3)),
    "장": Marker(VOLUME, 2),
}
# After the ordinal sign 장 is a chapter; alone, 13장, people number volumes with it.
ORDINAL_COUNTERS = {**COUNTERS, "장": Marker(CHAPTER, 3)}
ALL_OF = "全"
# … and what may stand before the number: the ordinal sign alone, or the counter itself.
ORDINAL_SIGNS = frozenset("第제")
COUNTERS_BEFORE = {**dict.fromkeys("卷巻册冊", Marker(VOLUME, 3))}

UNKNOWN_NUMBERS = _words("tbd tba tbc unknown")
_ROMAN = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX"
ROMAN = {word: str(value) for value, word in enumerate(_ROMAN.split(), 1)}
ORDINAL_ENDINGS = _words("st nd rd th")
# Chapters may be counted in these: "The 3rd Night".
UNITS = _words(
    "night day chapter episode lesson stage act period round mission story quest game page",
    "scene step date hour phase song class case",
)
MONTHS = _words(
    "jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july",
    "august september october november december",
)

SPECIAL_WORDS = _words(
    "special specials omake omakes extra extras bonus gaiden sidestory sidestories artbook",
    "artbooks fanbook guidebook oneshots 番外編 番外编 番外篇 番外 おまけ 特典 외전 특별편",
)
# Pairs that tell of a book beside the story, with no series in its name.
SPECIAL_PAIRS = frozenset(
    {("art", "collection"), ("art", "book"), ("fan", "book"), ("guide", "book")}
    | {("side", "story"), ("side", "stories"), ("illustration", "collection")}
    | {("color", "illustrations"), ("one", "shots")}
)

# An edition in one word, not part of the series' title.
EDITIONS = _words(
    "omnibus uncensored deluxe kanzenban bunkoban aizoban tankobon tankoubon remaster",
    "remastered hardcover decensored unrated 完全版 愛蔵版 文庫版 新装版",
)
EDITION_NOUNS = _words("edition ed version ver colored coloured")
EDITION_TRAITS = _words(
    "full color colour colored coloured deluxe special library collector collectors master",
    "perfect complete anniversary limited digital official ultimate premium box fan",
)

SOURCES = _words(
    "digital webrip web hd digital-hd hq lq c2c scan scans raw raws repaired fixed retail tpb",
    "ogn kindle kobo complete ongoing completed end fin decensored textless colorized",
    "ebook epub pdf cbz cbr mag magazine oneshot covers 완 完 完結 完结 dl版 デジタル版",
)
GROUP_WORDS = _words(
    "scan scans scanlation scanlations scanlators scanlator subs fansub fansubs translations",
    "translation repack 汉化 漢化 汉化组 漢化組",
)

LANGUAGES = {
    word: code
    for code, words in {
        "en": "english en eng gb us 英語 英语 英訳 英译",
        "ja": "japanese ja jp jpn raw 日本語 日本语",
        "ko": "korean ko kr kor 한국어 韓国語",
        "zh": "chinese zh cn chi 中文 中国語 中国翻訳 汉化 漢化",
        "fr": "french fr fre fra français francais vf",
        "de": "german de ger deu deutsch",
        "es": "spanish es spa español espanol castellano",
        "it": "italian it ita italiano",
        "pt": "portuguese pt por português portugues",
        "pt-br": "br ptbr brazilian",
        "ru": "russian ru rus русский",
        "pl": "polish pl polski",
        "tr": "turkish tr türkçe",
        "vi": "vietnamese vi vn vie",
        "th": "thai th ไทย",
        "id": "indonesian ind indonesia",
        "ar": "arabic ar العربية",
        "nl": "dutch nl nederlands",
        "uk": "ukrainian uk українська",
        "hu": "hungarian hu magyar",
        "cs": "czech cz",
    }.items()
    for word in words.split()
}

BOOK_EXTENSIONS = _words("cbz zip cbr rar cb7 7z cbt tar pdf epub")
# Signs before the number of a second try, in brackets: [v2], {r2}, (F2).
TRIES = _words("v ver r f")
# Files that lie inside a book's folder and are no book themselves.
INSIDE_EXTENSIONS = _words("jpg jpeg png webp gif avif jxl bmp tif tiff heic json xml txt nfo")
# Folders that say what the books of a series are, and no series by themselves.
FORM_FOLDERS = _words("manga comics digital raw raws scans webrip colored cbz chapters volumes")
# Folders that hold a part of a series: "Arc 2 - The Sea".
ARC_WORDS = _words("arc part saga act story 編 篇")
# Folders that sort the books of a series by kind.
KIND_FOLDERS = {"volumes": VOLUME, "tankobon": VOLUME, "chapters": CHAPTER, "books": VOLUME}
