"""From the last byte to the library."""

import errno
import os
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from kiremisu.accounts.models import Role, User
from kiremisu.jobs import leases
from kiremisu.jobs.models import Job, State
from kiremisu.jobs.queue import enqueue
from kiremisu.jobs.running import run, run_now
from library import scanning, uploads
from library.models import Chapter, Library, Upload
from library.uploads import placing, staging, tasks
from library.uploads.placing import Place
from tests.files import make_7z, make_pdf, make_rar, make_tar, make_zip
from tests.library.uploads.sending import NAME, Sender

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(tmp_path: Path) -> bytes:
    return make_zip(tmp_path / "a.cbz").read_bytes()


def taken_in(upload: Upload) -> Job:
    """The job of this upload, run to its end."""
    job = run_now(Job.objects.get(kind="upload", subject=upload.pk))
    upload.refresh_from_db()
    return job


def lying_in(library: Library) -> dict[str, bytes]:
    """Every file below a library's folder, hidden ones too."""
    root = Path(library.root)
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_a_book_goes_to_its_library_and_is_found_by_a_scan(sender: Sender, book: bytes) -> None:
    upload = sender.sent(book, folder="Salt Road")
    assert taken_in(upload).state == State.DONE
    assert (upload.state, upload.path) == ("done", f"Salt Road/{NAME}")
    assert lying_in(sender.library) == {f"Salt Road/{NAME}": book}
    assert not staging.path(upload.pk).exists()
    scan = Job.objects.get(kind="scan")
    assert (scan.subject, scan.asked_by) == (sender.library.pk, sender.user)
    run_now(scan)
    assert Chapter.objects.get().path == upload.path


@pytest.mark.parametrize("make", [make_rar, make_tar, make_7z, make_pdf])
def test_a_book_of_any_format_does(
    sender: Sender, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    data = make(tmp_path / "book.cbz").read_bytes()
    upload = sender.sent(data)
    taken_in(upload)
    assert lying_in(sender.library) == {NAME: data}


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"MZ" + bytes(1000), "not_an_archive"), (b"PK\3\4 cut off", "truncated")],
)
def test_what_cannot_be_read_is_kept_and_never_moved(
    sender: Sender, data: bytes, code: str
) -> None:
    upload = sender.sent(data)
    assert taken_in(upload).state == State.DONE
    assert (upload.state, upload.code) == ("failed", code)
    assert upload.detail
    assert lying_in(sender.library) == {}
    assert Path(uploads.file_of(upload)).read_bytes() == data
    assert not Job.objects.filter(kind="scan").exists()


def test_a_book_without_pages_is_kept_and_never_moved(sender: Sender, tmp_path: Path) -> None:
    data = make_zip(tmp_path / "a.cbz", {"notes.txt": b"no page"}).read_bytes()
    upload = sender.sent(data)
    taken_in(upload)
    assert (upload.state, upload.code) == ("failed", "no_pages")
    assert lying_in(sender.library) == {}


def test_nothing_is_ever_overwritten(sender: Sender, book: bytes) -> None:
    root = Path(sender.library.root)
    (root / NAME).write_bytes(b"mine")
    (root / "Salt Road c001 (2).cbz").symlink_to("/nowhere")
    upload = sender.sent(book)
    taken_in(upload)
    assert upload.path == "Salt Road c001 (3).cbz"
    assert (root / NAME).read_bytes() == b"mine"
    assert (root / upload.path).read_bytes() == book


def test_so_many_files_may_want_one_name(
    sender: Sender, book: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "_MOST", 1)
    first, second = sender.sent(book), sender.sent(book)
    taken_in(first)
    taken_in(second)
    assert (first.state, second.state, second.code) == ("done", "failed", "too_many_names")
    assert lying_in(sender.library) == {NAME: book}


def test_a_folder_that_is_there_is_used_whatever_its_name(sender: Sender, book: bytes) -> None:
    (Path(sender.library.root) / "Re: Zero?").mkdir()
    upload = sender.sent(book, folder="Re: Zero?")
    taken_in(upload)
    assert upload.path == f"Re: Zero?/{NAME}"


def test_a_link_on_the_way_is_not_followed(sender: Sender, book: bytes, tmp_path: Path) -> None:
    upload = sender.sent(book, folder="Salt Road")
    (tmp_path / "elsewhere").mkdir()
    (Path(sender.library.root) / "Salt Road").symlink_to(tmp_path / "elsewhere")
    taken_in(upload)
    assert (upload.state, upload.code) == ("failed", "link")
    assert os.listdir(tmp_path / "elsewhere") == []


