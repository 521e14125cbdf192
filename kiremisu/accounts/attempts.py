"""Slowing down who guesses passwords: so many tries, then a pause.

Counted in the database, for all processes together: at one name from one address, from one
address, and at one name from everywhere, where many addresses guess together.
"""

from ipaddress import IPv6Address, ip_address

from kiremisu.accounts import audit, rates
from kiremisu.accounts.models import User
from kiremisu.accounts.rates import Bound
from kiremisu.lib import logs
from kiremisu.lib.errors import Throttled
from kiremisu.lib.text import clean, fold

AT_ONE_NAME, FROM_ONE_ADDRESS, AT_ONE_ACCOUNT = 10, 100, 200
WINDOW = 15 * 60  # seconds

log = logs.get(__name__)


def begin(name: str, address: str) -> None:
    """One more try, before anybody looks at the password. Raises Throttled."""
    try:
        rates.spend(*_bounds(name, address))
    except Throttled:
        _note_guarded(name, address)
        raise


def failed(name: str, address: str) -> None:
    """The password was wrong. Says so in one line, which docs/configuration.md promises."""
    log.warning("sign-in failed", address=address)
    audit.note("sign-in.failed", _known(name), address=address)


def passed(name: str, address: str) -> None:
    """The right password: the tries before do not count any more at this name from there."""
    rates.forget(_bounds(name, address)[0])
    user = _known(name)
    audit.note("sign-in.passed", user, who=user, address=address)


def _note_guarded(name: str, address: str) -> None:
    """Once a while: who keeps knocking does not fill the log."""
    try:
        rates.spend(Bound(("sign-in guarded", fold(name), _network(address)), 1, WINDOW))
    except Throttled:
        return
    audit.note("sign-in.guarded", _known(name), address=address)


def _known(name: str) -> User | None:
    """Who is meant; what else is typed there, passwords among it, is written nowhere."""
    return User.objects.filter(username=clean(name, 150)).first()


def _bounds(name: str, address: str) -> tuple[Bound, Bound, Bound]:
    who, where = fold(name), _network(address)
    return (
        Bound(("sign-in", who, where), AT_ONE_NAME, WINDOW),
        Bound(("sign-in from", where), FROM_ONE_ADDRESS, WINDOW),
        Bound(("sign-in at", who), AT_ONE_ACCOUNT, WINDOW),
    )


def _network(address: str) -> str:
    """The address; of IPv6 the first half, because one customer owns all of the second."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return known.exploded[:19] if isinstance(known, IPv6Address) else address
