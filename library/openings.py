"""Which people may open a library that is not open to all. Named in settings, for accounts."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from kiremisu.accounts.models import User
from kiremisu.lib.errors import FieldError, Invalid
from library.models import Access, Library


def opened_to(users: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """For each of these people the libraries that they were given."""
    given: dict[UUID, list[UUID]] = defaultdict(list)
    rows = Access.objects.filter(user__in=list(users)).order_by("library")
    for user_id, library_id in rows.values_list("user", "library"):
        given[user_id].append(library_id)
    return given


def open_to(user: User, libraries: set[UUID]) -> bool:
    """Give a person these libraries and no others, within the caller's transaction.

    Answers whether anything changed. Raises Invalid when there is no such library.
    """
    unknown = libraries - set(Library.objects.filter(pk__in=libraries).values_list("pk", flat=True))
    if unknown:
        wrong = FieldError("libraries", f"There is no library {min(unknown)}.")
        raise Invalid("There is no such library.", errors=(wrong,))
    had = set(Access.objects.filter(user=user).values_list("library", flat=True))
    Access.objects.filter(user=user, library__in=had - libraries).delete()
    Access.objects.bulk_create(
        [Access(user=user, library_id=key) for key in sorted(libraries - had)],
        ignore_conflicts=True,
    )
    return had != libraries