def test_a_link_that_appears_at_the_last_moment_is_not_followed(
    sender: Sender, book: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = sender.sent(book, folder="Salt Road")
    (tmp_path / "elsewhere").mkdir()

    def too_late(root: str, folder: str) -> None:
        (Path(root) / folder).symlink_to(tmp_path / "elsewhere")

    monkeypatch.setattr(placing, "check_writable", too_late)
    taken_in(upload)
    assert (upload.state, upload.code) == ("failed", "link")
    assert os.listdir(tmp_path / "elsewhere") == []


def test_who_may_no_longer_upload_does_not(sender: Sender, book: bytes) -> None:
    upload = sender.sent(book)
    User.objects.update(role=Role.READER)
    taken_in(upload)
    assert (upload.state, upload.code) == ("failed", "forbidden")
    assert lying_in(sender.library) == {}


def test_what_was_taken_back_does_not_come_after_all(sender: Sender, book: bytes) -> None:
    upload = sender.sent(book)
    job = leases.claim_this(Job.objects.get(kind="upload"))
    assert job is not None

    def meanwhile(job: Job) -> None:
        uploads.take_back(upload)

    run(job, watch=meanwhile)
    job.refresh_from_db()
    assert job.state == State.DONE
    assert lying_in(sender.library) == {}
    assert not staging.path(upload.pk).exists()


class Failing:
    """Stands in for a call of the disk that fails so often, then works."""

    def __init__(self, call: Callable[..., Any], code: int, times: int) -> None:
        self.call, self.code, self.times = call, code, times

    def __call__(self, *args: Any, **facts: Any) -> Any:
        if self.times:
            self.times -= 1
            raise OSError(self.code, os.strerror(self.code))
        return self.call(*args, **facts)


@pytest.mark.parametrize(
    ("code", "told"),
    [(errno.ENOSPC, "no_room"), (errno.EROFS, "read_only"), (errno.EIO, "crashed")],
)
def test_a_library_that_cannot_be_written_is_said_and_holds_nothing(
    sender: Sender, book: bytes, monkeypatch: pytest.MonkeyPatch, code: int, told: str
) -> None:
    upload = sender.sent(book)
    monkeypatch.setattr(os, "fsync", Failing(os.fsync, code, 1))
    job = taken_in(upload)
    assert (upload.state, upload.code) == ("failed", told)
    assert job.state == (State.DONE if told == "read_only" else State.FAILED)
    assert lying_in(sender.library) == {}
    assert staging.path(upload.pk).read_bytes() == book


def test_another_try_goes_on_where_one_failed(
    sender: Sender, book: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = sender.sent(book)
    monkeypatch.setattr(os, "fsync", Failing(os.fsync, errno.ENOSPC, 1))
    job = leases.claim_this(Job.objects.get(kind="upload"))
    assert job is not None
    run(job)
    job.refresh_from_db()
    assert job.state == State.WAITING
    run_now(job)
    upload.refresh_from_db()
    assert (upload.state, upload.code, upload.detail) == ("done", "", "")
    assert lying_in(sender.library) == {NAME: book}


def test_a_worker_that_loses_its_job_after_the_name_was_given_leaves_one_file(
    sender: Sender, book: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = sender.sent(book)
    job = leases.claim_this(Job.objects.get(kind="upload"))
    assert job is not None
    name, lost = Place.name, {"owner": "", "state": State.QUEUED}

    def losing(place: Place, wanted: str) -> str:
        Job.objects.filter(pk=job.pk).update(**lost)
        return name(place, wanted)

    monkeypatch.setattr(Place, "name", losing)
    run(job)
    upload.refresh_from_db()
    assert upload.state == "received"
    monkeypatch.undo()
    # What the worker undid as it noticed was done by somebody else.
    Job.objects.filter(pk=job.pk).update(**lost)
    taken_in(upload)
    assert (upload.state, upload.path) == ("done", NAME)
    assert lying_in(sender.library) == {NAME: book}


def test_a_file_system_without_links_will_do(
    sender: Sender, book: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    (Path(sender.library.root) / NAME).write_bytes(b"mine")
    upload = sender.sent(book)
    monkeypatch.setattr(os, "link", Failing(os.link, errno.EPERM, 99))
    taken_in(upload)
    assert lying_in(sender.library) == {NAME: b"mine", "Salt Road c001 (2).cbz": book}


def test_a_large_book_says_how_far_it_is(
    sender: Sender, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "_BLOCK", 1 << 19)
    monkeypatch.setattr(placing, "_SHOWN_EVERY", 1 << 20)
    pages = {f"{n}.png": os.urandom(1 << 20) for n in range(3)} | {"4.png": bytes(100)}
    data = make_zip(tmp_path / "a.cbz", pages, zipfile.ZIP_STORED).read_bytes()
    sender.sent(data)
    seen: list[tuple[int, int | None]] = []
    monkeypatch.setattr(tasks, "_check", lambda upload: None)
    run_now(Job.objects.get(kind="upload"), lambda job: seen.append((job.done, job.total)))
    assert [step for step in seen if step[1] == 4][:4] == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_scan_that_runs_already_is_followed_by_another(sender: Sender, book: bytes) -> None:
    running = scanning.request(sender.library)
    assert leases.claim_this(running) is not None
    upload = sender.sent(book)
    taken_in(upload)
    again = Job.objects.get(kind="upload", state=State.WAITING)
    assert again.subject == upload.pk
    leases.end(Job.objects.get(pk=running.pk), State.DONE)
    run_now(again)
    assert Job.objects.filter(kind="scan", state=State.QUEUED).count() == 1
    assert lying_in(sender.library) == {NAME: book}


def test_at_night_what_is_over_is_forgotten(sender: Sender) -> None:
    old, new = sender.begin(10), sender.begin(10)
    for upload in (old, new):
        sender.append(upload, 0, b"hello")
    staging.path(sender.library.pk).write_bytes(b"nobody's")
    Upload.objects.filter(pk=old.pk).update(expires=timezone.now() - timedelta(seconds=1))
    (kind,) = {"expired-uploads"} & set(settings.JOBS_NIGHTLY)
    assert run_now(enqueue(kind)).state == State.DONE
    assert list(Upload.objects.all()) == [new]
    assert staging.everybodys() == {new.pk}
