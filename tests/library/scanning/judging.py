"""Comparing a scanned library with the ground truth of the one who made it."""

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from library.models import Chapter, Library

FIELDS = ("series", "volume", "chapter")


class Verdict(NamedTuple):
    """Counts of files: by naming style how many there are and how many are right in each."""

    asked: Counter[str]
    right: Counter[tuple[str, str]]
    lost: list[str]
    wrong_pages: list[str]
    wrong: list[str]

    def share(self, field: str) -> float:
        found = sum(count for (_, of), count in self.right.items() if of == field)
        return found / self.asked.total()

    def table(self) -> str:
        lines = [f"{'style':<12}{'files':>6}" + "".join(f"{field:>10}" for field in FIELDS)]
        for style, asked in sorted(self.asked.items()):
            shares = (self.right[style, field] / asked for field in FIELDS)
            lines.append(f"{style:<12}{asked:>6}" + "".join(f"{share:>9.1%} " for share in shares))
        total = "".join(f"{self.share(field):>9.1%} " for field in FIELDS)
        return "\n".join([*lines, f"{'all':<12}{self.asked.total():>6}{total}"])


def judge(library: Library, manifest: Path) -> Verdict:
    """Every book of the manifest against the chapter at its path."""
    found = {
        chapter.path: chapter
        for chapter in Chapter.objects.filter(library=library).select_related("series")
    }
    verdict = Verdict(Counter(), Counter(), [], [], [])
    for book in map(json.loads, manifest.read_text(encoding="utf-8").splitlines()):
        verdict.asked[book["style"]] += 1
        chapter = found.get(book["path"])
        if chapter is None:
            verdict.lost.append(book["path"])
            continue
        if chapter.page_count != book["pages"]:
            verdict.wrong_pages.append(book["path"])
        for field, is_right in _compared(chapter, book):
            verdict.right[book["style"], field] += is_right
            if not is_right:
                verdict.wrong.append(f"{field} of {book['path']}")
    return verdict


def _compared(chapter: Chapter, book: dict[str, Any]) -> Iterable[tuple[str, bool]]:
    yield "series", _words(chapter.series.title) == _words(book["series"])
    yield "volume", chapter.volume == (book["volume"] or "")
    yield "chapter", chapter.number == (book["chapter"] or "")


def _words(text: str) -> list[str]:
    text = unicodedata.normalize("NFC", text).casefold()
    return "".join(letter if letter.isalnum() else " " for letter in text).split()
