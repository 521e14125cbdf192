"""Where calls may lead: allowed origins only, and of their addresses only those of the open
internet, connected to as they were checked."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, NamedTuple, override
from urllib.parse import urlsplit

from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.connection import create_connection

_PORTS = {"http": 80, "https": 443}


class LedAway(Exception):
    """A call that would lead where none may; the sentence says where."""


class Origin(NamedTuple):
    """Scheme, host and port: who answers."""

    scheme: str
    host: str
    port: int


def origin_of(address: str) -> Origin:
    """Raises LedAway for what is no address of the web."""
    try:
        parts = urlsplit(address)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise LedAway("It led to something that is no address of the web.") from None
    if not parts.hostname or parts.username or parts.password:
        raise LedAway("It led to an address without a host, or with a password.")
    return Origin(parts.scheme, parts.hostname, port)


def addresses_of(host: str, port: int) -> list[str]:
    """The addresses of a host, all of them fit to be connected to.

    A host that is itself a number was named in the settings, so the person who runs this
    server wants it. Any other must lie in the open internet, whatever its name resolves to
    today. Raises LedAway, OSError.
    """
    if _number(host) is not None:
        return [host]
    found = [str(told[4][0]) for told in resolve(host, port)]
    for address in found:
        number = _number(address)
        if number is None or not number.is_global or number.is_multicast:
            raise LedAway(f"The name {host} leads to an address that is not of the open internet.")
    return found


def resolve(host: str, port: int) -> list[Any]:
    """What this machine takes a name for. Raises OSError."""
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


def _number(told: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(told.partition("%")[0])
    except ValueError:
        return None


@contextmanager
def cut_off(line: socket.socket | None, seconds: float) -> Iterator[None]:
    """Whoever reads in the block meets the end of the line after so many seconds: a server may
    send a byte at a time, each of them in time, for ever. Raises TimeoutError after that."""
    if line is None:
        yield
        return
    is_over = threading.Event()
    timer = threading.Timer(max(0.0, seconds), _shut, [line, is_over])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    # Half a head looks like a whole one.
    if is_over.is_set():
        raise TimeoutError


def _shut(line: socket.socket, is_over: threading.Event) -> None:
    is_over.set()
    # The plain one: of a line with TLS, too, which somebody reads at this moment.
    with suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)


class CheckedAdapter(HTTPAdapter):
    """Connects to addresses that were checked, and looks no name up a second time."""

    @override
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class _Connects:
    """How our connections connect, and how long they wait for the head of an answer."""

    host: str
    port: int
    timeout: Any
    socket_options: Any
    sock: socket.socket | None

    def _new_conn(self) -> socket.socket:
        failure: OSError = OSError("no address")
        for address in addresses_of(self.host, self.port):
            try:
                return create_connection(
                    (address, self.port), self.timeout, socket_options=self.socket_options
                )
            except OSError as error:
                failure = error
        raise failure

    def getresponse(self) -> Any:
        with cut_off(self.sock, settings.UPSTREAM_SECONDS):
            return super().getresponse()  # type: ignore[misc] # beside a connection of urllib3


class _Connection(_Connects, HTTPConnection):
    pass


class _SecureConnection(_Connects, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection
