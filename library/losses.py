"""What people say of files that a scan found gone."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from kiremisu.accounts import audit, roles
from kiremisu.accounts.models import Role, User
from kiremisu.jobs.events import announce
from kiremisu.lib.errors import Conflict
from kiremisu.lib.schemas import Paging, part
from library import scanning
from library.models import Library, Loss, LossQuery


def waiting(user: User) -> LossQuery:
    """Those that wait for a word, of what this person may see, the oldest first."""
    seen = Loss.objects.visible_to(user).filter(state=Loss.State.WAITING)
    return seen.select_related("library").order_by("id")


def listed(user: User, library: Library, paging: Paging) -> dict[str, Any]:
    """A part of a library's, the newest first."""
    found = Loss.objects.visible_to(user).filter(library=library).order_by("-id")
    return part([*found[paging.bounds]], found.count(), paging)


@transaction.atomic
def approve(loss: Loss, by: User) -> None:
    """They are really gone: a scan marks them as missing, which keeps all that hangs on them.
    What was thought to be back may turn out so. Raises Forbidden, Conflict when it is over."""
    _decide(loss, by, Loss.State.APPROVED, of=(Loss.State.WAITING, Loss.State.REJECTED))
    scanning.request(loss.library, asked_by=by)


@transaction.atomic
def reject(loss: Loss, by: User) -> None:
    """They are not, and will be back: they stay as they are, and no scan asks again. Raises
    Forbidden, Conflict when somebody decided already."""
    _decide(loss, by, Loss.State.REJECTED, of=(Loss.State.WAITING,))


def _decide(loss: Loss, by: User, state: str, of: Sequence[str]) -> None:
    roles.check(by, Role.CURATOR)
    standing = Loss.objects.select_for_update().filter(pk=loss.pk, state__in=of)
    held = standing.defer("paths").first()
    if held is None:
        raise Conflict("That was decided already.")
    held.state, held.decided_by = state, by
    held.save(update_fields=["state", "decided_by", "updated"])
    audit.note(f"library.loss_{state}", held, who=by)
    announce("library", held.library_id)
