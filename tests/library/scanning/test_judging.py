"""What a scan marks by itself, and what it asks about."""

import pytest

from library.scanning.judging import MANY, Verdict, Word, judge

FILES = [f"{number:03}.cbz" for number in range(300)]


def judged(gone: list[str], known: int, word: Word | None = None, **told: bool) -> Verdict:
    about = {"is_empty": False, "is_elsewhere": False} | told
    return judge(frozenset(gone), known, word or Word(), **about)


@pytest.mark.parametrize(
    ("gone", "known", "reason"),
    [
        (0, 0, ""),
        (0, 100, ""),
        (1, 2, ""),
        (2, 10, ""),
        (3, 10, "many"),
        (20, 100, ""),
        (21, 100, "many"),
        (MANY, 10_000, ""),
        (MANY + 1, 10_000, "many"),
    ],
)
def test_a_fifth_or_fifty_at_most_are_marked_without_a_word(
    gone: int, known: int, reason: str
) -> None:
    some = FILES[:gone]
    verdict = judged(some, known)
    assert verdict.reason == reason
    assert (verdict.hold if reason else verdict.mark) == set(some)
    assert not (verdict.mark if reason else verdict.hold)


def test_an_empty_folder_and_another_disk_are_asked_about_even_for_one_file() -> None:
    assert judged(FILES[:1], 1, is_empty=True).reason == "empty"
    assert judged(FILES[:1], 90, is_elsewhere=True).reason == "elsewhere"
    assert judged([], 90, is_elsewhere=True) == Verdict(frozenset(), frozenset())


def test_what_was_approved_is_marked_and_what_was_rejected_never() -> None:
    word = Word(approved=frozenset(FILES[:30]), rejected=frozenset(FILES[30:60]))
    assert judged(FILES[:60], 100, word) == Verdict(frozenset(FILES[:30]), frozenset())


def test_more_than_was_spoken_of_is_another_question() -> None:
    word = Word(approved=frozenset(FILES[:30]), rejected=frozenset(FILES[30:60]))
    verdict = judged(FILES[:90], 100, word)
    assert verdict == Verdict(frozenset(FILES[:30]), frozenset(FILES[60:90]), "many")
