"""A database that does not answer."""

from django.db import InterfaceError, OperationalError

from kiremisu.lib.errors import Unavailable

# It went, has no room for one more connection, or broke off what stood in another's way.
AWAY = (OperationalError, InterfaceError)


# Classes of SQLSTATE (appendix A of PostgreSQL's manual): no connection, no room, shut down.
_PLAIN = ("08", "53", "57P")


def is_plain(error: BaseException) -> bool:
    """Whether the error's words say all there is to say; of any other the traceback tells more,
    because what we asked may be why."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(_PLAIN)


class DatabaseAway(Unavailable):
    code = "database_away"

    def __init__(self) -> None:
        super().__init__("The database does not answer at this moment.", retry_after=5)
