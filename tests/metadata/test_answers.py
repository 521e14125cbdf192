"""Answers of MangaDex that make no sense, or mean no good: read without a fault, stored clean."""

import json
from typing import Any

import pytest

from kiremisu.lib.errors import UpstreamFailed
from metadata.providers.mangadex import MangaDex, answers, reading
from metadata.providers.mangadex.languages import ours, theirs
from tests.upstream import Upstream
from tests.upstream.judging import OFFICIAL

pytestmark = pytest.mark.quick

SAMPLES = OFFICIAL.parent / "samples"
KEY = "00000000-0000-4000-8000-000000000001"


def told(attributes: Any, around: Any = ()) -> bytes:
    row = {"id": KEY, "type": "manga", "attributes": attributes, "relationships": around}
    return json.dumps({"result": "ok", "data": [row]}).encode()


# ---------------------------------------------------------------- 104: no sense at all


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html><title>Just a moment...</title>",
        b'{"result":"ok","data":[{"id":"7f30',
        b"[" * 200_000 + b"]" * 200_000,
        b'{"result":"ok","total":' + b"9" * 100_000 + b',"data":[]}',
        b"",
        b"\xff\xfe\x00",
    ],
    ids=["html", "cut", "deep", "a large number", "nothing", "no text"],
)
@pytest.mark.django_db
def test_what_is_not_understood_is_said_to_be_so(
    upstream: Upstream, mangadex: MangaDex, body: bytes
) -> None:
    upstream.faults.say(200, body)
    with pytest.raises(UpstreamFailed) as refused:
        mangadex.search("salt")
    assert refused.value.code == "upstream_garbled"
    assert mangadex.search("salt").entries == []


@pytest.mark.parametrize(
    "body",
    [
        b'{"result":"ok","data":[],"total":NaN,"limit":Infinity}',
        b"[]",
        b"7",
        b'{"data":{}}',
        b'{"data":[null,7,{"id":null},{"id":"../../x","attributes":[]}]}',
    ],
)
@pytest.mark.django_db
def test_what_is_no_title_is_left_out(upstream: Upstream, mangadex: MangaDex, body: bytes) -> None:
    upstream.faults.say(200, body)
    assert mangadex.search("salt").entries == []


@pytest.mark.parametrize(
    "wrong", [None, 5, "x", True, [], {}, [None, 7, "x", [], {}], {"en": None}]
)
@pytest.mark.django_db
def test_a_fact_of_a_wrong_kind_is_as_if_not_said(
    upstream: Upstream, mangadex: MangaDex, wrong: Any
) -> None:
    names = [field.alias for field in answers.MangaAttributes.model_fields.values()]
    around = [{"id": KEY, "type": "cover_art", "attributes": wrong}, wrong]
    upstream.faults.say(
        200, told({"title": {"en": "Salt"}} | dict.fromkeys(names[1:], wrong), around)
    )
    (entry,) = mangadex.search("salt").entries
    assert entry.patch.titles
    assert entry.patch.status is None
    upstream.faults.say(200, told(wrong, wrong))
    assert len(mangadex.search("road").entries) == 1


# ---------------------------------------------------------------- 108: no good


@pytest.mark.django_db
def test_hostile_text_is_made_fit_and_bounded(upstream: Upstream, mangadex: MangaDex) -> None:
    body = told(
        {
            "title": {"en": "T" * (2 << 20)},
            "altTitles": [{"en": "a\x00b\x1bc"}, {"ja": "\x00"}],
            "description": {"en": "<script>alert(1)</script> MARK end"},
            "links": {"raw": "javascript:alert(1)", "engtl": "data:text/html,x", "al": "3"},
            "tags": [{"id": KEY, "attributes": {"name": {"en": "x" * 900}, "group": "theme"}}],
        },
        [
            {"id": KEY, "type": "author", "attributes": {"name": "A\u202e\x07n" + "n" * 999}},
            {"id": KEY, "type": "cover_art", "attributes": {"fileName": "../../../etc/passwd"}},
        ],
    )
    upstream.faults.say(200, body.replace(b"MARK", rb"\ud800"))
    (entry,) = mangadex.search("salt").entries
    patch = entry.patch
    assert [each.text for each in patch.titles or []] == ["T" * 500, "abc"]
    assert patch.summary == "<script>alert(1)</script>  end"
    assert patch.links == {"anilist": "3", "mangadex": KEY}
    assert (patch.covers, [len(each) for each in patch.tags or []]) == ([], [64])
    (person,) = patch.people or []
    assert len(person.name) == 255
    assert "\x07" not in person.name


