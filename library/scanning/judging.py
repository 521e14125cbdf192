"""Which of the files that are gone a scan marks, and which wait for a person's word. Pure.

A share that is not there, a half-copied folder or a broken disk look like files that somebody
deleted. So a scan marks by itself what is little, and asks about more.
"""

from collections.abc import Set as AbstractSet
from typing import NamedTuple

# More than so many files at once, or than this part of all, look like a loss; a single one never.
MANY, PART = 50, 0.2


class Verdict(NamedTuple):
    """Paths to `mark` as missing and to `hold`, and why (a Loss.Reason, "" where none is held)."""

    mark: AbstractSet[str]
    hold: AbstractSet[str]
    reason: str = ""


class Word(NamedTuple):
    """What people said of files that were gone: those that really are, and those that are not."""

    approved: AbstractSet[str] = frozenset()
    rejected: AbstractSet[str] = frozenset()


def judge(
    gone: AbstractSet[str], known: int, word: Word, *, is_empty: bool, is_elsewhere: bool
) -> Verdict:
    """`gone` of `known` files; `is_empty`: nothing at all is left; `is_elsewhere`: the folder lies
    on another file system than it did."""
    doubted = gone - word.approved - word.rejected
    reason = _reason(len(doubted), known, is_empty=is_empty, is_elsewhere=is_elsewhere)
    if reason:
        return Verdict(gone & word.approved, doubted, reason)
    return Verdict(gone - word.rejected, frozenset())


def _reason(doubted: int, known: int, *, is_empty: bool, is_elsewhere: bool) -> str:
    if not doubted:
        return ""
    if is_empty:
        return "empty"
    if is_elsewhere:
        return "elsewhere"
    return "many" if doubted > MANY or (doubted > 1 and doubted > known * PART) else ""
