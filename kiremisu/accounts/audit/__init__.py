"""Writing down who came in and who changed what others may do, for good.

Verbs write in the transaction of the act itself: what is undone was never written.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from kiremisu.accounts import behalf
from kiremisu.accounts.audit.schemas import AuditWanted
from kiremisu.accounts.models import AuditEntry, Changed, Changes, User
from kiremisu.lib import logs
from kiremisu.lib.schemas import part
from kiremisu.lib.text import clean


class Named(Protocol):
    """What an act may be about: it has an id, and says what it is."""

    pk: Any


def note(
    act: str,
    about: Named | None = None,
    *,
    who: User | None = None,
    address: str = "",
    changed: Mapping[str, tuple[object, object]] | None = None,
) -> None:
    """Write down an act, "user.changed" and the like.

    Who did it, from where and in which request is known here unless told. `changed` says what
    was before and what is now, by field; never tell it a secret.
    """
    asker, asked_from = behalf.whose()
    doer = who or asker
    entry = AuditEntry(
        act=act,
        who=doer.pk if doer else None,
        who_name=clean(str(doer), 200) if doer else "",
        address=clean(address or asked_from, 100),
        about=about.pk if about else None,
        about_name=clean(str(about), 200) if about else "",
        request_id=clean(logs.request_id(), 64),
    )
    entry.changes = Changes(
        fields=[
            Changed(field=field, before=_told(before), after=_told(after))
            for field, (before, after) in (changed or {}).items()
        ]
    )
    entry.save(force_insert=True)


def listed(user: User, wanted: AuditWanted) -> dict[str, Any]:
    """A part of what was written down, the newest first."""
    found = AuditEntry.objects.visible_to(user)
    for field in ("act", "who", "about"):
        if (value := getattr(wanted, field)) is not None:
            found = found.filter(**{field: value})
    if wanted.since is not None:
        found = found.filter(created__gte=wanted.since)
    if wanted.until is not None:
        found = found.filter(created__lt=wanted.until)
    return part(list(found.order_by("-id")[wanted.bounds]), found.count(), wanted)


def _told(value: object) -> str:
    if isinstance(value, set | frozenset | list):
        value = ", ".join(sorted(map(str, value)))
    return clean(str(value), 1000)
