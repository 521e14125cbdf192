"""The library page: searching, filtering, sorting, paging."""

import gzip
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kiremisu.accounts.models import User
from library.models import Library, Series
from reader.listing import PER_PAGE, Asked
from reader.progress import mark_read, turn_to
from tests.factories import make_chapter, make_content, make_library, make_series
from tests.reader.markup import Markup


def titles(client: Client, query: str = "") -> list[str]:
    page = client.get(f"/library{query}")
    return [card.series.title for card in page.context["listing"].cards]


@pytest.fixture
def shelf(bob: User, client: Client) -> Library:
    """Three series: one being read, one added last, one finished."""
    library = make_library()
    now = timezone.now()
    for n, title in enumerate(["Kite Season", "Paper Tigers", "Garden of Static"]):
        series = make_series(library, title)
        for number in range(1, n + 2):
            make_chapter(series, str(number))
        Series.objects.filter(pk=series.pk).update(last_added=now - timedelta(days=3 - n))
    kite, tigers = (Series.objects.get(title=t) for t in ("Kite Season", "Paper Tigers"))
    mark_read(bob, kite.chapters.all())
    first = tigers.chapters.select_related("content").in_order()[0]
    assert first.content is not None
    turn_to(bob, first.content, 3, timezone.now(), chapter=first)
    client.force_login(bob)
    return library


def test_the_library_asks_a_stranger_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/library").headers["Location"] == "/login?next=/library"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?sort=title", ["Garden of Static", "Kite Season", "Paper Tigers"]),
        ("?sort=added", ["Garden of Static", "Paper Tigers", "Kite Season"]),
        ("?sort=unread", ["Garden of Static", "Paper Tigers", "Kite Season"]),
        ("", ["Paper Tigers", "Kite Season", "Garden of Static"]),
        ("?sort=nonsense", ["Paper Tigers", "Kite Season", "Garden of Static"]),
    ],
)
def test_series_come_in_the_order_asked_for(
    client: Client, shelf: Library, query: str, expected: list[str]
) -> None:
    assert titles(client, query) == expected


def test_a_random_order_stays_while_its_seed_does(client: Client, shelf: Library) -> None:
    assert titles(client, "?sort=random&seed=a") == titles(client, "?sort=random&seed=a")
    orders = {tuple(titles(client, f"?sort=random&seed={n}")) for n in range(20)}
    assert len(orders) > 1


def test_titles_are_searched_by_every_word(client: Client, shelf: Library) -> None:
    assert titles(client, "?search=garden+STAT") == ["Garden of Static"]


def test_only_what_has_something_unread(client: Client, shelf: Library) -> None:
    assert titles(client, "?unread=any&sort=title") == ["Garden of Static", "Paper Tigers"]


def test_one_library_of_several(client: Client, shelf: Library) -> None:
    other = make_library("Webtoons")
    make_chapter(make_series(other, "A Strip"))

    assert titles(client, f"?library={other.pk}") == ["A Strip"]
    assert "Webtoons" in client.get("/library").content.decode()


def test_a_filter_in_force_is_a_link_that_takes_it_away(client: Client, shelf: Library) -> None:
    page = Markup(client.get("/library?unread=any&sort=title"))

    assert "/library?sort=title" in page.links()


def test_a_card_says_in_words_what_is_unread(client: Client, shelf: Library) -> None:
    page = client.get("/library?search=garden").content.decode()

    assert '<span class="sr">, 3 unread</span>' in page


@pytest.mark.parametrize(
    ("search", "line"), [("garden", "3 chapters"), ("tigers", "2 chapters"), ("kite", "Finished")]
)
def test_a_card_says_how_far_one_is(client: Client, shelf: Library, search: str, line: str) -> None:
    assert (
        f'<span class="m">{line}</span>' in client.get(f"/library?search={search}").content.decode()
    )


def test_a_private_library_is_not_listed_to_a_stranger(
    client: Client, private: Library, bob: User, charlie: User
) -> None:
    make_chapter(make_series(private, "A Secret"))
    client.force_login(charlie)
    assert titles(client) == []
    client.force_login(bob)
    assert titles(client) == ["A Secret"]


