"""Files that curators send to a library: the one way in which something new gets there.

    begin → (receiving: bytes come) → received → (tasks.take_in) → done | failed

Until it is done an upload lies in the data folder. What cannot be read stays there, for its
owner to look at, until its time is over.
"""

import os
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Sum
from django.db.models.functions import Now

from kiremisu.accounts import roles
from kiremisu.accounts.models import Role, User
from kiremisu.lib.errors import FieldError, Invalid, NotThere, Throttled, TooLarge
from kiremisu.lib.schemas import part
from library.models import Library, Upload
from library.uploads import names, placing, receiving, staging
from library.uploads.protocol import Beginning
from library.uploads.schemas import UploadsWanted


def begin(user: User, wanted: Beginning) -> Upload:
    """Make ready for a file of so many bytes. Its metadata: `filename`, `library` (an id) and,
    if it shall not lie in the library's own folder, `folder` (a path below it).

    Raises Forbidden for readers and where nothing may be written, NotThere for a library that
    they do not see, Invalid, Conflict, TooLarge, Throttled past the quota, Unavailable when
    the disk is full.
    """
    roles.check(user, Role.CURATOR)
    library = _library(user, wanted.fields.get("library", ""))
    name = names.file_name(wanted.fields.get("filename", ""))
    folder = _folder(library, wanted.fields.get("folder", ""))
    _check_length(wanted.length)
    placing.check_writable(library.folder, folder)
    forget_expired()
    with transaction.atomic():
        # One after the other, so that two at once cannot pass the quota.
        User.objects.select_for_update().get(pk=user.pk)
        _check_quota(user, wanted.length)
        staging.check_room(wanted.length + _promised())
        staging.check_room(wanted.length, library.folder)
        return Upload.objects.create(
            user=user,
            library=library,
            name=name,
            folder=folder,
            metadata=wanted.metadata,
            length=wanted.length,
            expires=receiving.expiry(),
        )


def take_back(upload: Upload) -> None:
    """Forget an upload and its bytes. A file that is in its library stays there."""
    Upload.objects.filter(pk=upload.pk).delete()
    staging.remove(upload.pk)


def part_of(user: User, wanted: UploadsWanted) -> dict[str, Any]:
    """A part of the list of this person's uploads, the newest first."""
    mine = Upload.objects.visible_to(user)
    if wanted.state is not None:
        mine = mine.filter(state=wanted.state)
    return part(list(mine[wanted.bounds]), mine.count(), wanted)


def file_of(upload: Upload) -> str:
    """Where the bytes of one that was refused lie. Raises NotThere for others."""
    place = staging.path(upload.pk)
    if upload.state != Upload.State.FAILED or not place.exists():
        raise NotThere("Only a file that was refused is kept here.")
    return str(place)


def forget_expired() -> None:
    """Forget uploads whose time is over, and bytes that belong to none."""
    Upload.objects.filter(expires__lte=Now()).delete()
    # Looked at first: an upload is known before its first byte is here.
    found = staging.everybodys()
    known = set(Upload.objects.staged().filter(pk__in=found).values_list("pk", flat=True))
    for upload_id in found - known:
        staging.remove(upload_id)


def _library(user: User, told: str) -> Library:
    try:
        library_id = UUID(told)
    except ValueError:
        message = "The id of a library."
        raise Invalid(message, errors=(FieldError("library", message),)) from None
    library = Library.objects.visible_to(user).filter(pk=library_id).first()
    if library is None:
        raise NotThere("There is no such library.")
    return library


def _folder(library: Library, told: str) -> str:
    safe = names.folder_path(told)
    # One that is there already may have a name that we would not give.
    return told if safe and os.path.isdir(f"{library.folder}/{told}") else safe


def _check_length(length: int) -> None:
    if length < 1:
        message = "An empty file is no book."
        raise Invalid(message, errors=(FieldError("Upload-Length", message),))
    if length > settings.UPLOAD_LIMIT:
        raise TooLarge(f"A file may have {settings.UPLOAD_LIMIT >> 20} MiB.")


def _check_quota(user: User, length: int) -> None:
    mine = (
        Upload.objects.staged()
        .filter(user=user)
        .aggregate(number=Count("pk"), bytes=Sum("length", default=0))
    )
    if mine["number"] >= settings.UPLOADS_EACH:
        raise Throttled(f"You have {mine['number']} uploads under way.", code="too_many_uploads")
    if mine["bytes"] + length > settings.UPLOAD_QUOTA:
        raise Throttled(
            f"Your uploads under way may have {settings.UPLOAD_QUOTA >> 20} MiB together.",
            code="quota",
        )


def _promised() -> int:
    """The bytes that are still to come, of everybody's uploads."""
    under_way = Upload.objects.filter(state=Upload.State.OPEN)
    left = under_way.aggregate(bytes=Sum(F("length") - F("offset"), default=0))
    return int(left["bytes"])
