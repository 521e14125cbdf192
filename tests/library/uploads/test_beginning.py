"""What may be sent, by whom, and how much of it."""

import os
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from kiremisu.accounts.models import User
from kiremisu.lib.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotThere,
    Refused,
    Throttled,
    TooLarge,
    Unavailable,
)
from library import uploads
from library.models import Library, Upload
from library.uploads import staging
from tests.library.uploads.sending import Sender

pytestmark = [pytest.mark.django_db, pytest.mark.quick]


def refused(kind: type[Refused], sender: Sender, length: int = 10, **fields: str) -> str:
    with pytest.raises(kind) as caught:
        sender.begin(length, **fields)
    return caught.value.code


def test_names_are_made_safe_at_once(sender: Sender) -> None:
    upload = sender.begin(10, "Re: Zero c001.cbz", folder=".hack/Extras?")
    assert (upload.name, upload.folder) == ("Re_ Zero c001.cbz", "hack/Extras_")


def test_a_file_has_one_byte_and_at_most_so_many(sender: Sender, settings: Settings) -> None:
    settings.UPLOAD_LIMIT = 100
    assert refused(Invalid, sender, 0) == "invalid"
    assert sender.begin(1)
    assert sender.begin(100)
    assert refused(TooLarge, sender, 101) == "too_large"


def test_a_persons_uploads_have_at_most_so_many_bytes_together(
    sender: Sender, alice: User, settings: Settings
) -> None:
    settings.UPLOAD_QUOTA = 100
    first = sender.begin(60)
    assert refused(Throttled, sender, 41) == "quota"
    assert sender.begin(40)
    assert Sender(alice, sender.library).begin(100)
    uploads.take_back(first)
    assert sender.begin(60)


def test_what_is_in_its_library_no_longer_counts(sender: Sender, settings: Settings) -> None:
    settings.UPLOAD_QUOTA = 100
    sender.begin(100)
    Upload.objects.update(state=Upload.State.FAILED)
    assert refused(Throttled, sender, 1) == "quota"
    Upload.objects.update(state=Upload.State.DONE)
    assert sender.begin(100)


def test_a_person_has_at_most_so_many_uploads(sender: Sender, settings: Settings) -> None:
    settings.UPLOADS_EACH = 2
    for _ in range(2):
        sender.begin(1)
    assert refused(Throttled, sender, 1) == "too_many_uploads"


def test_so_much_of_a_disk_stays_free(
    sender: Sender, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.UPLOAD_RESERVE = 1000
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(0, 0, 1100))
    first = sender.begin(60)
    assert refused(Unavailable, sender, 41) == "no_room"
    assert sender.begin(40)
    sender.append(first, 0, bytes(50))
    # What came took its room already.
    assert sender.begin(10)


def test_a_disk_that_turns_out_full_is_said(sender: Sender) -> None:
    part = staging.Part(sender.begin(10).pk)
    with closing(part._file), open("/dev/full", "r+b", buffering=0) as full:
        part._file = full
        with pytest.raises(Unavailable) as caught:
            part.write(b"hello")
    assert caught.value.code == "no_room"


def test_a_folder_that_leads_away_is_refused(sender: Sender, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (Path(sender.library.root) / "link").symlink_to(tmp_path / "elsewhere")
    assert refused(Invalid, sender, folder="../elsewhere") == "invalid"
    assert refused(Conflict, sender, folder="link") == "link"
    assert refused(Conflict, sender, folder="link/below") == "link"


def test_a_file_is_no_folder(sender: Sender) -> None:
    (Path(sender.library.root) / "Salt Road").touch()
    assert refused(Conflict, sender, folder="Salt Road") == "no_folder"
    assert refused(Conflict, sender, folder="Salt Road/Extras") == "no_folder"


def test_a_library_that_may_only_be_read_takes_nothing(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK and asked(path, mode))
    assert refused(Forbidden, sender) == "read_only"


def test_a_library_that_is_not_there_takes_nothing(sender: Sender) -> None:
    Path(sender.library.root).rmdir()
    assert refused(Unavailable, sender) == "root_unreachable"


@pytest.mark.parametrize("told", ["", "Manga", "7"])
def test_a_library_is_named_by_its_id(sender: Sender, told: str) -> None:
    assert refused(Invalid, sender, library=told) == "invalid"


def test_a_library_that_one_does_not_see_is_not_there(sender: Sender, private: Library) -> None:
    sender.library = private
    assert refused(NotThere, sender) == "not_found"


def test_what_nobody_needs_any_more_makes_room(sender: Sender, settings: Settings) -> None:
    settings.UPLOADS_EACH = 1
    old = sender.begin(10)
    sender.append(old, 0, b"hello")
    Upload.objects.update(expires=old.created)
    assert sender.begin(10)
    assert not staging.path(old.pk).exists()


@pytest.mark.parametrize("facts", [{"offset": 11}, {"state": "lost"}])
def test_the_database_refuses_what_cannot_be(sender: Sender, facts: dict[str, object]) -> None:
    sender.begin(10)
    with pytest.raises(IntegrityError), transaction.atomic():
        Upload.objects.update(**facts)
