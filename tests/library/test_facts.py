"""What sources tell of a series, made fit to keep."""

from typing import Any, get_args

import pytest
from pydantic import ValidationError

from kiremisu.accounts.ratings import Rating
from library import facts
from library.facts import Cover, Credit, Named, Patch, TitleKind, titled
from library.models import labels

pytestmark = pytest.mark.quick


def test_a_patch_says_nothing_of_what_is_not_named() -> None:
    assert Patch(year=1999).model_dump(exclude_none=True) == {"year": 1999}


def test_that_there_are_none_is_something_said() -> None:
    assert Patch(tags=[]).model_dump(exclude_none=True) == {"tags": []}


def test_a_patch_goes_through_json_and_back() -> None:
    patch = Patch(
        titles=titled("Salt Road", [("塩の道", "ja")], "en"),
        people=[Credit(name="Mori Aki", role="author")],
        content_rating="safe",
        links={"mangadex": "a1"},
        covers=[Cover(url="https://example.org/1.jpg", volume="1")],
    )
    assert Patch.model_validate_json(patch.model_dump_json(exclude_none=True)) == patch


def test_an_older_version_reads_what_a_newer_one_wrote() -> None:
    assert Patch.model_validate({"year": 1999, "mood": "wistful"}) == Patch(year=1999)


def test_titles_are_made_fit_to_store() -> None:
    assert Named(text="  Cafe\u0301\x00 ").text == "Café"
    assert Named(text="x").kind is TitleKind.ALTERNATIVE


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({"summary": "s" * 5001}, {"summary": "s" * 5000}),
        ({"tags": ["t" * 65]}, {"tags": ["t" * 64]}),
        ({"tags": ["Sci-Fi", "SCI FI", " ", "☆"]}, {"tags": ["Sci-Fi", "☆"]}),
        ({"genres": [f"g{n}" for n in range(21)]}, {"genres": [f"g{n}" for n in range(20)]}),
        ({"tags": [f"t{n}" for n in range(101)]}, {"tags": [f"t{n}" for n in range(100)]}),
        ({"links": {"mal": "", "al": "1"}}, {"links": {"al": "1"}}),
        ({"last_chapter": " 12.5 "}, {"last_chapter": "12.5"}),
    ],
)
def test_what_is_too_long_is_cut(told: dict[str, Any], kept: dict[str, Any]) -> None:
    assert Patch(**told).model_dump(exclude_none=True) == kept


def test_titles_and_names_are_cut_at_their_limits() -> None:
    assert len(Named(text="t" * 501).text) == 500
    assert len(Credit(name="n" * 256, role="artist").name) == 255


@pytest.mark.parametrize(
    "told",
    [
        {"status": "finished"},
        {"year": 0},
        {"year": 10_000},
        {"demographic": "kodomo"},
        {"content_rating": "mild"},
        {"language": "x" * 21},
        {"direction": "up"},
        {"titles": [{"text": " "}]},
        {"links": {"mal": 3}},
        {"tags": [3]},
        {"tags": "salt"},
        {"people": [{"name": "Mori Aki", "role": "cook"}]},
    ],
)
def test_what_is_no_such_fact_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Patch.model_validate(told)


def test_the_words_are_those_of_the_shelves() -> None:
    assert get_args(facts.Role.__value__) == tuple(labels.Credit.Role.values)
    assert get_args(facts.ContentRating.__value__) == tuple(Rating.values)
    assert Patch(content_rating=Rating.EROTICA).content_rating == "erotica"


def test_the_limits_are_those_of_the_shelves() -> None:
    mine = (facts.GENRES, facts.TAGS, facts.PEOPLE, facts.LABEL, facts.NAME)
    assert mine == (labels.GENRES, labels.TAGS, labels.PEOPLE, labels.TAG, labels.PERSON)