def test_a_strangers_library_filter_finds_nothing(
    client: Client, private: Library, charlie: User
) -> None:
    make_chapter(make_series(private, "A Secret"))
    client.force_login(charlie)

    assert titles(client, f"?library={private.pk}") == []


def test_filtered_to_nothing_offers_to_drop_the_filter(client: Client, shelf: Library) -> None:
    page = client.get("/library?search=zzz").content.decode()

    assert "No title has “zzz” in it" in page
    assert "Show everything" in page


def test_an_empty_library_says_what_belongs_here(client: Client, bob: User) -> None:
    client.force_login(bob)

    assert "Nothing on the shelf yet" in client.get("/library").content.decode()


@pytest.fixture
def many(bob: User, client: Client) -> Library:
    """One more series than a page holds, with covers."""
    library = make_library()
    for n in range(PER_PAGE + 1):
        cover = make_content(12, cover_state="ready", tint=f"#{n * 1009:06x}")
        title = f"A Series of Some Length in its Title, {n:02}"
        make_chapter(make_series(library, title, cover=cover), "1", content=cover)
    client.force_login(bob)
    return library


def test_sixty_at_a_time_with_a_real_link_to_the_next(client: Client, many: Library) -> None:
    page = client.get("/library?sort=title")

    assert len(page.context["listing"].cards) == PER_PAGE
    assert "/library?sort=title&page=2" in Markup(page).links()
    assert len(titles(client, "?sort=title&page=2")) == 1


def test_past_the_end_one_sees_the_last_page(client: Client, many: Library) -> None:
    assert len(titles(client, "?sort=title&page=99")) == 1


def test_the_next_page_comes_alone_to_htmx(client: Client, many: Library) -> None:
    asked = {"HX-Request": "true", "HX-Target": "more"}
    page = client.get("/library?sort=title&page=2", headers=asked).content.decode()

    assert page.count('class="tile"') == 1
    assert "<html" not in page


def test_filtering_replaces_the_list_alone(client: Client, many: Library) -> None:
    asked = {"HX-Request": "true", "HX-Target": "library"}
    page = client.get("/library?unread=any", headers=asked).content.decode()

    assert page.lstrip().startswith('<div id="library"')


def test_history_gets_the_whole_page(client: Client, many: Library) -> None:
    asked = {
        "HX-Request": "true",
        "HX-Target": "library",
        "HX-History-Restore-Request": "true",
    }
    assert "<html" in client.get("/library", headers=asked).content.decode()


@pytest.mark.parametrize(
    ("sort", "most"), [("read", 10), ("added", 9), ("title", 9), ("unread", 10), ("random", 9)]
)
def test_sixty_series_take_ten_questions_at_most(
    client: Client,
    many: Library,
    sort: str,
    most: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    # Session, user; libraries; what the total hangs on (2) and the total; which series, where
    # two parts make an order in two; the series; how far one is in them.
    with django_assert_num_queries(most):
        client.get(f"/library?sort={sort}&unread=any")


def test_sixty_series_weigh_little(client: Client, many: Library) -> None:
    page = client.get("/library?sort=title").content

    assert len(gzip.compress(page, 6)) <= 30_000


def test_the_table_shows_the_same(client: Client, shelf: Library) -> None:
    page = client.get("/library?view=table&sort=title").content.decode()

    assert page.count("<tr>") == 4
    assert titles(client, "?view=table&sort=title")[0] == "Garden of Static"


@pytest.mark.quick
def test_an_address_survives_the_round_trip() -> None:
    asked = Asked(search="a b", unread=True, sort="title", view="table")

    assert asked.address() == "/library?search=a+b&unread=any&sort=title&view=table"
    assert Asked().address() == "/library"


@pytest.mark.quick
@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "²"])
def test_a_nonsense_page_number_is_no_error(page: str) -> None:
    assert Asked.of({"page": page}).page in {0, 1}
