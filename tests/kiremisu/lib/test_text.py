"""Text as it is stored, compared and sorted."""

import pytest

from kiremisu.lib.text import clean, fold, natural_key, words

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("  Salt Road  ", "Salt Road"),
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("lone \ud83d surrogate", "lone  surrogate"),
        ("Cafe\u0301", "Café"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
    ],
)
def test_stored_text_is_clean(raw: str, stored: str) -> None:
    assert clean(raw) == stored


def test_stored_text_keeps_to_its_limit() -> None:
    assert clean("abc def", 4) == "abc"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Salt Road!", "salt - road"),
        ("Ｓａｌｔ Road", "Salt Road"),
        ("Über_Mañana", "über mañana"),
        ("Cafe\u0301", "CAFÉ"),
    ],
)
def test_titles_that_read_the_same_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_titles_that_differ_in_a_letter_fold_apart() -> None:
    assert fold("Salt Road") != fold("Salt Roads")


def test_of_the_words_of_a_text_the_first_are_meant_each_once() -> None:
    assert words("Salt  Road, SALT") == ["salt", "road"]
    assert len(words("\ufdfa" * 190)) < 10
    assert words(" ".join(map(str, range(1000)))) == [str(number) for number in range(10)]


def test_pages_sort_as_people_count() -> None:
    names = ["10.jpg", "2.jpg", "1.jpg", "b/1.jpg", "a10/1.jpg", "a2/1.jpg"]
    assert sorted(names, key=natural_key) == [
        "1.jpg",
        "2.jpg",
        "10.jpg",
        "a2/1.jpg",
        "a10/1.jpg",
        "b/1.jpg",
    ]


def test_odd_digits_do_not_stop_the_sorting() -> None:
    assert sorted(["²", "٣", "1"], key=natural_key)


def test_a_number_as_long_as_a_name_may_be_sorts() -> None:
    long = "9" * 60_000
    assert natural_key("2") < natural_key(long)
    assert natural_key(f"{long}.jpg") < natural_key(f"{long}.png")
