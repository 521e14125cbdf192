"""The page of what goes on."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kiremisu.accounts.models import Role, User
from kiremisu.accounts.ratings import Rating
from kiremisu.jobs.models import Job, State
from library.models import Chapter, Library
from tests.factories import make_chapter, make_content, make_library, make_loss, make_series
from tests.reader.markup import Markup


def make_scan(library: Library, state: str = State.RUNNING, **facts: Any) -> Job:
    given = {"kind": "scan", "subject": library.pk, "state": state, "started": timezone.now()}
    if state in {State.DONE, State.FAILED}:
        given["finished"] = timezone.now()
    return Job.objects.create(**{**given, **facts})


def test_a_running_scan_shows_sixty_slats_and_its_counts(client: Client, alice: User) -> None:
    make_scan(
        make_library(),
        done=500,
        total=1000,
        raw_cursor={"added": 41, "failed": 2, "notches": [6], "recent": ["A/B c1.cbz"]},
    )
    client.force_login(alice)

    page = Markup(client.get("/activity"))

    slats = [slat.get("class") for slat in page.all("i")]
    assert len(slats) == 60
    assert slats[5:7] == ["d", "d x"]
    assert slats[30] == "live"
    for words in ("Scanning Manga", "500of 1,000 files", "41new", "2could not be read", "A/B c1"):
        assert words in page.text


def test_a_broken_file_needs_somebody(client: Client, alice: User) -> None:
    chapter = make_chapter(make_series(make_library()))
    Chapter.objects.update(
        content=None, problem="truncated", problem_detail="The archive ends at 41.2 MB."
    )
    client.force_login(alice)

    text = Markup(client.get("/activity")).text

    assert "Needs you" in text
    assert chapter.path in text
    assert "The archive ends at 41.2 MB." in text


def test_a_reader_is_told_who_looks_after_a_broken_file(client: Client, bob: User) -> None:
    make_chapter(make_series(make_library()))
    Chapter.objects.update(content=None, problem="truncated")
    client.force_login(bob)

    text = Markup(client.get("/activity")).text

    assert "Needs a curator" in text
    assert "Needs you" not in text


@pytest.mark.parametrize(
    ("problem", "remedy"),
    [
        ("truncated", "Copy it again, then scan."),
        ("locked", "Save it without the password, then scan."),
        ("bomb", "Put another file in its place or take it away, then scan."),
    ],
)
def test_a_broken_file_comes_with_what_to_do(
    client: Client, alice: User, problem: str, remedy: str
) -> None:
    make_chapter(make_series(make_library()))
    Chapter.objects.update(content=None, problem=problem, problem_detail="It is so.")
    client.force_login(alice)

    assert f"It is so. {remedy}" in Markup(client.get("/activity")).text


def test_a_slow_job_tells_its_speed_by_the_minute(client: Client, alice: User) -> None:
    make_scan(make_library(), done=8, total=500, raw_cursor={"rate": 0.4})
    client.force_login(alice)

    assert "24/minfiles" in Markup(client.get("/activity")).text


def test_who_asked_for_a_waiting_job_is_told_apart(client: Client, alice: User, bob: User) -> None:
    make_scan(make_library("One"), State.QUEUED, asked_by=alice)
    make_scan(make_library("Two"), State.QUEUED, asked_by=bob)
    client.force_login(alice)

    rows = [row for row in Markup(client.get("/activity")).text.split("Scan of ") if "Asked" in row]

    assert ["by you" in rows[0], "by somebody else" in rows[1]] == [True, True]


@pytest.mark.parametrize("name", ["alice", "bob"])
def test_without_a_library_the_page_says_what_belongs_here(
    client: Client, request: pytest.FixtureRequest, name: str
) -> None:
    client.force_login(request.getfixturevalue(name))

    page = Markup(client.get("/activity"))

    assert "Nothing to scan yet" in page.text
    assert ("/setup/folder" in page.links()) == (name == "alice")


@pytest.mark.parametrize("state", [State.FAILED, State.WAITING])
def test_an_error_is_told_without_its_code(client: Client, alice: User, state: State) -> None:
    make_scan(make_library(), state, error="root_unreachable: The folder cannot be read.")
    client.force_login(alice)

    text = Markup(client.get("/activity")).text

    assert "The folder cannot be read." in text
    assert "root_unreachable" not in text


def test_a_failed_job_can_be_tried_again(client: Client, alice: User) -> None:
    job = make_scan(make_library(), State.FAILED, error="The disk is full.")
    client.force_login(alice)
    assert "The disk is full." in client.get("/activity").content.decode()

    client.post(f"/activity/jobs/{job.pk}/retry")

    job.refresh_from_db()
    assert job.state == State.QUEUED


def test_a_failure_that_went_well_since_needs_nobody(client: Client, alice: User) -> None:
    library = make_library()
    make_scan(library, State.FAILED, error="The disk is full.")
    make_scan(library, State.DONE)
    client.force_login(alice)

    assert "Needs you" not in client.get("/activity").content.decode()


def test_a_running_job_is_stopped(client: Client, alice: User) -> None:
    job = make_scan(make_library(), done=1, total=2)
    client.force_login(alice)

    client.post(f"/activity/jobs/{job.pk}/stop")

    job.refresh_from_db()
    assert job.cancel_asked


def test_a_job_that_ended_is_not_stopped_again(client: Client, alice: User) -> None:
    job = make_scan(make_library(), State.DONE)
    client.force_login(alice)

    assert client.post(f"/activity/jobs/{job.pk}/stop").status_code == 409


def test_a_reader_may_look_and_not_touch(client: Client, bob: User, private: Library) -> None:
    job = make_scan(private)
    client.force_login(bob)

    page = client.get("/activity").content.decode()

    assert "Scanning Private" in page
    assert "Stop" not in page
    assert client.post(f"/activity/jobs/{job.pk}/stop").status_code == 403
    assert client.post("/activity/scan").status_code == 403


def test_a_stranger_sees_no_scan_of_a_private_library(
    client: Client, charlie: User, private: Library
) -> None:
    job = make_scan(private)
    make_chapter(make_series(private))
    Chapter.objects.update(problem="truncated", content=None)
    client.force_login(charlie)

    page = client.get("/activity").content.decode()

    assert "Private" not in page
    assert "Needs a curator" not in page
    assert client.post(f"/activity/jobs/{job.pk}/stop").status_code == 404


def test_anonymous_people_are_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/activity").headers["Location"] == "/login?next=/activity"
    assert client.post(f"/activity/jobs/{uuid4()}/stop").status_code == 302


def test_scan_now_asks_for_a_scan_of_each_library(client: Client, alice: User) -> None:
    libraries = {make_library("Manga").pk, make_library("Webtoons").pk}
    client.force_login(alice)

    answer = client.post("/activity/scan")

    assert answer.headers["Location"] == "/activity"
    assert set(Job.objects.values_list("subject", flat=True)) == libraries


def test_one_library_is_scanned_alone(client: Client, alice: User) -> None:
    make_library("Manga")
    wanted = make_library("Webtoons")
    client.force_login(alice)

    client.post("/activity/scan", {"library": str(wanted.pk)})

    assert [job.subject for job in Job.objects.all()] == [wanted.pk]


def test_a_curator_scans_nothing_that_they_do_not_see(
    client: Client, charlie: User, private: Library
) -> None:
    charlie.role = Role.CURATOR
    charlie.save()
    client.force_login(charlie)

    assert client.post("/activity/scan", {"library": str(private.pk)}).status_code == 404
    assert client.post("/activity/scan").status_code == 404
    assert not Job.objects.exists()


@pytest.mark.parametrize("library", ["nonsense", "0190163d-8694-739b-aea5-966c26f8ad91"])
def test_a_library_that_is_not_there_is_not_scanned(
    client: Client, alice: User, library: str
) -> None:
    make_library()
    client.force_login(alice)

    assert client.post("/activity/scan", {"library": library}).status_code == 404
    assert not Job.objects.exists()


def test_covers_are_seen_arriving(client: Client, alice: User) -> None:
    library = make_library()
    for title, state in (("Salt Road Diary", "ready"), ("Paper Tigers", "pending")):
        cover = make_content(cover_state=state)
        make_chapter(make_series(library, title, cover=cover), content=cover)
    make_scan(library, done=1, total=2)
    client.force_login(alice)

    text = Markup(client.get("/activity")).text

    assert "Arriving" in text
    assert "Salt Road Diary" in text
    assert "Paper Tigers" not in text


def test_its_script_gets_the_moving_part_alone(client: Client, alice: User) -> None:
    client.force_login(alice)
    asked = {"HX-Request": "true", "HX-Target": "activity"}

    page = client.get("/activity", headers=asked).content.decode()

    assert page.lstrip().startswith('<div id="activity"')


def test_activity_takes_twelve_questions(
    client: Client, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    library = make_library()
    make_scan(library, done=1, total=2)
    for _ in range(5):
        make_scan(library, State.DONE)
    client.force_login(alice)

    with django_assert_num_queries(12):
        client.get("/activity")


@pytest.mark.parametrize(("pressed", "state"), [({"gone": "yes"}, "approved"), ({}, "rejected")])
def test_a_loss_is_decided_by_a_button(
    client: Client, alice: User, pressed: dict[str, str], state: str
) -> None:
    loss = make_loss(make_library(), "T/T v01.cbz", "T/T v02.cbz")
    client.force_login(alice)
    page = client.get("/activity").content.decode()
    assert "2 of 4 files are gone." in page
    assert "T/T v02.cbz" in page

    client.post(f"/activity/changes/{loss.pk}", pressed)

    loss.refresh_from_db()
    assert (loss.state, loss.decided_by) == (state, alice)
    assert "2 of 4 files are gone." not in client.get("/activity").content.decode()


def test_a_curator_who_sees_not_every_rating_is_told_of_no_loss(client: Client, bob: User) -> None:
    make_loss(make_library(), "T/T v01.cbz")
    User.objects.filter(pk=bob.pk).update(role=Role.CURATOR)
    client.force_login(bob)
    assert "T/T v01.cbz" in client.get("/activity").content.decode()
    User.objects.filter(pk=bob.pk).update(highest_rating=Rating.SAFE)
    assert "T/T v01.cbz" not in client.get("/activity").content.decode()


def test_whoever_curates_nothing_is_asked_nothing(client: Client, bob: User) -> None:
    loss = make_loss(make_library(), "T/T v01.cbz")
    client.force_login(bob)
    assert "T/T v01.cbz" not in client.get("/activity").content.decode()
    assert client.post(f"/activity/changes/{loss.pk}").status_code == 403
