"""Sidecars as they occur, and what each of them says: its source, facts, and its own book."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple


class Case(NamedTuple):
    """`book`: the fields of About that are set."""

    name: str
    file: str
    data: bytes
    facts: Mapping[str, Any] = MappingProxyType({})
    book: Mapping[str, Any] = MappingProxyType({})


def info(
    inner: str, head: str = '<?xml version="1.0" encoding="utf-8"?>', about: str = ""
) -> bytes:
    return f"{head}\n<ComicInfo{about}>{inner}</ComicInfo>".encode()


def comic(name: str, inner: str, facts: Any = None, **book: Any) -> Case:
    return Case(name, "ComicInfo.xml", info(inner), facts or {}, book)


def raw(name: str, data: bytes, facts: Any = None, **book: Any) -> Case:
    return Case(name, "ComicInfo.xml", data, facts or {}, book)


def mylar(name: str, told: dict[str, Any], facts: Any = None) -> Case:
    return Case(name, "series.json", json.dumps({"metadata": told}).encode(), facts or {})


def mihon(name: str, told: dict[str, Any], facts: Any = None) -> Case:
    return Case(name, "details.json", json.dumps(told).encode(), facts or {})


def called(*titles: str) -> dict[str, Any]:
    kinds = ["main", *["alternative"] * len(titles)]
    return {"titles": [{"text": t, "kind": k} for t, k in zip(titles, kinds, strict=False)]}


def by(**people: str) -> dict[str, Any]:
    return {"people": [{"name": name, "role": role} for role, name in people.items()]}


_XSD = (
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
)
_ID = "c0ee660b-f9f2-45c3-8068-5123ff53f84a"
_MIHONS = (
    "<Title>Vol.2 Ch.12.5 - The Road</Title><Series>Salt Road</Series><Number>12.5</Number>"
    "<Summary>Of salt.</Summary><Writer>Mina Tide</Writer><Penciller>Ode Vale</Penciller>"
    "<Translator>Night Owls</Translator><Genre>Drama, Seinen</Genre>"
    f"<Web>https://mangadex.org/chapter/{_ID} https://mangadex.org/title/{_ID}</Web>"
    "<Year>2024</Year><Month>5</Month><Day>3</Day>"
    '<ty:PublishingStatusTachiyomi xmlns:ty="http://www.w3.org/2001/XMLSchema">On hiatus'
    "</ty:PublishingStatusTachiyomi>"
    '<mh:SourceMihon xmlns:mh="http://www.w3.org/2001/XMLSchema">MangaDex</mh:SourceMihon>'
)
_MIHONS_FACTS = {
    **called("Salt Road"),
    "summary": "Of salt.",
    **by(author="Mina Tide", artist="Ode Vale"),
    "genres": ["Drama", "Seinen"],
    "demographic": "seinen",
    "status": "hiatus",
    "links": {"mangadex": _ID},
}
_SALT = info("<Series>Salt Road</Series>")

CASES = [
    # versions and shapes
    raw(
        "version 1.0",
        info(
            "<Title>Tides</Title><Series>Salt Road</Series><Number>3</Number><Volume>1</Volume>"
            "<Summary>Of salt.</Summary><Writer>Mina Tide</Writer><PageCount>24</PageCount>",
            about=_XSD,
        ),
        {**called("Salt Road"), "summary": "Of salt.", **by(author="Mina Tide")},
        series="Salt Road",
        title="Tides",
        number="3",
        volume="1",
    ),
    comic(
        "version 2.0",
        "<Series>Salt Road</Series><Number>3</Number><Year>2019</Year><LanguageISO>en</LanguageISO>"
        "<Manga>YesAndRightToLeft</Manga><AgeRating>Teen</AgeRating>"
        '<Pages><Page Image="0" Type="FrontCover"/></Pages>',
        {**called("Salt Road"), "direction": "rtl", "content_rating": "safe"},
        series="Salt Road",
        number="3",
        year=2019,
        language="en",
    ),
    comic(
        "version 2.1",
        "<Series>Salt Road</Series><Translator>Jo Fern</Translator><Tags>sea, trade</Tags>"
        "<StoryArcNumber>2</StoryArcNumber><GTIN>9783161484100</GTIN>",
        {**called("Salt Road"), **by(translator="Jo Fern"), "tags": ["sea", "trade"]},
        series="Salt Road",
    ),
    comic(
        "Mihon's extras",
        _MIHONS,
        _MIHONS_FACTS,
        series="Salt Road",
        number="12.5",
        volume="2",
        title="The Road",
        year=2024,
        group="Night Owls",
    ),
    comic(
        "Kavita's other title",
        "<Series>Salt Road</Series><LocalizedSeries>塩の道</LocalizedSeries>",
        called("Salt Road", "塩の道"),
        series="Salt Road",
    ),
    comic(
        "odd order",
        "<Number>4</Number><Genre>Drama</Genre><Series>Salt Road</Series>",
        {**called("Salt Road"), "genres": ["Drama"]},
        series="Salt Road",
        number="4",
    ),
    raw(
        "names in small letters",
        b"<comicinfo><series>Salt Road</series></comicinfo>",
        called("Salt Road"),
        series="Salt Road",
    ),
    raw(
        "a namespace for all",
        info("<Series>Salt Road</Series>", about=' xmlns="http://a/b"'),
        called("Salt Road"),
        series="Salt Road",
    ),
    raw(
        "a namespace with a prefix",
        b'<c:ComicInfo xmlns:c="http://a/b"><c:Series>Salt Road</c:Series></c:ComicInfo>',
        called("Salt Road"),
        series="Salt Road",
    ),
    raw(
        "without a declaration",
        b"<ComicInfo><Series>Salt Road</Series></ComicInfo>",
        called("Salt Road"),
        series="Salt Road",
    ),
    raw(
        "a mark of UTF-8 in front", b"\xef\xbb\xbf" + _SALT, called("Salt Road"), series="Salt Road"
    ),
    raw(
        "UTF-16",
        info("<Series>塩の道</Series>", '<?xml version="1.0" encoding="utf-16"?>')
        .decode()
        .encode("utf-16"),
        called("塩の道"),
        series="塩の道",
    ),
    raw(
        "UTF-16 by its declaration only",
        info("<Series>塩の道</Series>", '<?xml version="1.0" encoding="utf-16"?>'),
        called("塩の道"),
        series="塩の道",
    ),
    raw(
        "Latin-1",
        info("<Series>Café</Series>", '<?xml version="1.0" encoding="iso-8859-1"?>')
        .decode()
        .encode("latin-1"),
        called("Café"),
        series="Café",
    ),
    raw("spaces and line ends in front", b"\n  " + _SALT, called("Salt Road"), series="Salt Road"),
    raw(
        "one more level around",
        b"<Book>" + _SALT.partition(b"\n")[2] + b"</Book>",
        called("Salt Road"),
        series="Salt Road",
    ),
    comic(
        "lists as elements",
        "<Tags><Tag>sea</Tag><Tag>trade</Tag></Tags>",
        {"tags": ["sea", "trade"]},
    ),
    comic(
        "empty values", "<Title/><Series></Series><Number> </Number><Year></Year><Genre>,,</Genre>"
    ),
    comic(
        "the schema's own defaults",
        "<Count>-1</Count><Volume>-1</Volume><Year>-1</Year>"
        "<Manga>Unknown</Manga><AgeRating>Unknown</AgeRating><PageCount>0</PageCount>",
    ),
    comic(
        "a field twice",
        "<Series/><Series>Salt Road</Series><Series>Other</Series>",
        called("Salt Road"),
        series="Salt Road",
    ),
    comic(
        "signs written as entities",
        "<Series>Salt &amp; Road &#x5869;</Series>",
        called("Salt & Road 塩"),
        series="Salt & Road 塩",
    ),
    comic(
        "text as it is",
        "<Summary><![CDATA[Of <b>salt</b> & sand.]]></Summary>",
        {"summary": "Of <b>salt</b> & sand."},
    ),
    # numbers
    comic("zeros in front", "<Number>007</Number>", number="7"),
    comic("a decimal", "<Number>12.50</Number>", number="12.5"),
    comic(
        "a whole number as a fraction",
        "<Number>12.0</Number><Volume>2.0</Volume>",
        number="12",
        volume="2",
    ),
    comic("a comma for a point", "<Number>12,5</Number>", number="12.5"),
    comic("a range", "<Number>12-14</Number>", number="12-14"),
    comic(
        "a number in words",
        "<Number>Chapter 12</Number><Volume>Vol. 3</Volume>",
        number="12",
        volume="3",
    ),
    comic("a sign in front", "<Number>#12</Number>", number="12"),
    comic("wide digits", "<Number>１２</Number>", number="12"),
    comic("a number that is none", "<Number>abc</Number><Volume>NaN</Volume><Year>MMXX</Year>"),
    comic(
        "numbers beyond counting",
        "<Number>1e309</Number><Volume>99999</Volume><Year>99999</Year><Count>999999999999</Count>",
    ),
    comic("both levels", "<Volume>3</Volume><Number>21</Number>", volume="3", number="21"),
    comic(
        "a year for a volume", "<Volume>2016</Volume><Number>4</Number>", {"year": 2016}, number="4"
    ),
    comic("a count", "<Number>3</Number><Count>40</Count>", {"last_chapter": "40"}, number="3"),
    comic(
        "a count of volumes",
        "<Volume>3</Volume><Count>12</Count>",
        {"last_volume": "12"},
        volume="3",
    ),
    comic("a year for a count", "<Number>3</Number><Count>2016</Count>", number="3"),
    comic(
        "the first book's year",
        "<Number>1</Number><Year>2019</Year>",
        {"year": 2019},
        number="1",
        year=2019,
    ),
    # titles
    comic(
        "a title that is only the number",
        "<Title>Chapter 12</Title><Number>12</Number>",
        number="12",
    ),
    comic(
        "a title that is the series'",
        "<Series>Salt Road</Series><Title>Salt road</Title>",
        called("Salt Road"),
        series="Salt Road",
    ),
    comic("a title behind its number", "<Title>Episode 5: Rain</Title>", title="Rain"),
    # people, labels, links
    comic(
        "all roles",
        "<Writer>A</Writer><Penciller>B</Penciller><Inker>C</Inker><Colorist>D</Colorist>"
        "<Letterer>E</Letterer><CoverArtist>F</CoverArtist><Editor>G</Editor><Translator>H</Translator>",
        by(
            author="A",
            artist="B",
            inker="C",
            colorist="D",
            letterer="E",
            cover_artist="F",
            editor="G",
            translator="H",
        ),
    ),
    comic(
        "several people",
        "<Writer>Mina Tide, Ode Vale;Mina Tide</Writer>",
        {
            "people": [
                {"name": "Mina Tide", "role": "author"},
                {"name": "Ode Vale", "role": "author"},
                {"name": "Mina Tide", "role": "author"},
            ]
        },
    ),
    comic("who scanned it", "<ScanInformation>(Night Owls)</ScanInformation>", group="Night Owls"),
    comic(
        "genres and tags",
        "<Genre>Drama, Slice of Life ,Shōnen</Genre><Tags>Shounen,sea</Tags>",
        {
            "genres": ["Drama", "Slice of Life", "Shōnen"],
            "tags": ["Shounen", "sea"],
            "demographic": "shounen",
        },
    ),
    comic(
        "a long strip",
        "<Manga>No</Manga><Tags>Long Strip</Tags>",
        {"tags": ["Long Strip"], "direction": "vertical"},
    ),
    comic("manga, and no more", "<Manga>Yes</Manga>"),
    comic("no manga", "<Manga>No</Manga>", {"direction": "ltr"}),
    comic(
        "several addresses",
        f"<Web>https://anilist.co/manga/30002/Berserk https://mangadex.org/title/{_ID}/x,"
        "https://www.example.org/a?b=1,2 javascript:alert(1)</Web>",
        {
            "links": {
                "anilist": "30002",
                "mangadex": _ID,
                "example.org": "https://www.example.org/a?b=1,2",
            }
        },
    ),
    comic(
        "for adults", "<AgeRating>Adults Only 18+</AgeRating>", {"content_rating": "pornographic"}
    ),
    comic("for the grown-up", "<AgeRating>R18+</AgeRating>", {"content_rating": "erotica"}),
    comic("for older ones", "<AgeRating>Mature 17+</AgeRating>", {"content_rating": "suggestive"}),
    comic("a language with its place", "<LanguageISO>pt-BR</LanguageISO>", language="pt-br"),
    comic("a language of three letters", "<LanguageISO>jpn</LanguageISO>", language="ja"),
    comic("a language by its name", "<LanguageISO>English</LanguageISO>", language="en"),
    comic("a language that is none", "<LanguageISO>???</LanguageISO>"),
    comic("a special", "<Format>Special</Format>", special=True),
    # JSON
    mylar(
        "Mylar",
        {
            "type": "comicSeries",
            "name": "Salt Road",
            "comicid": 12345,
            "year": 2016,
            "booktype": "Print",
            "description_text": "Of salt.",
            "total_issues": 30,
            "status": "Ended",
            "age_rating": "15+",
            "publisher": "Tide",
            "ComicImage": "https://example.org/a.jpg",
        },
        {
            **called("Salt Road"),
            "summary": "Of salt.",
            "year": 2016,
            "status": "completed",
            "content_rating": "suggestive",
            "links": {"comicvine": "12345"},
            "last_chapter": "30",
        },
    ),
    mylar(
        "Mylar, going on",
        {
            "name": "Salt Road",
            "status": "Continuing",
            "total_issues": 5,
            "year": "2016",
            "description_text": None,
            "description_formatted": "Of salt.",
        },
        {**called("Salt Road"), "summary": "Of salt.", "year": 2016, "status": "ongoing"},
    ),
    mylar(
        "Mylar, of other types", {"name": ["Salt Road"], "year": {}, "status": 3, "comicid": True}
    ),
    mihon(
        "Mihon",
        {
            "title": "Salt Road",
            "author": "Mina Tide",
            "artist": "Ode Vale",
            "description": "Of salt.",
            "genre": ["Drama", "Slice of Life"],
            "status": "2",
            "_status values": ["0 = Unknown"],
        },
        {
            **called("Salt Road"),
            "summary": "Of salt.",
            **by(author="Mina Tide", artist="Ode Vale"),
            "genres": ["Drama", "Slice of Life"],
            "status": "completed",
        },
    ),
    mihon(
        "Mihon, by hand",
        {"title": " Salt Road ", "genre": "Drama, Sea", "status": 6, "author": ""},
        {**called("Salt Road"), "genres": ["Drama", "Sea"], "status": "hiatus"},
    ),
    mihon("Mihon, of a state that tells nothing", {"status": 3, "genre": [1, None]}),
    Case(
        "Mihon, with a mark in front",
        "details.json",
        b"\xef\xbb\xbf" + b'{"title": "Salt Road"}',
        called("Salt Road"),
    ),
]

# What a PDF names as its title and author.
PDFS: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    (
        "Salt Road, Vol. 3",
        "Mina Tide",
        {**by(author="Mina Tide"), **called("Salt Road")},
        {"series": "Salt Road", "volume": "3"},
    ),
    (
        "Salt Road",
        "Mina Tide, Ode Vale",
        {
            "people": [
                {"name": "Mina Tide", "role": "author"},
                {"name": "Ode Vale", "role": "author"},
            ],
            **called("Salt Road"),
        },
        {"series": "Salt Road"},
    ),
    ("Chapter 12: Rain", "", {}, {"number": "12", "title": "Rain"}),
    ("Microsoft Word - salt.doc", "Administrator", {}, {}),
    ("scan0001.pdf", "", {}, {}),
    ("Untitled-1", "Unknown", {}, {}),
]
