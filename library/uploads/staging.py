"""The bytes of uploads, in the data folder, until they go to a library or nowhere.

One file an upload, named by its id. Whoever writes it holds it by a lock that the kernel lets
go when the process dies, so that there is one writer at a time, over all processes.
"""

import errno
import fcntl
import os
import shutil
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from django.conf import settings

from kiremisu.lib.errors import Locked, Unavailable

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW


def path(upload_id: UUID) -> Path:
    """Where the bytes of this upload lie, once the first have come."""
    return Path(settings.UPLOADS_DIR, upload_id.hex)


def size(upload_id: UUID) -> int:
    """How many bytes there are on disk."""
    try:
        return path(upload_id).stat().st_size
    except FileNotFoundError:
        return 0


def remove(upload_id: UUID) -> None:
    """Forget the bytes. It is no matter where there are none."""
    path(upload_id).unlink(missing_ok=True)


def everybodys() -> set[UUID]:
    """The uploads of which there are bytes."""
    found = set()
    with suppress(FileNotFoundError):
        for name in os.listdir(settings.UPLOADS_DIR):
            with suppress(ValueError):
                found.add(UUID(hex=name))
    return found


def check_room(wanted: int, folder: str | None = None) -> None:
    """Raises Unavailable unless so many bytes fit on the disk of this folder, the one for
    uploads unless said, and settings' UPLOAD_RESERVE stays free."""
    if shutil.disk_usage(folder or _home()).free < wanted + settings.UPLOAD_RESERVE:
        raise no_room()


def no_room() -> Unavailable:
    return Unavailable("There is no room on the disk for this.", code="no_room", retry_after=60)


def is_full(error: OSError) -> bool:
    """Whether it says that a disk, or what one may have of it, is full."""
    return error.errno in _FULL


def is_held(upload_id: UUID) -> bool:
    """Whether somebody writes it at this moment."""
    try:
        with path(upload_id).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


class Part:
    """The staged file of one upload, held by one writer until it is closed.

    Raises Locked where another holds it.
    """

    def __init__(self, upload_id: UUID) -> None:
        self._folder = _home()
        place = path(upload_id)
        # Held as long as this is; closed by `close`.
        self._file = open(os.open(place, _FLAGS, 0o600), "r+b", buffering=0)  # noqa: SIM115
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise Locked("Another connection sends this upload.", retry_after=1) from None

    @property
    def size(self) -> int:
        return os.fstat(self._file.fileno()).st_size

    def cut(self, size: int) -> None:
        """Drop what lies behind so many bytes; what is written next comes there."""
        self._file.truncate(size)
        self._file.seek(size)

    def write(self, data: bytes | bytearray) -> None:
        """Raises Unavailable when the disk is full; then some of it may be written."""
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise (no_room() if is_full(error) else error) from error

    def settle(self) -> None:
        """Have all of it survive a power cut, the file's name too."""
        os.fsync(self._file.fileno())
        folder = os.open(self._folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def close(self) -> None:
        self._file.close()


def _home() -> Path:
    """The folder of all of them, made where it is missing."""
    place = Path(settings.UPLOADS_DIR)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place
