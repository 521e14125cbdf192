"""Taking in the bytes of one upload, so that what was told to be here is here.

    begin → write … → settle, note → … → close

`begin` and `note` ask the database, the others the disk; none may run on an event loop.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from kiremisu.accounts import roles
from kiremisu.accounts.models import Role, User
from kiremisu.jobs.models import Priority
from kiremisu.jobs.queue import enqueue
from kiremisu.lib.errors import Conflict, Mismatched, NotThere, TooLarge
from library.models import Upload
from library.uploads import staging
from library.uploads.protocol import Chunk


class Receiving:
    """One PATCH at work. Nobody else can write the upload until it is closed.

    `arrived` counts the bytes that are written, `upload.offset` those that are safe. Bytes
    with a checksum count once they are all there and are those of the checksum.
    """

    def __init__(self, upload: Upload, part: staging.Part, chunk: Chunk) -> None:
        self.upload = upload
        self.arrived = upload.offset
        self._part = part
        self._hasher, self._digest = chunk.hasher(), chunk.digest

    @property
    def waits_for_all(self) -> bool:
        """Nothing may be kept before the last byte."""
        return self._hasher is not None

    def write(self, data: bytes | bytearray) -> None:
        """Raises TooLarge past the upload's length, Unavailable when the disk is full."""
        if self.arrived + len(data) > self.upload.length:
            raise TooLarge("There are more bytes than Upload-Length said.")
        try:
            self._part.write(data)
        finally:
            # Where the disk is full a part of it may have found room.
            self.arrived = self._part.size
        if self._hasher is not None:
            self._hasher.update(data)

    def settle(self, is_whole: bool) -> None:
        """Have what arrived survive a power cut. What has a checksum, and is not all there, is
        dropped; Mismatched is raised when it is not that of the checksum."""
        if self._hasher is not None:
            fits = self._hasher.digest() == self._digest
            if not is_whole or not fits:
                self._part.cut(self.upload.offset)
                self.arrived = self.upload.offset
            if is_whole and not fits:
                raise Mismatched("Send these bytes again.")
        if self.arrived > self.upload.offset:
            self._part.settle()

    def check_room(self) -> None:
        """Raises Unavailable when the disk is about to be full."""
        staging.check_room(0)

    @transaction.atomic
    def note(self) -> None:
        """What arrived and is settled counts from now on; with the last byte a job begins.

        Raises NotThere when somebody took the upload back meanwhile.
        """
        upload, offset = self.upload, self.arrived
        is_whole = offset == upload.length
        upload.expires = expiry()
        changed = Upload.objects.filter(pk=upload.pk, state=Upload.State.OPEN).update(
            offset=offset,
            state=Upload.State.RECEIVED if is_whole else Upload.State.OPEN,
            expires=upload.expires,
            updated=Now(),
        )
        if not changed:
            raise NotThere("This upload was taken back.")
        if is_whole:
            enqueue(
                "upload",
                subject=upload.pk,
                key=f"upload:{upload.pk}",
                priority=Priority.SOON,
                asked_by=upload.user,
            )
        upload.offset = offset

    def close(self) -> None:
        self._part.close()


def begin(user: User, upload_id: UUID, chunk: Chunk) -> tuple[Upload, Receiving | None]:
    """The upload, and what takes these bytes of it in; nothing when it has all and none come.

    Raises NotThere, Forbidden, Conflict for another offset, Locked, TooLarge, Unavailable.
    """
    upload = _mine(user, upload_id)
    roles.check(user, Role.CURATOR)
    if _has_all(upload, chunk):
        return upload, None
    part = staging.Part(upload_id)
    try:
        # Again, now that it is held: whoever held it before may have brought it further.
        upload = _mine(user, upload_id)
        work = _held(upload, part, chunk)
    except BaseException:
        part.close()
        raise
    if work is None:
        part.close()
    return upload, work


def offset_of(upload: Upload) -> int:
    """From which byte on a client is to send."""
    if upload.state != Upload.State.OPEN:
        return upload.length
    return min(upload.offset, staging.size(upload.pk))


def expiry() -> datetime:
    """When an upload to which nothing more happens is over."""
    return timezone.now() + timedelta(hours=settings.UPLOAD_HOURS)


def _mine(user: User, upload_id: UUID) -> Upload:
    upload = Upload.objects.visible_to(user).select_related("user").filter(pk=upload_id).first()
    if upload is None:
        raise NotThere
    return upload


def _held(upload: Upload, part: staging.Part, chunk: Chunk) -> Receiving | None:
    if _has_all(upload, chunk):
        return None
    upload.offset = min(upload.offset, part.size)
    _check(chunk, upload.offset, upload.length)
    staging.check_room(0)
    # What lies behind came from somebody who died before it was told to be here.
    part.cut(upload.offset)
    return Receiving(upload, part, chunk)


def _has_all(upload: Upload, chunk: Chunk) -> bool:
    if upload.state == Upload.State.OPEN:
        return False
    _check(chunk, upload.length, upload.length)
    return True


def _check(chunk: Chunk, offset: int, length: int) -> None:
    if chunk.offset != offset:
        raise Conflict(f"The next byte is number {offset}.", code="wrong_offset")
    if chunk.size is not None and chunk.offset + chunk.size > length:
        raise TooLarge("There are more bytes than Upload-Length said.")
