"""The small MangaDex of the tests answers as the real one is described to."""

from typing import Any

import pytest
import requests

from tests.upstream import Chapter, Manga, Upstream
from tests.upstream.judging import OFFICIAL, Judge

pytestmark = pytest.mark.quick

EVERYTHING = ["manga", "cover_art", "author", "artist", "tag", "scanlation_group"]


def ask(upstream: Upstream, path: str, **query: Any) -> requests.Response:
    named = {name.replace("__", "[") + "]" if "__" in name else name: query[name] for name in query}
    return requests.get(upstream.url + path, params=named, timeout=60)


def fill(upstream: Upstream) -> Manga:
    first = upstream.catalogue.add("Salt Road Diary", chapters=7, covers=3, tags=["!Drama"])
    upstream.catalogue.add(
        "Paper Comet",
        also={"ja": "紙の彗星", "ja-ro": ["Kami no Suisei", "Kami Suisei"]},
        authors=["Ogawa Rin"],
        year=2016,
        related=[("prequel", first)],
        chapters=[
            Chapter("019a4c1e-8f3b-7d20-9c55-3e1f60a7b842", None, external="https://a.example/1")
        ],
    )
    return first


@pytest.mark.skipif(not OFFICIAL.exists(), reason="the official description is not here")
def test_its_answers_are_as_the_official_description_says(upstream: Upstream) -> None:
    key, judge = fill(upstream).id, Judge()
    asked = {
        "/manga": ask(upstream, "/manga", title="comet", includes__=EVERYTHING),
        "/manga/{id}": ask(upstream, f"/manga/{key}", includes__=EVERYTHING),
        "/manga/{id}/feed": ask(upstream, f"/manga/{key}/feed", includes__=EVERYTHING),
        "/manga/{id}/aggregate": ask(upstream, f"/manga/{key}/aggregate"),
        "/cover": ask(upstream, "/cover", manga__=[key]),
        "/statistics/manga": ask(upstream, "/statistics/manga", manga__=[key]),
        "/manga/tag": ask(upstream, "/manga/tag"),
    }
    assert {path: list(judge.faults(path, told.json())) for path, told in asked.items()} == {
        path: [] for path in asked
    }
    missing = ask(upstream, "/manga/019a4c1e-8f3b-7d20-9c55-3e1f60a7b842")
    assert not list(judge.faults("/manga/{id}", missing.json(), 404))


def test_it_finds_titles_in_every_language_the_best_first(upstream: Upstream) -> None:
    fill(upstream)
    upstream.catalogue.add("Kami no Suisei Gaiden")
    told = ask(upstream, "/manga", title="Kami no Suisei").json()["data"]
    assert [each["attributes"]["title"]["en"] for each in told] == [
        "Paper Comet",
        "Kami no Suisei Gaiden",
    ]


def test_it_pages_through_a_feed(upstream: Upstream) -> None:
    key = fill(upstream).id
    told = ask(upstream, f"/manga/{key}/feed", limit=3, offset=6).json()
    assert [each["attributes"]["chapter"] for each in told["data"]] == ["7"]
    assert (told["limit"], told["offset"], told["total"]) == (3, 6, 7)


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/manga", {"limit": 101}, 400),
        ("/manga", {"limit": 100, "offset": 9_950}, 400),
        ("/manga/none", {}, 400),
        ("/manga/019a4c1e-8f3b-7d20-9c55-3e1f60a7b842", {}, 404),
        ("/elsewhere", {}, 404),
    ],
)
def test_it_refuses_what_the_real_one_refuses(
    upstream: Upstream, path: str, query: dict[str, Any], status: int
) -> None:
    told = ask(upstream, path, **query)
    assert (told.status_code, told.json()["result"]) == (status, "error")


def test_it_counts_what_comes_within_a_second(upstream: Upstream) -> None:
    for _ in range(5):
        ask(upstream, "/manga")
    assert len(upstream.asked) == 5
    assert upstream.busiest(seconds=60) == 5


def test_it_goes_wrong_on_demand_and_then_no_more(upstream: Upstream) -> None:
    upstream.faults.throttle(headers={"Retry-After": "7"}, path="/manga")
    upstream.faults.reset(path="/cover")
    told = ask(upstream, "/manga")
    assert (told.status_code, told.headers["Retry-After"]) == (429, "7")
    with pytest.raises(requests.ConnectionError):
        ask(upstream, "/cover")
    assert ask(upstream, "/manga").status_code == 200


def test_covers_are_pictures(upstream: Upstream) -> None:
    manga = fill(upstream)
    (file, *_) = manga.covers
    told = ask(upstream, f"/covers/{manga.id}/{file}.512.jpg")
    assert told.headers["Content-Type"] == "image/jpeg"
    assert told.content.startswith(b"\xff\xd8\xff")
