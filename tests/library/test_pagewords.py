"""The words of pages, kept and asked for."""

import pytest

from library.pagewords import excerpt, joined, question, terms, words

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ("text", "q"),
    [
        ("The keeper’s LANTERN, lit.", "lantern"),
        ("The lanterns are lit", "lit lanter"),
        ("Café Ōkami", "okami cafe"),
        ("夜の図書館へ", "図書館"),
        ("夜の図書館へ", "図"),
        ("夜の図書館へ", "館"),
        ("ﾖﾙのトショカン", "としょかん"),
        ("10,000 years", "years 10"),
    ],
)
def test_a_word_is_found_in_whatever_way_it_is_written(text: str, q: str) -> None:
    kept = words(text)
    assert terms(q)
    assert all(any(term.means(word) for word in kept) for term in terms(q))


def test_characters_that_stand_elsewhere_are_no_word() -> None:
    kept = words("図 書館")
    assert not all(any(term.means(word) for word in kept) for term in terms("図書館"))


@pytest.mark.parametrize("q", ["", "a", "%", "'", "お", "... !"])
def test_next_to_nothing_asks_for_nothing(q: str) -> None:
    assert terms(q) == []


def test_a_question_asks_for_all_words_and_for_the_last_by_its_beginning() -> None:
    assert question(terms("The MAKER lant")) == "'the' & 'maker' & 'lant':*"


def test_an_excerpt_is_cut_before_a_word_and_marks_what_is_meant() -> None:
    text = "before " * 500 + "the Lántern. " + "after " * 500
    shown, marks = excerpt(text, terms("lantern"))
    assert shown.startswith("before")
    assert len(shown) <= 240
    assert [shown[start:end] for start, end in marks] == ["Lántern"]


def test_of_a_run_of_characters_the_whole_is_marked() -> None:
    shown, marks = excerpt("夜の図書館へ", terms("図書館"))
    assert [shown[start:end] for start, end in marks] == ["図書館"]


def test_only_where_a_script_sets_no_spaces_they_are_left_out() -> None:
    assert joined("図書 館の 夜。 次 one more") == "図書館の夜。次 one more"
