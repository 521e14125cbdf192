"""What looks like a loss waits for a person's word."""

import os

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kiremisu.accounts.models import AuditEntry, Role, User
from kiremisu.jobs.models import Job, State
from kiremisu.lib.errors import Conflict, Forbidden, Unavailable
from library import disk, losses, scanning
from library.models import Loss, Sidecar
from library.scanning import timetable
from tests.asking import Asker
from tests.library.scanning.driving import Shelf

HALF = [f"T/T v0{number}.cbz" for number in range(1, 4)]


@pytest.fixture
def carla(db: None) -> User:
    return User.objects.create_user("carla", role=Role.CURATOR)


@pytest.fixture
def halved(shelf: Shelf) -> Shelf:
    """Of six files three are gone, and what lay beside them."""
    for number in range(1, 7):
        shelf.put(f"{'T' if number < 4 else 'U'}/T v0{number}.cbz", first=number * 9)
    shelf.write("T/details.json", b'{"title": "T", "author": "Ada"}')
    shelf.scan()
    shelf.remove("T")
    return shelf


def test_half_of_the_files_gone_are_not_marked(halved: Shelf) -> None:
    tally = halved.scan()
    assert (tally.missing, tally.held, len(halved.paths)) == (0, 3, 6)
    loss = Loss.objects.get()
    assert (loss.reason, loss.state, loss.paths) == ("many", "waiting", HALF)
    assert loss.says == "3 of 6 files are gone."
    assert Sidecar.objects.filter(path="T/details.json").exists()


def test_a_second_look_at_the_same_loss_writes_nothing(halved: Shelf) -> None:
    halved.scan()
    before = list(Loss.objects.values())
    with CaptureQueriesContext(connection) as queries:
        halved.scan()
    said = {query["sql"].split()[0] for query in queries.captured_queries}
    assert not {"UPDATE", "INSERT", "DELETE"} & said
    assert list(Loss.objects.values()) == before


def test_what_is_approved_is_marked_by_the_next_scan(halved: Shelf, carla: User) -> None:
    halved.scan()
    losses.approve(Loss.objects.get(), carla)
    assert Job.objects.filter(kind="scan", asked_by=carla).exists()
    tally = halved.scan()
    assert (tally.missing, tally.held, len(halved.paths)) == (3, 0, 3)
    assert (Loss.objects.get().state, Loss.objects.get().paths) == ("over", [])
    assert not Sidecar.objects.exists()
    assert AuditEntry.objects.filter(act="library.loss_approved", who=carla.pk).exists()


def test_what_is_rejected_stays_and_is_not_asked_again(halved: Shelf, carla: User) -> None:
    halved.scan()
    losses.reject(Loss.objects.get(), carla)
    assert (halved.scan().held, len(halved.paths)) == (0, 6)
    assert not losses.waiting(carla).exists()
    # Nor is what lay beside them forgotten.
    assert Sidecar.objects.filter(path="T/details.json").exists()


def test_what_was_rejected_may_turn_out_to_be_gone(halved: Shelf, carla: User) -> None:
    halved.scan()
    losses.reject(Loss.objects.get(), carla)
    losses.approve(Loss.objects.get(), carla)
    assert halved.scan().missing == 3
    with pytest.raises(Conflict):
        losses.approve(Loss.objects.get(), carla)


def test_the_word_on_those_that_came_back_is_spent(halved: Shelf, carla: User) -> None:
    halved.scan()
    losses.reject(Loss.objects.get(), carla)
    for number in (1, 2):
        halved.put(f"T/T v0{number}.cbz", first=number * 9)
    halved.scan()
    assert Loss.objects.get().paths == ["T/T v03.cbz"]


def test_a_word_given_when_a_scan_had_passed_asks_for_another(halved: Shelf, carla: User) -> None:
    halved.scan()
    scanning.request(halved.library)
    Job.objects.update(started=timezone.now(), state=State.RUNNING)
    losses.approve(Loss.objects.get(), carla)
    assert timetable.ask() == []
    Job.objects.update(finished=timezone.now(), state=State.DONE)
    (job,) = timetable.ask()
    assert (job.kind, job.subject) == ("scan", halved.library.pk)


def test_a_loss_that_comes_back_is_over(halved: Shelf) -> None:
    halved.scan()
    for number in range(1, 4):
        halved.put(f"T/T v0{number}.cbz", first=number * 9)
    assert halved.scan().held == 0
    assert Loss.objects.get().state == "over"


def test_the_word_on_what_came_back_does_not_stand_for_the_next_loss(
    halved: Shelf, carla: User
) -> None:
    halved.scan()
    losses.reject(Loss.objects.get(), carla)
    for number in range(1, 4):
        halved.put(f"T/T v0{number}.cbz", first=number * 9)
    halved.scan()
    halved.remove("T")
    assert halved.scan().held == 3


def test_more_that_goes_meanwhile_is_asked_about_anew(halved: Shelf, carla: User) -> None:
    halved.scan()
    first = Loss.objects.get()
    halved.remove("U/T v04.cbz")
    halved.scan()
    assert Loss.objects.get().count == 4
    with pytest.raises(Conflict):
        losses.approve(first, carla)


def test_files_found_elsewhere_are_no_loss(halved: Shelf) -> None:
    for number in range(1, 4):
        halved.put(f"Other/T v0{number}.cbz", first=number * 9)
    tally = halved.scan()
    assert (tally.moved, tally.held, Loss.objects.count()) == (3, 0, 0)


def test_an_empty_folder_waits_for_a_word_and_is_believed_then(halved: Shelf, carla: User) -> None:
    halved.remove("U")
    with pytest.raises(Unavailable, match="empty"):
        halved.scan()
    loss = Loss.objects.get()
    assert (loss.reason, loss.count, len(halved.paths)) == ("empty", 6, 6)
    losses.approve(loss, carla)
    assert (halved.scan().missing, halved.paths) == (6, [])


def test_on_another_disk_one_file_is_asked_about(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 9):
        shelf.put(f"T/T v0{number}.cbz", first=number * 9)
    shelf.scan()
    shelf.remove("T/T v01.cbz")
    device, inode = disk.identity(str(shelf.root))
    monkeypatch.setattr(disk, "identity", lambda _: (device + 1, inode))
    assert (shelf.scan().held, Loss.objects.get().reason) == (1, "elsewhere")
    shelf.library.refresh_from_db()
    assert shelf.library.device == device == os.stat(shelf.root).st_dev


def test_readers_decide_nothing(halved: Shelf, bob: User) -> None:
    halved.scan()
    for decide in (losses.approve, losses.reject):
        with pytest.raises(Forbidden):
            decide(Loss.objects.get(), bob)
    assert Loss.objects.get().state == "waiting"


def test_the_api_lists_them_and_takes_a_word(halved: Shelf, carla: User) -> None:
    halved.scan()
    asker, at = Asker(carla), f"libraries/{halved.library.pk}/changes"
    (one,) = asker.get(at)["items"]
    assert (one["count"], one["known"], one["examples"]) == (3, 6, HALF)
    asker.post(f"{at}/{one['id']}/approve", status=204)
    asker.post(f"{at}/{one['id']}/reject", status=409)
    assert asker.get(at)["items"][0]["state"] == "approved"
