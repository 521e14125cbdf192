"""Specials stand beside a series' numbered books."""

import pytest

from library.names import parse, parse_path

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ("name", "series", "title"),
    [
        ("Lamp SP01.cbz", "Lamp", "SP01"),
        ("Lamp - Special.cbz", "Lamp", "Special"),
        ("Lamp - Special 2 - Rain.cbz", "Lamp", "Special 2 - Rain"),
        ("Lamp - Extra 3.cbz", "Lamp", "Extra 3"),
        ("Lamp Omake 3.cbz", "Lamp", "Omake 3"),
        ("Lamp Omake.cbz", "Lamp", "Omake"),
        ("Omake.cbz", None, "Omake"),
        ("Lamp-Omake.cbz", "Lamp", "Omake"),
        ("Lamp Art Collection.cbz", None, "Lamp Art Collection"),
        ("Lamp - Side Story.cbz", "Lamp", "Side Story"),
        ("[Moth] Special 1 SP02.zip", "Special 1", "SP02"),
        ("夜の灯台 番外編.zip", "夜の灯台", "番外編"),
    ],
)
def test_a_special_has_a_title_and_no_chapter(name: str, series: str | None, title: str) -> None:
    parsed = parse(name)
    assert parsed.special
    assert (parsed.series, parsed.chapter, parsed.title) == (series, None, title)


@pytest.mark.parametrize(
    "name",
    [
        "Special A v01.cbz",
        "Special A 012.cbz",
        "Special Lamp.cbz",
        "The Special Lamp.cbz",
        "Lamp c054 - Omake.cbz",
        "Lamp v11 (Ch.089-097+Omake).cbz",
        "Lamp Special Edition 012.cbz",
        "012.cbz",
        "[Moth] [English]",
    ],
)
def test_a_numbered_book_is_no_special(name: str) -> None:
    assert not parse(name).special


@pytest.mark.parametrize("folder", ["Specials", "Extras", "Omake", "Side Stories", "番外編"])
def test_a_folder_of_specials_makes_specials_of_its_books(folder: str) -> None:
    parsed = parse_path(f"Lamp/{folder}/Rain 3.cbz")
    assert parsed.special
    assert (parsed.series, parsed.chapter, parsed.title) == ("Lamp", None, "Rain 3")


def test_a_special_keeps_its_own_title_in_a_folder_of_specials() -> None:
    parsed = parse_path("Lamp 50/Specials/Lamp 50 SP01.cbz")
    assert (parsed.series, parsed.volume, parsed.title) == ("Lamp 50", None, "SP01")


def test_a_folder_of_images_among_specials_is_named_by_its_folder() -> None:
    assert parse_path("Lamp/Extras/Rain 3").title == "Rain 3"
