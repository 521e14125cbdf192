"""What a client takes, has already, and wants a part of."""

import pytest

from reader import delivery
from tests.raw import scope

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("deflate, gzip;q=0.5", True),
        ("*", True),
        ("x-gzip", True),
        ("", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip; q=0.0, br", False),
        ("gzipped", False),
    ],
)
def test_who_takes_gzip(accepted: str, takes: bool) -> None:
    assert delivery.takes_gzip(scope("/", accept_encoding=accepted)) is takes


@pytest.mark.parametrize(
    ("told", "has"),
    [
        ('"a.1"', "a.1"),
        ('W/"a.1"', "a.1"),
        ('"x", "a.1-gz"', "a.1-gz"),
        ("*", "a.1"),
        ('"a.10"', ""),
        ("a.1", ""),
        ("", ""),
    ],
)
def test_what_the_client_has_already(told: str, has: str) -> None:
    assert delivery.has_already(scope("/", if_none_match=told), "a.1") == has


@pytest.mark.parametrize(
    ("asked", "span"),
    [
        ("bytes=0-0", range(1)),
        ("bytes=0-", range(100)),
        ("bytes=90-200", range(90, 100)),
        ("bytes=-10", range(90, 100)),
        ("bytes=-200", range(100)),
        ("bytes = 1 - 2", range(1, 3)),
        ("bytes=100-", range(0)),
        ("bytes=-0", range(0)),
        ("bytes=5-4", None),
        ("bytes=-", None),
        ("bytes=0-1,3-4", None),
        ("bytes=0-99,0-99", None),
        ("bytes=" + ",".join(["0-"] * 1000), None),
        ("bytes=--1", None),
        ("bytes=1--2", None),
        ("bytes=0x1-2", None),
        ("pages=1-2", None),
        ("bytes=99999999999999999999-", None),
    ],
)
def test_which_bytes_are_asked_for(asked: str, span: range | None) -> None:
    assert delivery.asked_span(scope("/", range=asked), 100, "e") == span


@pytest.mark.parametrize(("condition", "holds"), [('"e"', True), ('"f"', False), ('W/"e"', False)])
def test_a_range_of_another_version_is_passed_over(condition: str, holds: bool) -> None:
    asked = scope("/", range="bytes=0-1", if_range=condition)
    assert (delivery.asked_span(asked, 100, "e") is not None) is holds
