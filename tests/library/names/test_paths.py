"""Paths: what the folders above a book add to its name."""

import unicodedata

import pytest

from library.names import parse_path, relative_to

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ("path", "series", "volume", "chapter"),
    [
        ("Lamp v01 c002.cbz", "Lamp", "1", "2"),
        ("Lamp/Lamp v01 c002 (2019).cbz", "Lamp", "1", "2"),
        ("Lamp/Vol. 01/Chapter 002 - Rain.cbz", "Lamp", "1", "2"),
        ("Lamp/Vol. 01/Chapter 002 - 100 Steps.cbz", "Lamp", "1", "2"),
        ("L/Lamp/Season 2/Lamp - Ch.012.cbz", "Lamp", "2", "12"),
        ("Lamp/012.cbz", "Lamp", None, "12"),
        ("Lamp/Chapter 7", "Lamp", None, "7"),
        ("Lamp/Chapter 10.5", "Lamp", None, "10.5"),
        ("Lamp/Chapter 10.5/001.jpg", "Lamp", None, "10.5"),
        ("Lamp/Vol. 2/ComicInfo.xml", "Lamp", "2", None),
        ("Lamp/Vol. 2 Chapter 5/1.cbz", "Lamp", "2", "5"),
        ("Lamp/Vol. 2/Chapter 5/1.cbz", "Lamp", "2", "5"),
        ("Lamp/Volumes/03.cbz", "Lamp", "3", None),
        ("Lamp/Chapters/03.cbz", "Lamp", None, "3"),
        ("Lamp/Volumes/Chapter 3.cbz", "Lamp", None, "3"),
        ("Lamp/English/012.cbz", "Lamp", None, "12"),
        ("Lamp/Manga/012.cbz", "Lamp", None, "12"),
        ("Manga/Lamp/012.cbz", "Lamp", None, "12"),
        ("Lamp v01-12 (2010)/Lamp v05.cbz", "Lamp", "5", None),
        ("Lamp v01-12/Lamp c005.cbz", "Lamp", None, "5"),
        ("Lamp/Arc 2 - The Sea/Chapter 5.cbz", "Lamp", None, "5"),
        ("Lamp/02 - The Sea/Chapter 5.cbz", "Lamp", None, "5"),
        ("X/012.cbz", "X", None, "12"),
        ("X/X v02.cbz", "X", "2", None),
        ("L/Lamp c001.cbz", "Lamp", None, "1"),
        ("Vol. 1/Chapter 2.cbz", None, "1", "2"),
        ("Lamp/./Chapter 2.cbz", "Lamp", None, "2"),
        ("Lamp", "Lamp", None, None),
        ("", None, None, None),
    ],
)
def test_folders_tell_what_a_name_leaves_out(
    path: str, series: str | None, volume: str | None, chapter: str | None
) -> None:
    parsed = parse_path(path)
    assert (parsed.series, parsed.volume, parsed.chapter) == (series, volume, chapter)


@pytest.mark.parametrize(
    ("path", "series", "chapter"),
    [
        ("7 Paper Lamps/7 Paper Lamps 3.cbz", "7 Paper Lamps", "3"),
        ("7 Paper Lamps/7 Paper Lamps.cbz", "7 Paper Lamps", None),
        ("Lamp 100/Lamp 100.cbz", "Lamp 100", None),
        ("Lamp 100/[Moth] Lamp 100 - 12.cbz", "Lamp 100", "12"),
        ("Lamp-Post No. 8/Lamp-Post No. 8.cbz", "Lamp-Post No. 8", None),
        ("Lamp: Part 2/Lamp - Part 2 012.cbz", "Lamp: Part 2", "12"),
        ("Lamp 100/Lamp 100 12 Rain.cbz", "Lamp 100", "12"),
        ("Lamp/Lamp 12 Rain.cbz", "Lamp", "12"),
        ("Lamp Road/Lamp (Road) 12.cbz", "Lamp Road", "12"),
    ],
)
def test_numbers_of_the_folders_title_count_no_chapter(
    path: str, series: str, chapter: str | None
) -> None:
    parsed = parse_path(path)
    assert (parsed.series, parsed.chapter) == (series, chapter)


@pytest.mark.parametrize(
    ("path", "series"),
    [
        ("Lamp/Lamp - New Oil 006.cbz", "Lamp - New Oil"),
        ("Drama/Lamp 006.cbz", "Lamp"),
        ("Paper Lamp/PL 006.cbz", "Paper Lamp"),
        ("Paper Lamp/Paper 006.cbz", "Paper Lamp"),
        ("Paper Lamp/The Big Oil Shortage.cbz", "Paper Lamp"),
        ("Doujin/[Mio (Rui)] Wet Lamp [English].cbz", "Wet Lamp"),
        ("Wet Lamp/[Mio] Wet Lamp [English].cbz", "Wet Lamp"),
        ("Paper Lamp/Moth SP01.cbz", "Paper Lamp"),
        ("Moth Art Collection.cbz", "Moth Art Collection"),
    ],
)
def test_the_series_comes_from_where_it_is_told_best(path: str, series: str) -> None:
    assert parse_path(path).series == series


def test_a_book_without_a_number_gets_its_name_as_title() -> None:
    assert parse_path("Paper Lamp/The Big Oil Shortage.cbz").title == "The Big Oil Shortage"


def test_a_title_that_only_repeats_the_series_is_none() -> None:
    assert parse_path("Wet Lamp/Wet Lamp.cbz").title is None


def test_year_group_language_and_edition_come_from_the_folders_too() -> None:
    parsed = parse_path("Lamp (2019) (Deluxe Edition) [en] [Moth]/012.cbz")
    facts = (parsed.year, parsed.edition, parsed.language, parsed.group)
    assert facts == ("2019", "Deluxe Edition", "en", "Moth")


def test_a_folder_may_be_a_language() -> None:
    assert parse_path("Lamp/French/012.cbz").language == "fr"


def test_a_decomposed_name_gives_a_composed_series() -> None:
    path = unicodedata.normalize("NFD", "Café Étoilée/Café Étoilée c001.cbz")
    parsed = parse_path(path)
    assert (parsed.series, parsed.chapter) == ("Café Étoilée", "1")


@pytest.mark.parametrize(
    ("path", "root", "below"),
    [
        ("/manga/Lamp/1.cbz", "/manga/", "Lamp/1.cbz"),
        ("/manga/Lamp/1.cbz", "/manga", "Lamp/1.cbz"),
        ("D:/Manga/Lamp/1.cbz", "C:/Books/", "Manga/Lamp/1.cbz"),
        ("/manga/Lamp/1.cbz", "", "manga/Lamp/1.cbz"),
    ],
)
def test_a_path_is_cut_at_its_root(path: str, root: str, below: str) -> None:
    assert relative_to(path, root) == below
