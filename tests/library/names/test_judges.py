"""The judges: names as they occur, and the generated library. Both skip where they are absent."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from bench.names import judge_cases, judge_manifest, lines

SHARED = Path(__file__).parents[3].parent / "shared"
CASES = SHARED / "names" / "cases.jsonl"
GENERATOR = SHARED / "corpus" / "make_library.py"


def share(score: tuple[int, int]) -> float:
    return score[0] / score[1]


@pytest.mark.skipif(not CASES.exists(), reason="no judge of names here")
def test_manga_and_doujin_names_are_read_as_readers_read_them() -> None:
    """Two lines are lost on purpose: an edition in braces is one, and "X - Special" is of X."""
    score = judge_cases(lines(CASES))
    for fact in ("volume", "chapter", "title"):
        assert share(score[f"bar {fact}"]) == 1
    assert share(score["bar series"]) > 0.98
    assert share(score["bar edition"]) >= 0.75


@pytest.mark.skipif(not CASES.exists(), reason="no judge of names here")
def test_names_of_comics_and_books_are_read_well_too() -> None:
    score = judge_cases(lines(CASES))
    assert all(share(score[f"beside {f}"]) >= 0.9 for f in ("series", "volume", "chapter", "title"))


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    if not GENERATOR.exists():
        pytest.skip("no generator of libraries here")
    spec = importlib.util.spec_from_file_location("make_library", GENERATOR)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", [1, 2, 77, 20_260_101])
def test_every_naming_style_of_a_generated_library_is_read(
    generator: ModuleType, seed: int
) -> None:
    options = {"seed": seed, "cbz_only": False, "chapters": 5, "pages": 8}
    books = [book for number in range(300) for book in generator.plan_series(number, options)]
    score = judge_manifest(books)
    assert {style: share(found) for style, found in score.items() if share(found) < 0.99} == {}
