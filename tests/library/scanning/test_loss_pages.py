"""What looks like a loss, from the folder to the page that asks about it and the button."""

from collections.abc import Callable

import pytest
from django.test import Client

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job, State
from kiremisu.lib.errors import Unavailable
from library import scanning
from library.models import Loss
from tests.library.scanning.driving import Shelf

BUTTON = "They are gone</button>"


@pytest.fixture
def page(client: Client, alice: User, shelf: Shelf) -> Callable[[], str]:
    """Activity as an administrator sees it, of a library of six files."""
    for number in range(1, 7):
        shelf.put(f"{'T' if number < 4 else 'U'}/T v0{number}.cbz", first=number * 9)
    scanning.scan(shelf.library)
    client.force_login(alice)

    def shown() -> str:
        return client.get("/activity").content.decode()

    return shown


def scan(shelf: Shelf) -> str:
    """What becomes of the scan's job."""
    try:
        scanning.scan(shelf.library)
    except Unavailable as error:
        return error.detail
    return ""


def test_half_of_the_files_are_asked_about_and_marked_by_the_button(
    shelf: Shelf, client: Client, page: Callable[[], str]
) -> None:
    before = shelf.paths
    shelf.remove("T")
    assert scan(shelf) == ""
    assert shelf.paths == before
    assert "3 of 6 files are gone." in page()
    assert BUTTON in page()
    client.post(f"/activity/changes/{Loss.objects.get().pk}", {"gone": "yes"})
    assert scan(shelf) == ""
    assert shelf.paths == before[3:]
    assert BUTTON not in page()


def test_an_unmounted_root_is_asked_about_and_all_is_well_once_it_is_back(
    shelf: Shelf, page: Callable[[], str]
) -> None:
    before = shelf.paths
    shelf.root.rename(shelf.root.with_name("away"))
    shelf.root.mkdir()
    assert "empty" in scan(shelf)
    assert shelf.paths == before
    assert "The folder is empty, but 6 files were in it." in page()
    assert BUTTON in page()
    shelf.root.rmdir()
    shelf.root.with_name("away").rename(shelf.root)
    assert scan(shelf) == ""
    assert shelf.paths == before
    assert BUTTON not in page()


def test_a_root_that_failed_is_told_of_with_its_reason_and_a_button(
    shelf: Shelf, client: Client, page: Callable[[], str]
) -> None:
    shelf.root.rename(shelf.root.with_name("away"))
    assert "cannot be read" in scan(shelf)
    failed = Job.objects.filter(kind="scan", state=State.FAILED).get()
    assert "folder cannot be read" in page()
    assert f"/activity/jobs/{failed.pk}/retry" in page()
    shelf.root.with_name("away").rename(shelf.root)
    client.post(f"/activity/jobs/{failed.pk}/retry")
    assert scan(shelf) == ""
    failed.refresh_from_db()
    assert failed.state == State.DONE
    assert "folder cannot be read" not in page()
