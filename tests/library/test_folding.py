"""Titles as one looks for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.folding import MOST_WORDS, alike, folded, forgiven, near, script_of, shortened, tokens

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Salt Road Diary", "salt road diary"),
        ("SALT-ROAD: diary!", "salt road diary"),
        ("ＳＡＬＴ　Ｒｏａｄ", "salt road"),
        ("Café Élan", "cafe elan"),
        ("Cafe\u0301 E\u0301lan", "cafe elan"),
        ("Don't Stop, Rika’s Bus", "dont stop rikas bus"),
        ("Æther Straße Łódź", "aether strasse lodz"),
        ("Shōnen no Sekai", "shonen no sekai"),
        ("Shounen no Sekai", "shonen no sekai"),
        ("しょうねんのせかい", "shonennosekai"),
        ("コーヒー", "kohi"),
        ("ｺｰﾋｰ ｶﾞｲﾄﾞ", "kohi gaido"),
        ("まっちゃ", "matcha"),
        ("ジャズ・ファン", "jazu fan"),
        ("ティーシェチェ", "tisheche"),
        ("キャッッ", "kya"),
        ("ー", ""),
        ("夜空のカフェ", "夜 空 no kafe"),
        ("シンブン shimbun", "shinbun shinbun"),
        ("달빛 도서관", "dalbit doseogwan"),
        ("ТИХИЙ Дом", "тихии дом"),
        ("_snake_case_", "snake case"),
        ("❤️ ... !", ""),
        ("", ""),
    ],
)
def test_titles_fold_to_what_one_types(title: str, expected: str) -> None:
    assert folded(title) == expected


def test_each_word_knows_where_it_stands() -> None:
    text = "The Ｓalt, 夜空"
    assert [text[each.start : each.end] for each in tokens(text)] == ["The", "Ｓalt", "夜", "空"]


def test_only_so_many_words_are_looked_at() -> None:
    assert len(tokens("夜" * 10_000)) == MOST_WORDS


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("夜のカフェ", "kana"),
        ("夜空", "han"),
        ("달빛", "hangul"),
        ("Дом", "cyrillic"),
        ("Salt", "latin"),
        ("12", ""),
    ],
)
def test_the_script_of_a_title_is_known(text: str, script: str) -> None:
    assert script_of(text) == script


@pytest.mark.parametrize(
    ("one", "other", "wrong"),
    [
        ("lantern", "lantern", 0),
        ("lantern", "lanetrn", 1),
        ("lantern", "lantrn", 1),
        ("lantern", "lxntexn", 2),
        ("lantern", "lxntexx", None),
        ("abc", "abcdef", None),
        ("fox", "xyz", None),
    ],
)
def test_letters_that_are_wrong_are_counted(one: str, other: str, wrong: int | None) -> None:
    assert near(one, other, 2) == wrong


def test_short_words_and_characters_are_forgiven_nothing() -> None:
    assert [forgiven(word) for word in ("no", "夜", "fox", "lantern")] == [0, 0, 1, 2]


@given(st.text("abcde", min_size=6, max_size=12), st.data())
def test_words_a_letter_apart_have_a_piece_in_common(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    other = data.draw(
        st.sampled_from(
            [
                word[:at] + "x" + word[at + 1 :],
                word[:at] + word[at + 1 :],
                word[:at] + "x" + word[at:],
                word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
            ]
        )
    )
    assert set(shortened(word)) & set(shortened(other))


@given(st.text())
def test_any_text_folds_to_what_stays_as_it_is(text: str) -> None:
    assert len(folded(text)) <= 41 * MOST_WORDS
    assert all(0 <= each.start < each.end <= len(text) for each in tokens(text))


def test_likeness_counts_groups_of_three_letters() -> None:
    assert alike("salt road", "road salt") == 1
    assert alike("salt", "pepper") == 0
    assert 0.3 < alike("lighthouse keeper", "light house keeper") < 1
