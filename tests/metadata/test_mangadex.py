"""What the client makes of MangaDex' answers, over HTTP and from what it kept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kiremisu.accounts import vault
from kiremisu.accounts.models import User
from kiremisu.lib.errors import NotThere, UpstreamFailed
from library.facts import Named, TitleKind
from metadata import providers
from metadata.models import Answer
from metadata.providers.mangadex import MangaDex
from tests.upstream import Chapter, Upstream
from tests.upstream.catalogue import made_id

pytestmark = [pytest.mark.quick, pytest.mark.django_db]


def test_a_search_tells_titles_in_every_language(upstream: Upstream, mangadex: MangaDex) -> None:
    upstream.catalogue.add("Salt Road Diary", also={"ja-ro": "Shio no Michi", "pt-br": "Sal"})
    (entry,) = mangadex.search("shio no michi").entries
    assert entry.patch.titles == [
        Named(text="Salt Road Diary", language="en", kind=TitleKind.MAIN),
        Named(text="Shio no Michi", language="ja-Latn"),
        Named(text="Sal", language="pt-BR"),
    ]


def test_a_title_tells_all_that_is_shown(upstream: Upstream, mangadex: MangaDex) -> None:
    first = upstream.catalogue.add("Paper Comet")
    made = upstream.catalogue.add(
        "Paper Comet 2",
        description={"en": "About paper.\n\n---\n**Links:** [x](y)", "fr": "Du papier."},
        authors=["Ogawa Rin"],
        artists=["Sato Ken"],
        tags=["!Drama", "Long Strip"],
        links={"al": "30013", "raw": "javascript:alert(1)", "mal": "", "engtl": "https://e.org"},
        related=[("prequel", first)],
        year=2016,
        status="hiatus",
        demographic="seinen",
        rating="erotica",
        last_chapter="48.5",
    )
    entry = mangadex.one(made.id)
    patch = entry.patch
    assert patch.summary == "About paper."
    assert [(each.name, each.role) for each in patch.people or []] == [
        ("Ogawa Rin", "author"),
        ("Sato Ken", "artist"),
    ]
    assert (patch.genres, patch.tags, patch.direction) == (["Drama"], ["Long Strip"], "vertical")
    assert (patch.status, patch.year, patch.demographic) == ("hiatus", 2016, "seinen")
    assert (patch.content_rating, patch.language) == ("erotica", "ja")
    assert (patch.last_chapter, patch.last_volume) == ("48.5", None)
    assert patch.links == {"anilist": "30013", "english": "https://e.org", "mangadex": made.id}
    assert [each.kind for each in entry.relations] == ["prequel"]
    assert entry.address == f"https://mangadex.org/title/{made.id}"


def test_many_are_asked_for_by_the_hundred(upstream: Upstream, mangadex: MangaDex) -> None:
    keys = [upstream.catalogue.add(f"Tale {number}").id for number in range(130)]
    gone = made_id("gone")
    assert list(mangadex.many([*keys, gone])) == keys
    assert upstream.paths() == ["/manga", "/manga"]


def test_what_was_told_is_not_asked_again(upstream: Upstream, mangadex: MangaDex) -> None:
    made, gone = upstream.catalogue.add("Salt Road Diary", chapters=3, covers=2), made_id("gone")

    def everything(client: MangaDex) -> object:
        found, known = client.search("salt road"), client.many([made.id, gone])
        feed, outline = client.feed(made.id, ["en"]), client.outline(made.id)
        covers, esteem = client.covers([made.id]), client.esteem([made.id])
        return found, known, feed, outline, covers, esteem, client.tags()

    first = everything(mangadex)
    asked = len(upstream.asked)
    assert everything(MangaDex()) == first
    assert len(upstream.asked) == asked


def test_what_was_told_before_a_moment_is_asked_again(
    upstream: Upstream, mangadex: MangaDex
) -> None:
    made = upstream.catalogue.add("Salt Road Diary")
    mangadex.one(made.id)
    made.status = "completed"
    assert mangadex.one(made.id).patch.status == "ongoing"
    later = providers.of("mangadex", since=timezone.now())
    assert later.one(made.id).patch.status == "completed"
    # And that once.
    assert later.one(made.id).patch.status == "completed"
    assert len(upstream.asked) == 2


def test_an_answer_grows_old(upstream: Upstream, mangadex: MangaDex) -> None:
    upstream.catalogue.add("Salt Road Diary")
    mangadex.search("salt")
    Answer.objects.update(answered=timezone.now() - timedelta(days=2))
    mangadex.search("salt")
    assert len(upstream.asked) == 2


def test_a_feed_is_read_to_its_end(upstream: Upstream, mangadex: MangaDex) -> None:
    made = upstream.catalogue.add("Long One", chapters=1100)
    assert [each.number for each in mangadex.feed(made.id)] == [str(n) for n in range(1, 1101)]
    assert len(upstream.asked) == 3


def test_a_feed_tells_groups_and_what_is_read_elsewhere(
    upstream: Upstream, mangadex: MangaDex
) -> None:
    here = Chapter(made_id("1"), "12.5", "3", None, "es-la", ["Harbour Scans", "Tide"])
    away = Chapter(made_id("2"), None, None, "Oneshot", external="https://a.example/1")
    made = upstream.catalogue.add("Salt Road Diary", chapters=[here, away])
    first, second = mangadex.feed(made.id, ["es-419", "en"])
    assert (first.volume, first.number, first.title, first.language) == ("3", "12.5", "", "es-419")
    assert [group.name for group in first.groups] == ["Harbour Scans", "Tide"]
    assert (second.volume, second.number, second.external) == ("", "", True)
    assert second.address == "https://a.example/1"


def test_an_outline_tells_what_there_is(upstream: Upstream, mangadex: MangaDex) -> None:
    told = [Chapter(made_id("a"), "1", "1"), Chapter(made_id("b"), "1", "1", language="fr")]
    made = upstream.catalogue.add("Two", chapters=[*told, Chapter(made_id("c"), None, None)])
    listed = mangadex.outline(made.id)
    assert [(each.volume, each.number, len(each.ids)) for each in listed] == [
        ("1", "1", 2),
        ("", "", 1),
    ]
    assert mangadex.outline(upstream.catalogue.add("None").id) == []


def test_covers_of_many_are_told_by_title(upstream: Upstream, mangadex: MangaDex) -> None:
    one = upstream.catalogue.add("One", covers=3)
    other = upstream.catalogue.add("Other", covers=120)
    told = mangadex.covers([one.id, other.id])
    assert [cover.volume for cover in told[one.id]] == ["", "1", "2"]
    assert len(told[other.id]) == 120
    assert told[one.id][0].url.startswith(f"{upstream.url}/covers/{one.id}/")


def test_what_is_not_there_is_said_to_be_so(mangadex: MangaDex) -> None:
    for key in (made_id("gone"), "../../elsewhere"):
        with pytest.raises(NotThere):
            mangadex.one(key)
        with pytest.raises(NotThere):
            mangadex.feed(key)


def test_the_token_goes_only_where_it_is_asked_for(
    upstream: Upstream, mangadex: MangaDex, alice: User
) -> None:
    made = upstream.catalogue.add("Salt Road Diary")
    vault.put("mangadex_token", "a secret")
    mangadex.one(made.id)
    upstream.faults.say(401, b"{}")
    (cover,) = mangadex.covers([made.id])[made.id]
    mangadex.picture(cover)
    told = [asked.headers.get("Authorization") for asked in upstream.asked]
    assert told == [None, None, "Bearer a secret", None]


def test_without_a_token_a_login_that_is_wanted_is_said(
    upstream: Upstream, mangadex: MangaDex
) -> None:
    upstream.faults.say(403, b"{}")
    with pytest.raises(UpstreamFailed) as refused:
        mangadex.search("salt")
    assert refused.value.code == "upstream_refuses"


def test_every_request_says_who_asks(upstream: Upstream, mangadex: MangaDex) -> None:
    mangadex.search("salt")
    (asked,) = upstream.asked
    assert asked.headers["User-Agent"].startswith("KireMisu/")
    assert asked.query.one("order[relevance]") == "desc"
    assert len(asked.query.all("contentRating")) == 4
