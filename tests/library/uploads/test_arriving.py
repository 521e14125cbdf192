"""Bodies on their way: cut, silent, taken over, and processes that die."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from kiremisu.jobs.models import Job
from kiremisu.lib.errors import NotThere, Unavailable
from kiremisu.lib.notices import announce, listen, wait_until_listening
from kiremisu.lib.threads import ask
from library import uploads
from library.models import Upload
from library.uploads import arriving, receiving, staging
from library.uploads.arriving import TOPIC, Arrival
from library.uploads.protocol import Chunk
from library.uploads.receiving import begin, offset_of
from tests.kiremisu.jobs.streams import play
from tests.library.uploads.sending import Body, Sender
from tests.live import database_url

pytestmark = pytest.mark.django_db(transaction=True)


async def arrived(sender: Sender, upload: Upload, body: Body, chunk: Chunk) -> bool:
    """Take this body in as a PATCH does."""
    _, work = await ask(begin, sender.user, upload.pk, chunk)
    assert work is not None
    try:
        return await Arrival(work, body.receive).whole()
    finally:
        work.close()


def counted(upload: Upload) -> tuple[int, int, bytes]:
    """What is told, what the database knows, what is on disk."""
    upload.refresh_from_db()
    return offset_of(upload), upload.offset, staging.path(upload.pk).read_bytes()


def test_what_came_before_a_cut_counts(sender: Sender) -> None:
    upload = sender.begin(10)

    async def scene() -> None:
        body = Body([b"hel", b"lo"], cut=True)
        assert not await arrived(sender, upload, body, Chunk(0, 10))

    play(scene)
    assert counted(upload) == (5, 5, b"hello")
    sender.append(upload, 5, b"world")
    assert counted(upload) == (10, 10, b"helloworld")


def test_of_bytes_with_a_checksum_nothing_counts_before_the_last(sender: Sender) -> None:
    upload = sender.begin(10)

    async def scene() -> None:
        body = Body([b"hel", b"lo"], cut=True)
        assert not await arrived(sender, upload, body, Chunk(0, 10, "sha1", b"x" * 20))

    play(scene)
    assert counted(upload) == (0, 0, b"")


def test_bytes_count_while_more_come(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "_BATCH", 2)
    monkeypatch.setattr(arriving, "_NOTED", 4)
    noted: list[int] = []
    note = receiving.Receiving.note

    def noting(work: receiving.Receiving) -> None:
        noted.append(work.arrived)
        note(work)

    monkeypatch.setattr(receiving.Receiving, "note", noting)
    upload = sender.begin(10)

    async def scene() -> None:
        assert await arrived(sender, upload, Body([b"ab"] * 5), Chunk(0, 10))

    play(scene)
    assert noted == [4, 8, 10]
    assert counted(upload) == (10, 10, b"ababababab")
    assert Job.objects.filter(kind="upload").count() == 1


def test_bytes_of_an_upload_that_was_taken_back_are_refused(sender: Sender) -> None:
    upload = sender.begin(10)

    async def scene() -> None:
        body = Body([b"hello", b"world"])
        _, work = await ask(begin, sender.user, upload.pk, Chunk(0, 10))
        assert work is not None
        await ask(uploads.take_back, upload)
        with pytest.raises(NotThere):
            await Arrival(work, body.receive).whole()
        work.close()

    play(scene)
    assert staging.everybodys() == set()
    assert not Job.objects.filter(kind="upload").exists()


def test_what_found_room_before_the_disk_was_full_counts(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "_BATCH", 2)
    write = staging.Part.write

    def filling(part: staging.Part, data: bytes) -> None:
        write(part, data[: max(0, 5 - part.size)])
        if part.size == 5:
            raise staging.no_room()

    monkeypatch.setattr(staging.Part, "write", filling)
    upload = sender.begin(10)

    async def scene() -> None:
        with pytest.raises(Unavailable, match="no room"):
            await arrived(sender, upload, Body([b"he", b"ll", b"ow", b"or"]), Chunk(0, 10))

    play(scene)
    assert counted(upload) == (5, 5, b"hello")


def test_who_says_nothing_any_more_is_let_go(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "_SILENCE", 0.01)
    upload = sender.begin(10)

    async def scene() -> None:
        body = Body([b"hello"], silent=True)
        with pytest.raises(Unavailable, match="Nothing came"):
            await arrived(sender, upload, body, Chunk(0, 10))

    play(scene)
    assert counted(upload) == (5, 5, b"hello")


def stop(upload: Upload, at: float | None = None) -> None:
    """What a client says that came back, now or at some moment before."""
    announce(TOPIC, upload.pk, at=time.monotonic() if at is None else at)


def test_what_was_said_before_is_meant_for_the_one_before(sender: Sender) -> None:
    upload = sender.begin(10)
    heard = threading.Event()

    async def scene() -> None:
        before = time.monotonic()
        body = Body([b"hello"], silent=True)
        sending = asyncio.create_task(arrived(sender, upload, body, Chunk(0, 10)))
        await body.waited.wait()
        deafen = listen(TOPIC, lambda _: heard.set())
        assert await asyncio.to_thread(wait_until_listening, 60)
        await ask(stop, upload, before)
        assert await asyncio.to_thread(heard.wait, 60)
        assert not (await asyncio.wait([sending], timeout=0.2))[0]
        await ask(stop, upload)
        with pytest.raises(Unavailable):
            await sending
        deafen()

    play(scene)


def test_a_client_that_came_back_ends_what_it_left_open(sender: Sender) -> None:
    upload = sender.begin(10)

    async def scene() -> None:
        body = Body([b"hello"], silent=True)
        sending = asyncio.create_task(arrived(sender, upload, body, Chunk(0, 10)))
        await body.waited.wait()
        await asyncio.to_thread(wait_until_listening)
        await ask(stop, upload)
        with pytest.raises(Unavailable):
            await sending

    play(scene)
    assert counted(upload) == (5, 5, b"hello")


def test_bytes_that_were_never_told_to_be_here_are_cut_off(sender: Sender) -> None:
    upload = sender.begin(10)
    sender.append(upload, 0, b"hello")
    with staging.path(upload.pk).open("ab") as file:
        file.write(b"w0r")
    assert counted(upload) == (5, 5, b"hellow0r")
    sender.append(upload, 5, b"world")
    assert counted(upload) == (10, 10, b"helloworld")


def test_bytes_that_are_gone_are_asked_for_again(sender: Sender) -> None:
    upload = sender.begin(10)
    sender.append(upload, 0, b"hello")
    os.truncate(staging.path(upload.pk), 2)
    assert counted(upload) == (2, 5, b"he")
    sender.append(upload, 2, b"lloworld")
    assert counted(upload) == (10, 10, b"helloworld")


DYING = """
import os, signal, sys
from uuid import UUID
import django
django.setup()
from kiremisu.accounts.models import User
from library.uploads.protocol import Chunk
from library.uploads.receiving import begin
_, work = begin(User.objects.get(), UUID(sys.argv[1]), Chunk(0, 10))
work.write(b"hel")
work.settle(True)
work.note()
work.write(b"lo")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_killed_between_write_and_count_leaves_what_was_told(
    sender: Sender,
) -> None:
    upload = sender.begin(10)
    assert killed(upload, staging.path(upload.pk).parent) == -signal.SIGKILL
    # Nobody holds it, nothing is left to wait for, and what was told is there.
    assert counted(upload) == (3, 3, b"hello")
    sender.append(upload, 3, b"loworld")
    assert counted(upload) == (10, 10, b"helloworld")


def killed(upload: Upload, folder: Path) -> int:
    """The exit status of a process that dies while it takes this upload in."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.library.uploads.dying_settings",
        "DATABASE_URL": database_url(),
        "UPLOADS_DIR": str(folder),
    }
    command = [sys.executable, "-c", DYING, str(upload.pk)]
    return subprocess.run(command, env=environment, check=False).returncode
