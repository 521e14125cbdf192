"""Numbers become text as a reader writes them."""

import pytest

from library.names.numbers import canonical, kanji_number

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ("digits", "text"),
    [
        ("007", "7"),
        ("000", "0"),
        ("012.50", "12.50"),
        ("12.0", "12"),
        ("03.2019", "3"),
        ("½", "0.5"),
        ("０１２", "12"),
        ("١٢.٥", "12.5"),
        ("99999", "99999"),
        ("100000", None),
        ("1.00001", None),
        ("9" * 5000, None),
    ],
)
def test_digits_become_canonical_text(digits: str, text: str | None) -> None:
    assert canonical(digits) == text


@pytest.mark.parametrize(
    ("numerals", "text", "length"),
    [
        ("十二話", "12", 2),
        ("二十", "20", 2),
        ("百五", "105", 2),
        ("三〇", "30", 2),
        ("千", "1000", 1),
        ("話", None, 0),
        ("一二三四五六七八九", None, 9),
    ],
)
def test_kanji_numerals_are_read(numerals: str, text: str | None, length: int) -> None:
    assert kanji_number(numerals) == (text, length)
