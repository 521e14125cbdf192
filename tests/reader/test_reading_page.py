"""The reader's page as the server sends it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job, Priority
from library import pages as library_pages
from library.archives import open_book
from library.models import Chapter, Content, Library, PageGeometries, PageIndex, Series
from library.pages import listed, measured
from library.shapes import GeometryList, PageEntry, PageGeometry, PageList
from reader.models import Progress
from reader.preferences import choose, pair
from reader.progress import turn_to
from tests.factories import make_chapter, make_library, make_series
from tests.files import image, make_zip


@pytest.fixture
def chapter(private: Library) -> Chapter:
    return make_chapter(make_series(private), "41", title="The Weight of a Handful")


@pytest.fixture
def asks(client: Client, bob: User) -> Client:
    client.force_login(bob)
    return client


def address(chapter: Chapter, page: int | None = None) -> str:
    return reverse("read", args=[chapter.pk]) if page is None else f"/read/{chapter.pk}/{page}"


def opened(answer: HttpResponse) -> dict[str, Any]:
    """What the script is told."""
    found = re.search(r'<script id="opened"[^>]*>(.*?)</script>', answer.content.decode())
    assert found is not None
    said: dict[str, Any] = json.loads(found[1])
    return said


def test_the_first_page_is_an_image_in_the_html_and_a_header_asks_for_it(
    asks: Client, chapter: Chapter
) -> None:
    answer = asks.get(address(chapter))

    html = answer.content.decode()
    source = opened(answer)["chapter"]["pages"][0]["src"]
    assert (
        f'<img src="{source}" width="840" height="1200" alt="Page 1" fetchpriority="high">' in html
    )
    assert answer["Link"] == f"<{source}>; rel=preload; as=image; fetchpriority=high"


def test_it_resumes_where_the_reader_was(asks: Client, bob: User, chapter: Chapter) -> None:
    turn_to(bob, chapter.content, 7, timezone.now())  # type: ignore[arg-type]  # it has pages

    answer = asks.get(address(chapter))

    assert 'alt="Page 7"' in answer.content.decode()
    assert opened(answer)["page"] == 7


def test_a_finished_chapter_opens_at_its_beginning(
    asks: Client, bob: User, chapter: Chapter
) -> None:
    turn_to(bob, chapter.content, 12, timezone.now())  # type: ignore[arg-type]  # it has pages

    assert opened(asks.get(address(chapter)))["page"] == 1


def test_a_page_may_be_named_in_the_address(asks: Client, chapter: Chapter) -> None:
    assert opened(asks.get(address(chapter, 5)))["page"] == 5


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (99, 12)])
def test_a_page_beyond_the_ends_is_the_nearest(
    asks: Client, chapter: Chapter, asked: int, given: int
) -> None:
    assert opened(asks.get(address(chapter, asked)))["page"] == given


def test_looking_writes_nothing(asks: Client, chapter: Chapter) -> None:
    asks.get(address(chapter, 5))

    assert not Progress.objects.exists()


def test_the_script_is_told_which_pages_face_each_other_in_each_direction(
    asks: Client, chapter: Chapter
) -> None:
    seen = [PageGeometry(tint="#ffffff") for _ in range(12)]
    seen[4] = PageGeometry(tint="#ffffff", box=(50, 0, 1000, 1000), rtl=0.99)
    row = PageGeometries(content=chapter.content)
    row.list = GeometryList(pages=seen)
    row.save()

    said = opened(asks.get(address(chapter)))["chapter"]

    assert said["told"] == {
        "rtl": [{"first": 1, "last": 12, "pairs": [1, 3, 5, 7, 9, 11]}],
        "ltr": [],
    }
    assert [page.get("box") for page in said["pages"][3:6]] == [None, [50, 0, 1000, 1000], None]


def test_opening_what_was_not_measured_asks_for_it_before_the_rest(
    asks: Client, chapter: Chapter
) -> None:
    assert chapter.content is not None
    for _ in range(2):
        assert opened(asks.get(address(chapter)))["chapter"]["told"] == {"rtl": [], "ltr": []}
    job = Job.objects.get(kind="geometry-of")
    assert (job.subject, job.priority < Priority.IDLE) == (chapter.content.pk, True)

    Job.objects.all().delete()
    Content.objects.update(measured=timezone.now())
    asks.get(address(chapter))
    assert not Job.objects.exists()


def test_the_script_is_told_of_choices_pairing_and_neighbours(
    asks: Client, bob: User, chapter: Chapter
) -> None:
    after = make_chapter(chapter.series, "43")
    choose(bob, chapter.series, direction="ltr")
    assert chapter.content is not None
    pair(bob, chapter.content, flip=False, alone=[3])

    said = opened(asks.get(address(chapter)))

    assert said["series"]["choices"]["direction"] == "ltr"
    assert said["series"]["otherwise"]["direction"] == "rtl"
    assert said["chapter"]["pairing"] == {"flip": False, "alone": [3]}
    assert said["chapter"]["heading"] == "Chapter 41: The Weight of a Handful"
    assert said["chapter"]["next"]["id"] == str(after.pk)
    assert said["chapter"]["next"]["gap"] == "Chapter 42 is missing, next is 43."
    assert said["chapter"]["previous"] is None


def test_the_script_may_ask_for_a_chapter_alone(asks: Client, chapter: Chapter) -> None:
    said = asks.get(address(chapter), {"as": "data"}).json()

    assert (said["label"], len(said["pages"])) == ("Chapter 41", 12)


def test_it_takes_few_queries(
    asks: Client, chapter: Chapter, django_assert_max_num_queries: Any
) -> None:
    make_chapter(chapter.series, "42")

    Content.objects.update(measured=timezone.now())  # else a job is asked for, once
    with django_assert_max_num_queries(12):
        asks.get(address(chapter))


def test_nothing_in_it_needs_a_loose_policy(asks: Client, chapter: Chapter) -> None:
    answer = asks.get(address(chapter))

    html = answer.content.decode()
    assert not re.search(r"\sstyle=|\son\w+=", html)
    assert re.search(r"style-src 'self' 'nonce-", answer["Content-Security-Policy"])
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_titles_are_told_as_text(asks: Client, chapter: Chapter) -> None:
    Series.objects.update(title="</script><img src=x>")

    assert b"<img src=x>" not in asks.get(address(chapter)).content


def test_a_stranger_is_sent_to_sign_in(client: Client, chapter: Chapter) -> None:
    answer = client.get(address(chapter))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/login")


@pytest.mark.parametrize("page", [None, 3])
def test_who_may_not_see_it_finds_nothing(
    client: Client, charlie: User, chapter: Chapter, page: int | None
) -> None:
    client.force_login(charlie)

    assert client.get(address(chapter, page)).status_code == 404
    assert client.post(f"{address(chapter)}/progress", SAVE).status_code == 404


def test_a_missing_file_is_said_calmly_with_what_still_works(
    asks: Client, chapter: Chapter
) -> None:
    Chapter.objects.update(missing_since=timezone.now())
    after = make_chapter(chapter.series, "42")

    answer = asks.get(address(chapter))

    assert answer.status_code == 422
    assert "Your place in it is kept." in answer.content.decode()
    assert address(after) in answer.content.decode()


def test_an_unreadable_file_says_why(asks: Client, chapter: Chapter) -> None:
    Chapter.objects.update(content=None, problem="locked", problem_detail="It is locked.")

    answer = asks.get(address(chapter), {"as": "data"})

    assert (answer.status_code, answer.json()) == (
        422,
        {"code": "locked", "detail": "It is locked."},
    )


def test_a_chapter_without_an_index_says_so(asks: Client, chapter: Chapter) -> None:
    PageIndex.objects.all().delete()

    assert asks.get(address(chapter), {"as": "data"}).json()["code"] == "not_listed"


# --- without a script ---


def seen(answer: HttpResponse) -> str:
    found = re.search(r'<img src="(/read/[^"]*\.gif)"', answer.content.decode())
    assert found is not None
    return found[1]


def test_links_and_an_image_stand_in_for_the_script(asks: Client, chapter: Chapter) -> None:
    html = asks.get(address(chapter, 5)).content.decode()

    assert f'rel="prev" href="{address(chapter, 4)}"' in html
    assert f'rel="next" href="{address(chapter, 6)}"' in html


def test_the_image_records_the_page(asks: Client, bob: User, chapter: Chapter) -> None:
    answer = asks.get(seen(asks.get(address(chapter, 5))))

    assert answer["Content-Type"] == "image/gif"
    assert Progress.objects.get(user=bob).page == 5


def test_another_page_or_reader_has_another_image(
    asks: Client, alice: User, chapter: Chapter
) -> None:
    image_of_5 = seen(asks.get(address(chapter, 5)))
    assert asks.get(image_of_5.replace("/5/", "/6/")).status_code == 404

    asks.force_login(alice)

    assert asks.get(image_of_5).status_code == 404
    assert not Progress.objects.exists()


# --- saving by a form ---

SAVE = {"page": "4", "at": "2026-03-01T12:00:00.000Z", "device": "phone", "done": "false"}


def test_a_form_saves_where_fetch_cannot(asks: Client, bob: User, chapter: Chapter) -> None:
    answer = asks.post(f"{address(chapter)}/progress", SAVE | {"fraction": "0.5"})

    assert (answer.status_code, answer.json()["page"]) == (200, 4)
    kept = Progress.objects.get(user=bob)
    assert (kept.page, kept.fraction, kept.device, kept.chapter) == (4, 0.5, "phone", chapter)


def test_a_form_without_its_token_saves_nothing(bob: User, chapter: Chapter) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(bob)

    assert strict.post(f"{address(chapter)}/progress", SAVE).status_code == 403
    assert not Progress.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"page": "0"}, {"page": "13"}, {"at": "noon"}, {"fraction": "2"}]
)
def test_a_form_with_nonsense_is_refused(
    asks: Client, chapter: Chapter, wrong: dict[str, str]
) -> None:
    assert asks.post(f"{address(chapter)}/progress", SAVE | wrong).status_code == 422


def test_a_chapter_without_pages_has_no_place(asks: Client, chapter: Chapter) -> None:
    Chapter.objects.update(content=None)

    assert asks.post(f"{address(chapter)}/progress", SAVE).status_code == 404


# --- measuring ---


@pytest.fixture
def on_disk(tmp_path: Path, db: None) -> Chapter:
    """A file of three pages, the second no image, not measured yet."""
    members = {"1.png": image(1), "2.png": b"no image", "3.png": image(3, size=(90, 60))}
    book = open_book(str(make_zip(tmp_path / "a.cbz", members)))
    series = make_series(make_library(root=str(tmp_path)))
    chapter = make_chapter(series, pages=3, path="a.cbz", format=book.format)
    index = chapter.page_index
    facts = ("name", "offset", "compressed", "size", "method", "crc32")
    index.list = PageList(
        pages=[PageEntry(**{fact: getattr(page, fact) for fact in facts}) for page in book.pages]
    )
    index.save()
    return chapter


def test_pages_are_measured_at_the_first_opening_and_kept(on_disk: Chapter) -> None:
    found = measured(on_disk)

    assert [(page.width, page.height, page.problem) for page in found] == [
        (60, 90, None),
        (None, None, "not_an_image"),
        (90, 60, None),
    ]
    Path(on_disk.file).unlink()
    assert measured(on_disk) == found == listed(on_disk)


def test_a_file_that_is_gone_is_refused(on_disk: Chapter, asks: Client) -> None:
    Path(on_disk.file).unlink()

    answer = asks.get(address(on_disk), {"as": "data"})

    assert (answer.status_code, answer.json()["code"]) == (422, "gone")


@pytest.mark.parametrize("others", [0, 1])
def test_a_refused_chapter_speaks_of_the_rest_only_where_there_is_one(
    on_disk: Chapter, asks: Client, others: int
) -> None:
    for number in range(others):
        make_chapter(on_disk.series, f"{number + 2}")
    Path(on_disk.file).unlink()

    page = asks.get(address(on_disk)).content.decode()

    assert "This chapter cannot be opened" in page
    assert ("The rest of the series" in page) == bool(others)


def test_a_newer_index_is_not_overwritten(
    on_disk: Chapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rescanned(*given: Any) -> None:
        index = PageIndex.objects.get(chapter=on_disk)
        index.list = PageList(pages=[PageEntry(name="new.png")])
        index.save()

    monkeypatch.setattr(library_pages, "_measure", rescanned)
    measured(on_disk)

    assert [page.name for page in listed(on_disk)] == ["new.png"]


def test_what_takes_too_long_waits_for_the_next_opening(on_disk: Chapter) -> None:
    assert [page.width for page in measured(on_disk, patience=-1)] == [60, None, None]
    assert [page.width for page in measured(on_disk)] == [60, None, 90]


def test_pages_of_unknown_size_are_laid_out_as_usual_ones(asks: Client, on_disk: Chapter) -> None:
    said = asks.get(address(on_disk), {"as": "data"}).json()["pages"]

    assert [(page["w"], page["h"]) for page in said] == [(60, 90), (840, 1200), (90, 60)]
    assert said[1]["problem"]
    assert said[1]["guessed"]
