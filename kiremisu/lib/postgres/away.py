"""A database that does not answer."""

from django.db import InterfaceError, OperationalError

from kiremisu.lib.errors import Unavailable

# It went, has no room for one more connection, or broke off what stood in another's way.
AWAY = (OperationalError, InterfaceError)


class DatabaseAway(Unavailable):
    code = "database_away"

    def __init__(self) -> None:
        super().__init__("The database does not answer at this moment.", retry_after=5)
