"""Which rules there are."""

from uuid import UUID

from library.models import NameRule
from library.naming.rules import Naming, Rule


def of(library_id: UUID) -> Naming:
    """The rules of a library that are in force."""
    found = NameRule.objects.filter(library=library_id, is_on=True).order_by("place", "id")
    return Naming(Rule(*row) for row in found.values_list("id", "pattern", "series"))
