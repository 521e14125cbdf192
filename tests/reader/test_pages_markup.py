"""What holds for every page: the content policy, one heading, working without scripts."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.test import Client

from kiremisu.accounts.models import User
from kiremisu.accounts.setup import issue_token
from reader import lists
from reader.lists import entries
from reader.progress import mark_read
from tests.factories import make_chapter, make_content, make_library, make_series
from tests.reader.markup import Markup

PAGES = [
    "/",
    "/library",
    "/library?view=table",
    "/library?search=zzz",
    "/search",
    "/search?q=塩の道",
    "/lists",
    "/activity",
    "/setup/folder",
    "/nowhere",
]


@pytest.fixture
def look(alice: User, client: Client) -> Callable[[str], Markup]:
    """Any page as Alice sees it; "series" is that of a series with a cover, "list" of a
    list that holds it."""
    library = make_library()
    cover = make_content(12, cover_state="ready", tint="#b8643c")
    series = make_series(library, "塩の道日記", cover=cover)
    chapters = [make_chapter(series, "1", content=cover), make_chapter(series, "2")]
    make_chapter(make_series(library, 'No Cover "<b>', language="en"), "1")
    mark_read(alice, chapters[:1])
    found = lists.make(alice, "For the train")
    for about in (series, chapters[1]):
        entries.put(found, about, "Begin here.")
    client.force_login(alice)
    places = {"series": f"/series/{series.pk}", "list": f"/lists/{found.pk}"}
    return lambda path: Markup(client.get(places.get(path, path)))


@pytest.mark.parametrize("path", [*PAGES, "series", "list"])
def test_no_page_needs_what_the_content_policy_forbids(
    look: Callable[[str], Markup], path: str
) -> None:
    page = look(path)

    assert page.inline_scripts == 0
    for tag, attributes in page.tags:
        assert "style" not in attributes, tag
        assert not [name for name in attributes if name.startswith(("on", "hx-on"))], tag
    assert all(style.get("nonce") for style in page.all("style"))


@pytest.mark.parametrize("path", [*PAGES, "series", "list"])
def test_every_page_has_one_heading_one_main_and_ids_of_its_own(
    look: Callable[[str], Markup], path: str
) -> None:
    page = look(path)

    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1
    ids = Counter(attributes["id"] for _, attributes in page.tags if "id" in attributes)
    assert [name for name, count in ids.items() if count > 1] == []


@pytest.mark.parametrize("path", [*PAGES, "series", "list"])
def test_every_form_that_changes_something_carries_a_token(
    look: Callable[[str], Markup], path: str
) -> None:
    page = look(path)
    posts = [form for form in page.all("form") if form.get("method") == "post"]
    tokens = [i for i in page.all("input") if i.get("name") == "csrfmiddlewaretoken"]

    assert len(tokens) == len(posts)


@pytest.mark.parametrize("path", [*PAGES, "series", "list"])
def test_every_image_has_its_size_and_a_text(look: Callable[[str], Markup], path: str) -> None:
    for image in look(path).all("img"):
        assert {"width", "height", "alt"} <= image.keys()


def test_every_button_that_htmx_sends_works_without_it(look: Callable[[str], Markup]) -> None:
    page = look("series")

    for _, attributes in page.tags:
        if "hx-post" in attributes:
            ways = (attributes.get("formaction"), attributes.get("action"))
            assert attributes["hx-post"] in ways
        if "hx-get" in attributes:
            assert attributes["hx-get"] == attributes["href"]


def test_the_nonce_of_the_tints_is_that_of_the_policy(alice: User, client: Client) -> None:
    client.force_login(alice)
    answer = client.get("/library")

    policy = answer.headers["Content-Security-Policy"]
    nonces = [style["nonce"] for style in Markup(answer).all("style")]
    assert [f"'nonce-{nonce}'" in policy for nonce in nonces] == [True]
    assert "unsafe" not in policy


def test_a_title_is_text_and_never_markup(look: Callable[[str], Markup]) -> None:
    assert 'No Cover "<b>' in look("/library").text


def test_kanji_say_which_national_form_they_take(look: Callable[[str], Markup]) -> None:
    assert [h1.get("lang") for h1 in look("series").all("h1")] == ["ja"]


def test_pages_before_one_is_in_keep_the_policy_too(client: Client, db: None) -> None:
    for path in ("/setup", f"/setup?token={issue_token()}"):
        page = Markup(client.get(path, follow=True))
        assert page.inline_scripts == 0
        assert not [tag for tag, attributes in page.tags if "style" in attributes]
