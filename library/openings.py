"""Which people may open a library that is not open to all. Named in settings, for accounts."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from kiremisu.accounts import access, audit
from kiremisu.accounts.models import User
from kiremisu.lib.errors import FieldError, Invalid
from library.models import Access, Library


def opened_to(users: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """For each of these people the libraries that they were given."""
    given: dict[UUID, list[UUID]] = defaultdict(list)
    rows = Access.objects.filter(user__in=list(users)).order_by("library_id")
    for user_id, library_id in rows.values_list("user", "library"):
        given[user_id].append(library_id)
    return given


def open_to(user: User, libraries: set[UUID]) -> None:
    """Give a person these libraries and no others, within the caller's transaction.

    Raises Invalid when there is no such library.
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


def people_in(library: Library) -> set[UUID]:
    """Whom this library was given to."""
    return set(library.access.values_list("user", flat=True))


def people_changed(library: Library, before: set[UUID]) -> None:
    """What follows when others than `before` have been given this library: links of those it
    concerns end."""
    after = people_in(library)
    concerned = User.objects.filter(pk__in=before ^ after)
    if not concerned:
        return
    access.raise_versions(concerned)
    names = dict(User.objects.filter(pk__in=before | after).values_list("pk", "username"))
    was, now = ([names[key] for key in people if key in names] for people in (before, after))
    audit.note("library.people", library, changed={"people": (was, now)})
