"""The names and addresses under which this machine may be asked."""

import contextlib
import fcntl
import ipaddress
import socket
import struct
import sys
from pathlib import Path

_SIOCGIFADDR = 0x8915


def is_everywhere(host: str) -> bool:
    """Whether this --host means all of the machine's addresses."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def own_names() -> list[str]:
    """This machine's names and addresses as a Host header gives them."""
    name = socket.gethostname().lower()
    short = name.split(".")[0]
    return list(dict.fromkeys([name, short, f"{short}.local", *own_addresses()]))


def own_addresses() -> list[str]:
    """The addresses of the network interfaces, IPv6 ones in brackets, loopback left out."""
    found = [*_ipv4(), *_ipv6()]
    if not found:
        with contextlib.suppress(OSError):
            found = [str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None)]
    real = [ipaddress.ip_address(text.split("%")[0]) for text in found]
    return list(
        dict.fromkeys(
            f"[{address}]" if address.version == 6 else str(address)
            for address in real
            if not address.is_loopback
        )
    )


def _ipv4() -> list[str]:
    if sys.platform != "linux":
        return []
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, interface in socket.if_nameindex():
            wanted = struct.pack("256s", interface.encode()[:15])
            with contextlib.suppress(OSError):
                answer = fcntl.ioctl(asking.fileno(), _SIOCGIFADDR, wanted)
                found.append(socket.inet_ntoa(answer[20:24]))
    return found


def _ipv6() -> list[str]:
    try:
        lines = Path("/proc/net/if_inet6").read_text(encoding="ascii").splitlines()
    except OSError:
        return []
    return [socket.inet_ntop(socket.AF_INET6, bytes.fromhex(line.split()[0])) for line in lines]


def is_free(host: str, port: int) -> bool:
    """Whether a server may listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True


def url(host: str, port: int) -> str:
    """The address to open in a browser."""
    if is_everywhere(host):
        host = next(iter(own_addresses()), "localhost")
    elif ":" in host:
        host = f"[{host}]"
    return f"http://{host}:{port}/"
