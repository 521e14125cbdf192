"""Which Apprise URLs people may use, and sending over them.

A URL of somebody's own could have this server call what only this server reaches. So there are
the services whose hosts are fixed, reached by TLS alone, and those hosts of one's own that who runs
this server names in settings' APPRISE_HOSTS; no redirect is followed. See decision 13.
"""

import logging
import re
import socket
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import unquote

from django.conf import settings

from kiremisu.lib.errors import Conflict, FieldError, Invalid

try:
    import apprise
    from apprise import Apprise, AppriseAsset, NotifyBase
except ImportError:  # an extra
    apprise = None  # type: ignore[assignment] # no module, then

# It tells of URLs, and so of what is secret in them.
logging.getLogger("apprise").propagate = False

# Their hosts are in Apprise itself; what in a URL leads elsewhere is not in PARAMETERS.
FIXED = {
    "discord": "discord.com",
    "ifttt": "maker.ifttt.com",
    "line": "api.line.me",
    "pbul": "api.pushbullet.com",
    "pover": "api.pushover.net",
    "prowl": "api.prowlapp.com",
    "slack": "slack.com",
    "tgram": "api.telegram.org",
}
# These call the host in the URL and nothing else.
OWN = frozenset({"form", "gotify", "json", "ntfy", "xml"})
# What a URL may say after "?"; a sign stands for all that begin with it. What else Apprise heeds
# there may name a file of this server, an address to fetch (template) or another host (+host). Of
# what any URL may say only that counts which is of looks; `opened` overrules the rest.
_ANY = frozenset(
    {"cto", "emojis", "format", "optional", "overflow", "redirect", "retry", "rto", "verify"}
)
_HOOK = frozenset({"method", "+authorization", "+x-api-key", "-", ":"})
PARAMETERS = {
    "discord": frozenset({"avatar", "footer", "image", "thread", "tts"}),
    "form": _HOOK,
    "gotify": frozenset({"priority"}),
    "ifttt": frozenset({"to"}),
    "json": _HOOK,
    "line": frozenset({"to"}),
    "ntfy": frozenset({"auth", "mode", "priority", "to", "token", "xtags"}),
    "pbul": frozenset({"to"}),
    "pover": frozenset({"e2ee", "expire", "interval", "key", "priority", "sound", "to"}),
    "prowl": frozenset({"priority"}),
    "slack": frozenset({"footer", "image", "mode", "timestamp", "to", "token"}),
    "tgram": frozenset({"mdv", "preview", "silent", "thread", "to", "topic"}),
    "xml": _HOOK,
}
_NTFY = ("ntfy.sh", "443")
_PORTS = {False: 80, True: 443}
_SECONDS = 10.0
# Places that one URL may name: Apprise waits some seconds between one and the next.
_MOST = 5
# The status of an answer, in Apprise's words; those that say: not now, later.
_STATUS = re.compile(r"error=(\d{3})\b")
_LATER = {"429", "503"}
_NO_URL = "This is no Apprise URL that is understood."


class Came(StrEnum):
    """What came of a message. `REFUSED`: it surely did not arrive, and may be sent again;
    `LOST`: nobody knows, or sending it again would not help."""

    SENT = "sent"
    REFUSED = "refused"
    LOST = "lost"


class Outcome(NamedTuple):
    came: Came
    detail: str = ""


def is_here() -> bool:
    """Whether Apprise is installed."""
    return apprise is not None


def shown(url: str) -> str:
    """What may be said of a URL: the service, and of a host of one's own which. Raises Invalid and
    Conflict as `opened` does."""
    service = opened(url)
    scheme = _scheme(url)
    return f"{scheme}://…" if scheme in FIXED else f"{scheme}://{':'.join(_destination(service))}/…"


def opened(url: str) -> "NotifyBase":
    """The service behind a URL. Raises Invalid for one that may not be used, Conflict where Apprise
    is not installed."""
    if apprise is None:
        raise Conflict("Apprise is not installed on this server.", code="no_apprise")
    # Before anything of it is read: some services open files named in their URL.
    scheme = _scheme(url)
    if scheme not in FIXED and scheme.removesuffix("s") not in OWN:
        kinds = ", ".join(sorted({*FIXED, *OWN}))
        raise _wrong(f"One of these services: {kinds}.")
    _look_at_parameters(scheme, url)
    asset = AppriseAsset(async_mode=False, http_redirects=False)
    service = Apprise.instantiate(url, asset=asset)
    # Should a template come in past that look: Apprise has not opened it yet.
    if not isinstance(service, apprise.NotifyBase) or getattr(service, "template", None):
        raise _wrong(_NO_URL)
    if scheme not in FIXED and _destination(service) not in _allowed():
        named = ":".join(_destination(service))
        raise _wrong(f"Who runs this server has not allowed {named}.")
    # Whatever the URL says of these.
    service.redirects = False
    service.verify_certificate = True
    service.optional, service.retry = False, 0
    if len(service) > _MOST:
        raise _wrong(f"It may lead to {_MOST} places at most.")
    service.overflow_mode = type(service).overflow_mode
    service.socket_connect_timeout = service.socket_read_timeout = _SECONDS
    return service


def send(url: str, title: str, body: str) -> Outcome:
    """One message, sent once. Raises as `opened` does."""
    service, scheme = opened(url), _scheme(url)
    where = (FIXED[scheme], "443") if scheme in FIXED else _destination(service)
    # Of a connection that broke nobody can say what came through; of none, that nothing did.
    if not _is_reached(*where):
        return Outcome(Came.REFUSED, "It cannot be reached.")
    messenger = Apprise(asset=AppriseAsset(async_mode=False, http_redirects=False))
    messenger.add(service)
    result = messenger.notify(body=body, title=title, body_format=apprise.NotifyFormat.TEXT)
    if result:
        return Outcome(Came.SENT)
    status = _STATUS.search("\n".join(entry.message for entry in result.logs()))
    if status is None:
        return Outcome(Came.LOST, "The connection broke.")
    came = Came.REFUSED if status[1] in _LATER else Came.LOST
    return Outcome(came, f"It answered with status {status[1]}.")


def _is_reached(host: str, port: str) -> bool:
    try:
        socket.create_connection((host.strip("[]"), int(port)), _SECONDS).close()
    except OSError:
        return False
    return True


def _scheme(url: str) -> str:
    return url.partition("://")[0].strip().casefold() if "://" in url else ""


def _look_at_parameters(scheme: str, url: str) -> None:
    """Raises Invalid for a URL that says what it may not."""
    may = _ANY | PARAMETERS[scheme if scheme in FIXED else scheme.removesuffix("s")]
    # Everywhere where Apprise might see one begin.
    for each in re.split("[?&;]", url)[1:]:
        name = unquote(each.partition("=")[0]).lower()
        if name and name not in may and name[0] not in may:
            raise _wrong(f"After ? it may say of these: {', '.join(sorted(may))}.")


def _destination(service: "NotifyBase") -> tuple[str, str]:
    """Host and port that a service of one's own calls."""
    if getattr(service, "mode", "") == "cloud":
        return _NTFY
    return service.host.casefold(), str(service.port or _PORTS[bool(service.secure)])


def _allowed() -> set[tuple[str, str]]:
    """Hosts with their ports; one without is allowed at the usual ones."""
    found = {_NTFY}
    for each in settings.APPRISE_HOSTS:
        host, _, port = each.casefold().rpartition(":")
        if host and port.isdecimal():
            found.add((host, port))
        else:
            found |= {(each.casefold(), str(usual)) for usual in _PORTS.values()}
    return found


def _wrong(sentence: str) -> Invalid:
    return Invalid(sentence, errors=(FieldError("url", sentence),))
