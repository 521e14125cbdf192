"""The page of a series: its chapters, its gaps, where one is; marking them read."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kiremisu.accounts.models import User
from library.models import Chapter, Library, Series
from reader.models import Progress
from reader.progress import mark_read, turn_to
from tests.asking import Asker
from tests.factories import make_chapter, make_content, make_library, make_series
from tests.reader.markup import Markup


@pytest.fixture
def series(bob: User, client: Client) -> Series:
    """Chapters 1 to 3 and 5; Bob has read the first and is on page 5 of the second."""
    series = make_series(make_library())
    chapters = [make_chapter(series, number) for number in ("1", "2", "3", "5")]
    mark_read(bob, chapters[:1])
    content = chapters[1].content
    assert content is not None
    turn_to(bob, content, 5, timezone.now() + timedelta(seconds=1), chapter=chapters[1])
    client.force_login(bob)
    series.refresh_from_db()
    return series


# A file that holds no single chapter.
_OF_NONE = {"number_order": -1}


def chapter(series: Series, number: str) -> Chapter:
    return series.chapters.get(number=number)


def rows(client: Client, series: Series) -> Iterator[str]:
    opened = client.get(f"/series/{series.pk}").context["opened"]
    return (row.number for volume in opened.volumes for row in volume.rows)


def test_chapters_come_newest_first(client: Client, series: Series) -> None:
    assert list(rows(client, series)) == ["Ch. 5", "Ch. 3", "Ch. 2", "Ch. 1"]


def test_extras_stay_behind(client: Client, series: Series) -> None:
    make_chapter(series, "", special=True, title="Omake", number_order=-1)

    assert list(rows(client, series))[-1] == ""
    assert "Extras" in client.get(f"/series/{series.pk}").content.decode()


def test_chapters_stand_under_their_volumes(client: Client, bob: User) -> None:
    series = make_series(make_library())
    make_chapter(series, "1", volume="1", volume_order=1)
    make_chapter(series, "2", volume="2", volume_order=2)
    make_chapter(series, "3")
    client.force_login(bob)

    opened = client.get(f"/series/{series.pk}").context["opened"]

    assert [volume.name for volume in opened.volumes] == ["", "Volume 2", "Volume 1"]


def test_whole_volumes_stand_above_loose_chapters(client: Client, bob: User) -> None:
    series = make_series(make_library())
    held = {"content": make_content(1), "pages": 1}
    for number in range(1, 31):
        place = {"volume": str(number), "volume_order": number, "path": f"v{number}.cbz"}
        make_chapter(series, "", **_OF_NONE, **place, **held)
    for number in range(1, 301):
        make_chapter(series, str(number), **held)
    make_chapter(series, "", special=True, title="Omake", **_OF_NONE, **held)
    client.force_login(bob)

    pages = [client.get(f"/series/{series.pk}?page={page}").context["opened"] for page in (1, 2)]

    told = [(v.name, v.rows[0].number, len(v.rows)) for opened in pages for v in opened.volumes]
    assert told == [
        *(("Volumes", "Vol. 30", 30), ("Chapters", "Ch. 300", 270)),
        *(("Chapters", "Ch. 30", 30), ("Extras", "", 1)),
    ]
    listed = Asker(bob).get(f"series/{series.pk}/chapters", per_page=100)["items"]
    assert [row["volume"] for row in listed[:30]] == [str(number) for number in range(1, 31)]
    assert listed[30]["number"] == "1"


def test_continue_names_the_exact_place(client: Client, series: Series) -> None:
    page = Markup(client.get(f"/series/{series.pk}"))

    assert "Continue ch. 2, page 5" in page.text
    assert f"/read/{chapter(series, '2').pk}" in page.links()


def test_after_a_finished_chapter_it_goes_on_with_the_next(
    client: Client, bob: User, series: Series
) -> None:
    mark_read(bob, [chapter(series, "2"), chapter(series, "3")])

    assert "Continue ch. 5" in client.get(f"/series/{series.pk}").content.decode()


def test_somebody_new_starts_with_the_first(client: Client, series: Series, alice: User) -> None:
    client.force_login(alice)

    assert "Start reading ch. 1" in client.get(f"/series/{series.pk}").content.decode()


def test_who_has_read_all_may_read_again(client: Client, bob: User, series: Series) -> None:
    mark_read(bob, series.chapters.all())

    assert "Read again ch. 1" in client.get(f"/series/{series.pk}").content.decode()


def test_a_gap_is_called_out_in_place(client: Client, series: Series) -> None:
    opened = client.get(f"/series/{series.pk}").context["opened"]

    gaps = {row.number: row.gap for volume in opened.volumes for row in volume.rows}
    assert gaps == {
        "Ch. 5": "Chapter 4 is missing, next is 5.",
        "Ch. 3": "",
        "Ch. 2": "",
        "Ch. 1": "",
    }


def test_state_is_said_in_words(client: Client, series: Series) -> None:
    text = Markup(client.get(f"/series/{series.pk}")).text

    assert text.count("Unread,") == 2
    assert text.count("Reading,") == 1
    assert text.count("Read,") == 1
    assert "3 unread" in text


def test_a_broken_file_says_why_and_opens_nothing(client: Client, series: Series) -> None:
    lost = chapter(series, "5")
    Chapter.objects.filter(pk=lost.pk).update(
        content=None, problem="truncated", problem_detail="The archive is cut short."
    )

    page = Markup(client.get(f"/series/{series.pk}"))

    assert "The archive is cut short." in page.text
    assert f"/read/{lost.pk}" not in page.links()


def test_a_missing_file_stays_with_its_sentence(client: Client, series: Series) -> None:
    Chapter.objects.filter(pk=chapter(series, "5").pk).update(missing_since=timezone.now())

    assert "Gone from disk." in client.get(f"/series/{series.pk}").content.decode()


def test_a_series_without_chapters_says_so(client: Client, bob: User) -> None:
    client.force_login(bob)
    series = make_series(make_library())

    assert "No chapter of this series" in client.get(f"/series/{series.pk}").content.decode()


def test_a_stranger_sees_no_series_and_marks_nothing(
    client: Client, private: Library, charlie: User
) -> None:
    series = make_series(private)
    hidden = make_chapter(series)
    client.force_login(charlie)

    assert client.get(f"/series/{series.pk}").status_code == 404
    assert client.post(f"/series/{series.pk}/mark", {"as": "read"}).status_code == 404
    assert client.post(f"/chapters/{hidden.pk}/mark", {"as": "read"}).status_code == 404
    assert not Progress.objects.exists()


def test_a_series_that_never_was_is_not_there(client: Client, bob: User) -> None:
    client.force_login(bob)

    assert client.get(f"/series/{uuid4()}").status_code == 404


def test_marking_without_a_script_comes_back_to_the_series(
    client: Client, bob: User, series: Series
) -> None:
    answer = client.post(f"/chapters/{chapter(series, '3').pk}/mark", {"as": "read"})

    assert answer.headers["Location"] == f"/series/{series.pk}"
    assert Progress.objects.of(bob).finished().count() == 2


def test_marking_with_htmx_answers_the_part(client: Client, series: Series) -> None:
    page = client.post(
        f"/chapters/{chapter(series, '3').pk}/mark",
        {"as": "read"},
        headers={"HX-Request": "true"},
    ).content.decode()

    assert page.lstrip().startswith('<div id="series"')
    assert "2 unread" in page


def test_everything_up_to_here_is_marked(client: Client, bob: User, series: Series) -> None:
    client.post(f"/chapters/{chapter(series, '3').pk}/mark", {"as": "up-to"})

    assert Progress.objects.of(bob).finished().count() == 3


def test_a_chapter_is_marked_unread(client: Client, bob: User, series: Series) -> None:
    client.post(f"/chapters/{chapter(series, '1').pk}/mark", {"as": "unread"})

    assert not Progress.objects.of(bob).finished().exists()


@pytest.mark.parametrize(("wanted", "finished"), [("read", 4), ("unread", 0)])
def test_a_whole_series_is_marked(
    client: Client, bob: User, series: Series, wanted: str, finished: int
) -> None:
    client.post(f"/series/{series.pk}/mark", {"as": wanted})

    assert Progress.objects.of(bob).finished().count() == finished


def test_a_wish_nobody_knows_is_refused_as_a_page(client: Client, series: Series) -> None:
    answers = [
        client.post(f"/series/{series.pk}/mark", {"as": "burnt"}),
        client.post(f"/chapters/{chapter(series, '1').pk}/mark"),
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert "Request <code>" in answers[0].content.decode()


def test_marking_needs_the_token_of_our_own_form(series: Series, bob: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(bob)

    answer = strict.post(f"/series/{series.pk}/mark", {"as": "read"})

    assert answer.status_code == 403
    assert "This form is too old" in answer.content.decode()


def test_many_chapters_come_in_pages(
    client: Client, series: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reader.volumes.PER_PAGE", 3)

    assert "?page=2" in Markup(client.get(f"/series/{series.pk}")).links()
    page = client.get(f"/series/{series.pk}?page=2")
    assert [row.number for row in page.context["opened"].page] == ["Ch. 1"]


def test_a_series_takes_ten_questions(
    client: Client, series: Series, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(10):
        client.get(f"/series/{series.pk}")
