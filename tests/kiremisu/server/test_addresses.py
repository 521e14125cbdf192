"""The names and addresses of this machine."""

import ipaddress
import socket

import pytest

from kiremisu.server import addresses

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ("host", "expected"),
    [("0.0.0.0", True), ("::", True), ("127.0.0.1", False), ("manga.local", False)],
)
def test_some_hosts_mean_every_address(host: str, expected: bool) -> None:
    assert addresses.is_everywhere(host) is expected


def test_the_machine_knows_its_name() -> None:
    assert socket.gethostname().lower() in addresses.own_names()


def test_addresses_are_real_and_not_loopback() -> None:
    for address in addresses.own_addresses():
        assert not ipaddress.ip_address(address.strip("[]")).is_loopback


def test_without_interfaces_the_resolver_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "_ipv4", list)
    monkeypatch.setattr(addresses, "_ipv6", list)
    found = [(socket.AF_INET, 0, 0, "", ("192.0.2.7", 0)), (0, 0, 0, "", ("2001:db8::7%eth0",))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: found)
    assert addresses.own_addresses() == ["192.0.2.7", "[2001:db8::7]"]


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", "http://127.0.0.1:5473/"), ("::1", "http://[::1]:5473/")],
)
def test_the_link_names_the_host(host: str, expected: str) -> None:
    assert addresses.url(host, 5473) == expected


def test_the_link_for_every_address_names_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "own_addresses", lambda: ["192.0.2.7"])
    assert addresses.url("0.0.0.0", 5473) == "http://192.0.2.7:5473/"
    monkeypatch.setattr(addresses, "own_addresses", list)
    assert addresses.url("0.0.0.0", 5473) == "http://localhost:5473/"


def test_a_port_is_free_until_somebody_listens() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert not addresses.is_free("127.0.0.1", port)
    assert addresses.is_free("127.0.0.1", port)
