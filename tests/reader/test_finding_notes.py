"""Finding one's own notes."""

from typing import Any

import pytest

from kiremisu.accounts.models import User
from library.models import Access, Chapter, Library
from reader import notes
from tests.asking import Asker
from tests.factories import make_chapter, make_series

pytestmark = pytest.mark.quick


@pytest.fixture
def chapter(bob: User, private: Library) -> Chapter:
    chapter = make_chapter(make_series(private), "41")
    assert chapter.content is not None
    notes.write(bob, chapter.content, 3, "Same framing as the ferry.", ["harbour"])
    return chapter


def found(user: User, q: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = Asker(user).get("search", q=q)["notes"]
    return told


def test_a_note_is_found_by_its_words(bob: User, chapter: Chapter) -> None:
    (hit,) = found(bob, "FERRY same")
    assert hit["matched"] == {
        "kind": "text",
        "text": "Same framing as the ferry.",
        "marks": [[0, 4], [20, 25]],
    }
    assert (hit["note"]["page"], hit["note"]["chapter"]) == (3, str(chapter.pk))
    assert found(bob, "ferry nowhere") == []


def test_a_note_is_found_by_its_tags(bob: User, chapter: Chapter) -> None:
    (hit,) = found(bob, "harb")
    assert hit["matched"] == {"kind": "tag", "text": "harbour", "marks": [[0, 4]]}
    assert len(found(bob, "harbour ferry")) == 1


def test_of_a_long_note_the_words_around_are_told(bob: User, chapter: Chapter) -> None:
    assert chapter.content is not None
    notes.write(bob, chapter.content, 1, "before " * 500 + "lighthouse" + " after" * 500)
    (hit,) = found(bob, "lighthouse")
    told = hit["matched"]
    ((start, end),) = told["marks"]
    assert told["text"][start:end] == "lighthouse"
    assert told["text"].startswith("before")
    assert len(told["text"]) <= 240


@pytest.mark.parametrize("q", ["%", "_", "\\", "ferry%"])
def test_a_sign_is_looked_for_as_it_is(bob: User, chapter: Chapter, q: str) -> None:
    assert found(bob, q) == []


def test_others_do_not_find_it(alice: User, charlie: User, chapter: Chapter) -> None:
    assert found(alice, "ferry") == found(charlie, "ferry") == []


def test_a_note_in_what_one_may_no_longer_see_is_not_found(bob: User, chapter: Chapter) -> None:
    Access.objects.all().delete()
    assert found(bob, "ferry") == []
