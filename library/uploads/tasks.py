"""The kinds of job around uploads: taking one into its library, forgetting those that are over."""

import errno
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.db.models.functions import Now
from django.utils import timezone

from kiremisu.accounts import roles
from kiremisu.accounts.models import Role
from kiremisu.jobs.models import Priority, State
from kiremisu.jobs.queue import enqueue
from kiremisu.jobs.running import Step, Work
from kiremisu.lib.errors import Forbidden, Refused, Unavailable, Unreadable, in_words
from kiremisu.lib.paths import storable
from library import scanning, uploads
from library.archives import probe
from library.models import Library, Upload
from library.uploads import placing, staging
from library.uploads.placing import Place

_MIB = 1 << 20
# How long to wait before a scan is asked for again that could not begin.
_AGAIN = timedelta(seconds=60)
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def take_in(work: Work) -> Iterator[Step]:
    """Look at a whole upload as a scan would, and put it into its library."""
    known = Upload.objects.select_related("library", "user")
    upload = known.filter(pk__in=[work.job.subject]).first()
    if upload is not None and upload.state != Upload.State.DONE:
        try:
            yield from _taken_in(upload)
        except Exception as error:
            # Shown to its owner; where another try may help, the job fails and has one.
            refusal = _refusal(error)
            _refuse(upload, refusal)
            if isinstance(refusal, Unavailable):
                raise refusal from error
            yield Step(message=refusal.detail, last=True)
            return
    if upload is not None and Upload.objects.filter(pk=upload.pk, state=Upload.State.DONE).exists():
        staging.remove(upload.pk)
        yield Step(1, 1, "In its library", apply=partial(_scan, upload), last=True)


def forget_expired(work: Work) -> Iterator[Step]:  # noqa: ARG001 - a kind takes its work
    """Forget uploads whose time is over."""
    uploads.forget_expired()
    yield Step(last=True)


def _taken_in(upload: Upload) -> Iterator[Step]:
    yield Step(message="Looking at it")
    _check(upload)
    total = -(-upload.length // _MIB)
    with Place.opened(upload.library.folder, upload.folder, upload.pk) as place:
        try:
            with staging.path(upload.pk).open("rb") as source:
                for done in place.copy(source):
                    yield Step(done // _MIB, total, "Moving it to its library")
            yield Step(total, total, "Moving it", apply=partial(_name, upload, place))
        finally:
            place.tidy()
        place.finish()


def _check(upload: Upload) -> None:
    """Raises Refused for what may not go to the library, with the reason."""
    roles.check(upload.user, Role.CURATOR)
    if not upload.user.is_active or not _sees(upload):
        raise Forbidden("You may not open this library any more.")
    seen = probe(str(staging.path(upload.pk)))
    if seen.code is not None:
        raise Unreadable(seen.detail or "", code=seen.code)
    placing.check_writable(upload.library.folder, upload.folder)
    staging.check_room(upload.length, upload.library.folder)


def _sees(upload: Upload) -> bool:
    return Library.objects.visible_to(upload.user).filter(pk=upload.library_id).exists()


def _name(upload: Upload, place: Place) -> None:
    """The file gets its name and the upload is done, both or none; none when it was taken back
    meanwhile."""
    mine = Upload.objects.select_for_update().filter(pk=upload.pk)
    if not mine.exclude(state=Upload.State.DONE).exists():
        return
    try:
        path = place.name(upload.name)
    except (OSError, Refused) as error:
        _refuse(upload, _refusal(error))
        return
    mine.update(state=Upload.State.DONE, path=storable(path), code="", detail="", updated=Now())


def _refuse(upload: Upload, refusal: Refused) -> None:
    Upload.objects.filter(pk=upload.pk).exclude(state=Upload.State.DONE).update(
        state=Upload.State.FAILED,
        code=refusal.code,
        detail=refusal.detail[:500],
        updated=Now(),
    )


def _scan(upload: Upload) -> None:
    """Have the library scanned. A scan that runs already may be past this folder: then this job
    comes again, to ask for one after it."""
    scan = scanning.request(upload.library, asked_by=upload.user)
    if scan.state == State.RUNNING:
        enqueue(
            "upload",
            subject=upload.pk,
            priority=Priority.NORMAL,
            asked_by=upload.user,
            not_before=timezone.now() + _AGAIN,
        )


def _refusal(error: Exception) -> Refused:
    """What its owner is told of what happened."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, OSError) and staging.is_full(error):
        return staging.no_room()
    if isinstance(error, OSError) and error.errno in _FORBIDDEN:
        return placing.read_only()
    return Unavailable(f"This went wrong here: {in_words(error)}", code="crashed")