# ------------------------------------------------------------------ recorded answers


def recorded(name: str) -> Any:
    file = SAMPLES / name
    if not file.exists():
        pytest.skip("recorded answers are not here")
    return json.loads(file.read_text())


def entries_of(name: str) -> list[tuple[Any, Any]]:
    whole = recorded(name)
    rows = whole["data"] if isinstance(whole["data"], list) else [whole["data"]]
    return list(zip(rows, answers.each(answers.Manga, rows), strict=True))


@pytest.mark.parametrize(
    "name", ["manga.json", "manga_list.json", "manga_search_2026_trimmed.json"]
)
def test_recorded_titles_are_read_without_a_loss(name: str) -> None:
    for row, said in entries_of(name):
        patch, given = reading.entry(said, None).patch, row["attributes"]  # type: ignore[arg-type] # no matter when
        every = [given["title"], *given.get("altTitles", [])]
        texts = {text.strip() for each in every for text in each.values()}
        assert texts <= {each.text for each in patch.titles or []}
        assert {each.language for each in patch.titles or []} <= {ours(k) for e in every for k in e}
        assert patch.status == given.get("status")
        assert patch.year == given.get("year")
        assert patch.demographic == given.get("publicationDemographic")
        assert patch.content_rating == given.get("contentRating")
        assert patch.last_chapter == (given.get("lastChapter") or None)
        assert patch.last_volume == (given.get("lastVolume") or None)
        names = {next(iter(tag["attributes"]["name"].values())) for tag in given.get("tags", [])}
        assert {*(patch.tags or []), *(patch.genres or [])} == names
        assert len(patch.links or {}) == 1 + sum(map(bool, (given.get("links") or {}).values()))
        assert bool(patch.summary) == bool(given.get("description"))
        people = [
            r
            for r in row["relationships"]
            if r["type"] in {"author", "artist"} and "attributes" in r
        ]
        assert len(patch.people or []) == len(people)


def test_recorded_feeds_are_read_without_a_loss() -> None:
    for name in ("manga_feed.json", "manga_feed_external_2026.json"):
        rows = recorded(name)["data"]
        for row, said in zip(rows, answers.each(answers.Chapter, rows), strict=True):
            found, given = reading.release(said), row["attributes"]
            assert (found.volume or None, found.number or None) == (
                given["volume"],
                given["chapter"],
            )
            assert (found.title or None) == (given["title"] or None)
            assert found.language == ours(given["translatedLanguage"])
            assert found.external == bool(given["externalUrl"])
            assert found.pages == given["pages"]
            assert found.published
            groups = [r for r in row["relationships"] if r["type"] == "scanlation_group"]
            assert len(found.groups) == len(groups)


def test_recorded_covers_and_ratings_are_read() -> None:
    rows = recorded("cover_list.json")["data"]
    arts = [reading.art(each, KEY) for each in answers.each(answers.CoverArt, rows)]
    assert [art and art.volume for art in arts] == [r["attributes"]["volume"] or "" for r in rows]
    (esteem,) = map(reading.esteem, answers.statistics(recorded("manga_statistics.json")).values())
    assert (round(esteem.rating or 0, 2), esteem.follows) == (8.79, 164_998)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("en", "en"),
        ("ja-ro", "ja-Latn"),
        ("es-la", "es-419"),
        ("pt-br", "pt-BR"),
        ("zh-hk", "zh-HK"),
        ("xx-what", "xx"),
        ("", ""),
        ("<b>", ""),
    ],
)
def test_codes_of_languages_are_those_of_everybody(said: str, code: str) -> None:
    assert ours(said) == code
    assert theirs(code) in {said, "xx", ""}
