"""Who asks for pages, and what of."""

from uuid import UUID

from django.http import HttpRequest

from kiremisu.accounts.models import User


class Asking(HttpRequest):
    """A request when somebody is signed in; for annotations."""

    user: User


def id_in(text: str | None) -> UUID | None:
    """The id that somebody sends; None for what is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None
