"""Single names: each line is a habit people have, with a title of our own making."""

import pytest

from library.names import Parsed, parse

pytestmark = pytest.mark.quick

FACTS = ("series", "volume", "chapter", "title", "year", "group", "language", "edition")


def told(parsed: Parsed) -> dict[str, object]:
    """The facts that are not absent."""
    facts = {fact: getattr(parsed, fact) for fact in FACTS}
    return {fact: value for fact, value in facts.items() if value is not None}


def facts(series: str | None = None, **rest: str) -> dict[str, object]:
    return {"series": series, **rest} if series else dict(rest)


SPOKEN = [
    ("Lantern Road v03 c012.cbz", facts("Lantern Road", volume="3", chapter="12")),
    ("Lantern Road Vol. 3 Ch. 12.5.cbz", facts("Lantern Road", volume="3", chapter="12.5")),
    ("Lantern_Road_Vol_03_Ch_012.zip", facts("Lantern Road", volume="3", chapter="12")),
    ("lantern-road-vol-3-chapter-12.cbz", facts("lantern-road", volume="3", chapter="12")),
    ("Lantern.Road.v03.2019.Digital.cbz", facts("Lantern Road", volume="3")),
    ("Lantern Road #7 - Rain.cbz", facts("Lantern Road", chapter="7", title="Rain")),
    ("Lantern Road #-1.cbz", facts("Lantern Road", chapter="-1")),
    ("Lantern Road № 7.cbz", facts("Lantern Road", chapter="7")),
    ("Lantern Road Volume IV.cbz", facts("Lantern Road", volume="4")),
    ("Lantern Road Vol.TBD Ch. 40.cbz", facts("Lantern Road", chapter="40")),
    ("Lantern Road S02E05.cbz", facts("Lantern Road", volume="2", chapter="5")),
    ("Lantern Road v2c6.cbz", facts("Lantern Road", volume="2", chapter="6")),
    ("Lantern Road Season 2 Ep. 14.cbz", facts("Lantern Road", volume="2", chapter="14")),
    ("Lantern Road [Volume 11].cbz", facts("Lantern Road", volume="11")),
    ("Lantern Road v04 (Ch.031-039+Extra).cbz", facts("Lantern Road", volume="4", chapter="31-39")),
    ("Lantern Road c012-014x1.cbz", facts("Lantern Road", chapter="12-14")),
    ("Lantern Road ch. 12 - 5.cbz", facts("Lantern Road", chapter="12", title="5")),
    ("Lantern Road c1a-2b.cbz", facts("Lantern Road", chapter="1.1-2.2")),
    ("Lantern Road (2 of 5).cbz", facts("Lantern Road", chapter="2")),
    ("Lantern Road 04 (of 5).cbz", facts("Lantern Road", chapter="4")),
    ("Lantern Road - Lesson 12.cbz", facts("Lantern Road", chapter="12")),
    ("Lantern Road Part 2.cbz", facts("Lantern Road", chapter="2")),
    ("Lantern Road Part 2 v03.cbz", facts("Lantern Road Part 2", volume="3")),
    ("Chemin T03 - Pluie.cbz", facts("Chemin", volume="3", title="Pluie")),
    ("Chemin - Tome 3.cbz", facts("Chemin", volume="3")),
    ("Camino Capítulo 9.cbz", facts("Camino", chapter="9")),
    ("Фонарь Том 2 Глава 15.cbz", facts("Фонарь", volume="2", chapter="15")),
    ("Фонарь 2 Том 15 Глава.cbz", facts("Фонарь", volume="2", chapter="15")),
    ("Фонарь 2 Глава 15.cbz", facts("Фонарь 2", chapter="15")),
    ("Lantern Road 2nd Season 012.cbz", facts("Lantern Road", volume="2", chapter="12")),
    ("Lantern Road 2nd Rain 012.cbz", facts("Lantern Road 2nd Rain", chapter="12")),
    ("Lantern Road 2nd.cbz", facts("Lantern Road 2nd")),
    ("Lantern Road - S2 E05.cbz", facts("Lantern Road", volume="2", chapter="5")),
    ("Chapter 9.cbz", facts(chapter="9")),
    ("Ch. 9: What Rain Says.cbz", facts(chapter="9", title="What Rain Says")),
    ("Volume 3.cbz", facts(volume="3")),
]
EAST_ASIAN = [
    ("夜の灯台 第03巻.cbz", facts("夜の灯台", volume="3")),
    ("夜の灯台 第012話 雨.cbz", facts("夜の灯台", chapter="12", title="雨")),
    ("夜の灯台 第十二話.cbz", facts("夜の灯台", chapter="12")),
    ("夜の灯台 第百二十話 雨.cbz", facts("夜の灯台", chapter="120", title="雨")),
    ("夜の灯台 全5巻.zip", facts("夜の灯台", volume="1-5")),
    ("夜の灯台３.zip", facts("夜の灯台", chapter="3")),
    ("夜の灯台 第5.cbz", facts("夜の灯台", chapter="5")),
    ("夜の灯台 第1234567話.cbz", facts("夜の灯台 第1234567話")),
    ("夜の灯台 第十二.cbz", facts("夜の灯台 第十二")),
    ("灯塔卷2第25话.cbz", facts("灯塔", volume="2", chapter="25")),
    ("등대 3권.cbz", facts("등대", volume="3")),
    ("등대 13화.cbz", facts("등대", chapter="13")),
    ("등대 제3장.cbz", facts("등대", chapter="3")),
    ("등대 2년 후 4권.cbz", facts("등대 2년 후", volume="4")),
    ("ประภาคาร เล่ม 2 ตอนที่ 5.cbz", facts("ประภาคาร", volume="2", chapter="5")),
]
RANGES = [
    ("Lantern Road c010-012.cbz", facts("Lantern Road", chapter="10-12")),
    ("Lantern Road v01-v05.cbz", facts("Lantern Road", volume="1-5")),
    ("Lantern Road c000 - c006.cbz", facts("Lantern Road", chapter="0-6")),
    ("Lantern Road Ch. 10.5-12.cbz", facts("Lantern Road", chapter="10.5-12")),
    ("Lantern Road Ch. 10 - 12.cbz", facts("Lantern Road", chapter="10-12")),
    ("Lantern Road ch.10+11.cbz", facts("Lantern Road", chapter="10-11")),
    ("Lantern Road ch. 10 & 11.cbz", facts("Lantern Road", chapter="10-11")),
    ("Lantern Road Chapters 10 to 12.cbz", facts("Lantern Road", chapter="10-12")),
    ("Lantern Road Vol1-Ch5.cbz", facts("Lantern Road", volume="1", chapter="5")),
    ("Lantern Road 010-012.cbz", facts("Lantern Road", chapter="10-12")),
    ("Lantern Road 010 - 012.cbz", facts("Lantern Road", chapter="10-12")),
    ("Lantern Road, 024-005.cbz", facts("Lantern Road", chapter="24.005")),
    ("Lantern Road vol_12-1.cbz", facts("Lantern Road", volume="12")),
    ("Lantern Road c006x1.cbz", facts("Lantern Road", chapter="6")),
    ("Lantern Road ch. 12b.cbz", facts("Lantern Road", chapter="12.2")),
    ("Chapter 5 - 100 Steps.cbz", facts(chapter="5", title="100 Steps")),
    ("Lantern Road Vol 3 - 12.cbz", facts("Lantern Road", volume="3", chapter="12")),
    (
        "Lantern Road Ch.12 - 1, 2, Jump.cbz",
        facts("Lantern Road", chapter="12", title="1, 2, Jump"),
    ),
    ("Lantern Road c9-12th Night.cbz", facts("Lantern Road", chapter="9", title="12th Night")),
    ("Lantern Road c9-99999999.cbz", facts("Lantern Road", chapter="9", title="99999999")),
]
BARE = [
    ("Lantern Road 012.cbz", facts("Lantern Road", chapter="12")),
    ("Lantern Road - 012.5.cbz", facts("Lantern Road", chapter="12.5")),
    ("lantern-road-012.cbz", facts("lantern-road", chapter="12")),
    ("Lantern Road 027: Part 002: Chapter 001", facts(
        "Lantern Road", chapter="27", title="Part 002: Chapter 001")),
    ("Lantern Road 404: 00:30.cbz", facts("Lantern Road", chapter="404", title="00:30")),
    ("Lantern Road 012 Rain.cbz", facts("Lantern Road", chapter="12", title="Rain")),
    ("Lantern Road v01 002 - Rain.cbz", facts(
        "Lantern Road", volume="1", chapter="2", title="Rain")),
    ("Lantern Road 028.1 Vol. 2.cbz", facts("Lantern Road", volume="2", chapter="28.1")),
    ("012.cbz", facts(chapter="12")),
    ("2000.cbz", facts(chapter="2000")),
    ("12 - Rain.cbz", facts(chapter="12", title="Rain")),
    ("001. Rain.cbz", facts(chapter="1", title="Rain")),
    ("001 - Rain at 7.cbz", facts(chapter="1", title="Rain at 7")),
    ("The 3rd Night.cbz", facts(chapter="3")),
    ("The 3rd Prince.cbz", facts("The 3rd Prince")),
    ("Lantern Road 88 END.cbz", facts("Lantern Road", chapter="88")),
    ("The 3 Nights.cbz", facts("The 3 Nights")),
]  # fmt: skip
TITLES_WITH_NUMBERS = [
    ("7 Paper Lanterns.cbz", facts("7 Paper Lanterns")),
    ("7 Paper Lanterns 012.cbz", facts("7 Paper Lanterns", chapter="12")),
    ("7 Paper Lanterns c012.cbz", facts("7 Paper Lanterns", chapter="12")),
    ("Lantern 100 v02.cbz", facts("Lantern 100", volume="2")),
    ("Lantern 51 - 12.cbz", facts("Lantern 51", chapter="12")),
    ("Lantern 14 1 - The Rain of 14.cbz", facts("Lantern 14", chapter="1", title="The Rain of 14")),
    ("21st Lantern 012.cbz", facts("21st Lantern", chapter="12")),
    ("Lantern No. 8 036.cbz", facts("Lantern No. 8", chapter="36")),
    ("No. 9 v03.cbz", facts("No. 9", volume="3")),
    ("Blue-Lamp No. 42 - 012.5 [v2].zip", facts("Blue-Lamp No. 42", chapter="12.5")),
    ("07-Lamp 012.cbz", facts("07-Lamp", chapter="12")),
    ("Lamp-88 v01.cbz", facts("Lamp-88", volume="1")),
    ("Lamp-88 Story 3.cbz", facts("Lamp-88 Story", chapter="3")),
    ("Lamp '89.cbz", facts("Lamp '89")),
    ("Lamp Day 2021 (2021).cbz", facts("Lamp Day 2021", year="2021")),
    ("Lantern No. 8 - Ch 61.cbz", facts("Lantern No. 8", chapter="61")),
    ("Lantern No. 8 - 61.cbz", facts("Lantern No. 8", chapter="61")),
    ("Lantern 100 695.7 Vol. 2.cbz", facts("Lantern 100", volume="2", chapter="695.7")),
    ("Lamp 2.5 Metres v01.cbz", facts("Lamp 2.5 Metres", volume="1")),
    ("Lamp War V 003.cbz", facts("Lamp War V", chapter="3")),
    ("The Long Night 12.cbz", facts("The Long Night", chapter="12")),
    ("Book of Lamps v01.cbz", facts("Book of Lamps", volume="1")),
    ("Volume 2nd Lamp.cbz", facts("Volume 2nd Lamp")),
    ("Lamp, 2021-08-04 (#02).cbz", facts("Lamp", chapter="2")),
    ("Lamp 12,5.cbz", facts("Lamp 12,5")),
    ("Lamp 123456789.cbz", facts("Lamp 123456789")),
    ("Lamp Ep. - 3.cbz", facts("Lamp Ep.", chapter="3")),
    (".lamp v01.cbz", facts(".lamp", volume="1")),
    ("+Lamp & Oil+ v02.cbz", facts("+Lamp & Oil+", volume="2")),
    ("A.Lamp-man 012.cbz", facts("A.Lamp-man", chapter="12")),
]
BRACKETS = [
    ("Lamp v01 (2019) (Digital) (Moth-Empire).cbz", facts(
        "Lamp", volume="1", year="2019", group="Moth-Empire")),
    ("[Moth Scans] Lamp - Vol.03 Ch.012 - Rain (en).zip", facts(
        "Lamp", volume="3", chapter="12", title="Rain", group="Moth Scans", language="en")),
    ("[Mio] Lamp c07 [Moth].zip", facts("Lamp", chapter="7", group="Moth")),
    ("Lamp c07 (Moth) {r2}.zip", facts("Lamp", chapter="7", group="Moth")),
    ("Lamp c07 - Moth Scans.zip", facts("Lamp", chapter="7", group="Moth Scans")),
    ("Lamp (2016-2019) (Digital) (Moth)", facts("Lamp", year="2016", group="Moth")),
    ("Lamp #1 (March 2016)", facts("Lamp", chapter="1", year="2016")),
    ("Lamp 12 [1984-04-28] (Moth)", facts("Lamp", chapter="12", year="1984", group="Moth")),
    ("Lamp 12 [01-1984-300] (4 covers)", facts("Lamp", chapter="12", group="01-1984-300")),
    ("Lamp [Under 12] Vol. 1", facts("Lamp", volume="1", group="Under 12")),
    ("(Fair 9) [Mio (Rui)] Wet Lamp (Old Tale) [Moth] [English]", facts(
        "Wet Lamp", title="Wet Lamp", group="Moth", language="en")),
    ("[Mio] Wet Lamp [Fr,Textless]", facts("Wet Lamp", title="Wet Lamp", language="fr")),
    ("[Mio] Wet Lamp [the en of it]", facts("Wet Lamp", title="Wet Lamp", group="the en of it")),
    ("[Mio] Wet Lamp [not in English at all]", facts(
        "Wet Lamp", title="Wet Lamp", group="not in English at all")),
    ("[  Mio  ]   Wet Lamp   [  English  ]", facts("Wet Lamp", title="Wet Lamp", language="en")),
    ("[Mio]  [English]", facts(language="en")),
    ("(C99) [Circle (Mio)] Wet Lamp 2 (Old Tale) [DL版].zip", facts(
        "Wet Lamp", chapter="2", group="Circle (Mio)")),
    ("(C99) Lamp.zip", facts("Lamp", chapter="99")),
    ("[Moth] Lamp - 005 [1A2B3C4D].cbz", facts("Lamp", chapter="5", group="Moth")),
    ("Lamp c9 - The Jar (3).cbz", facts("Lamp", chapter="9", title="The Jar (3)")),
    ("Lamp 001 (2000) Rain (TPB).cbz", facts("Lamp", chapter="1", year="2000", title="Rain")),
    ("Lamp #2__repaired__c2c.cbz", facts("Lamp", chapter="2")),
    ("Lamp 001 (2006) (digital (Moth-Empire).cbz", facts(
        "Lamp", chapter="1", year="2006", group="Moth-Empire")),
    ("Lamp c0 (S2 LE Omake - RAIN) [Moth].cbz", facts("Lamp", chapter="0", group="Moth")),
    ("Lamp 5 (#rain).cbz", facts("Lamp", chapter="5")),
    ("Lamp 5 (?!) ().cbz", facts("Lamp", chapter="5")),
    ("Lamp c5 ) rain.cbz", facts("Lamp", chapter="5", title=") rain")),
]  # fmt: skip
EDITIONS = [
    ("Lamp Omnibus v05.cbz", facts("Lamp", volume="5", edition="Omnibus")),
    ("Lamp Omnibus", facts("Lamp", edition="Omnibus")),
    ("Omnibus v05.cbz", facts("Omnibus", volume="5")),
    ("Lamp v01 Uncensored (Ch.001-007)", facts(
        "Lamp", volume="1", chapter="1-7", edition="Uncensored")),
    ("Lamp v01 Deluxe Edition.cbz", facts("Lamp", volume="1", edition="Deluxe Edition")),
    ("Lamp - Full Color Edition v02.cbz", facts(
        "Lamp - Full Color Edition", volume="2", edition="Full Color Edition")),
    ("Lamp {Special Edition} v03.cbz", facts("Lamp", volume="3", edition="Special Edition")),
    ("Lamp Rain Edition v02.cbz", facts("Lamp Rain Edition", volume="2")),
]  # fmt: skip
VERSIONS = [
    ("Lamp 012v2.cbz", facts("Lamp", chapter="12")),
    ("Lamp c012 v2 [Moth].cbz", facts("Lamp", chapter="12", group="Moth")),
    ("Lamp Chapter51v2.cbz", facts("Lamp", chapter="51")),
    ("Lamp Ver002 028.cbz", facts("Lamp", chapter="28")),
    ("Lamp v1.1.cbz", facts("Lamp", volume="1.1")),
    ("Lamp v01 (v2).cbz", facts("Lamp", volume="1")),
    ("Lamp c01 (v02).cbz", facts("Lamp", volume="2", chapter="1")),
]
ODD = [
    ("", {}),
    ("...", {}),
    ("()", {}),
    (".cbz", facts("cbz")),
    ("v.cbz", facts("v")),
    ("vol.cbz", facts("vol")),
    ("#.cbz", {}),
    ("# 5.cbz", facts(chapter="5")),
    ("Lamp #.cbz", facts("Lamp")),
    ("Lamp vol. x.cbz", facts("Lamp vol. x")),
    ("Lamp ½.cbz", facts("Lamp", chapter="0.5")),
    ("Lamp c\u0663.cbz", facts("Lamp", chapter="3")),
    ("Lamp v" + "1" * 240 + ".cbz", facts("Lamp v" + "1" * 240)),
    ("La\x1bmp c5.cbz", facts("Lamp", chapter="5")),
    ("La\x00mp v5.cbz", facts("Lamp", volume="5")),
]


@pytest.mark.parametrize(
    ("name", "expected"),
    SPOKEN
    + EAST_ASIAN
    + RANGES
    + BARE
    + TITLES_WITH_NUMBERS
    + BRACKETS
    + EDITIONS
    + VERSIONS
    + ODD,
)
def test_a_name_tells_what_a_reader_reads_in_it(name: str, expected: dict[str, object]) -> None:
    assert told(parse(name)) == expected
