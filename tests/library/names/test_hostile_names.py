"""Names made to be slow to read are not."""

import time

import pytest

from library.names import parse, parse_path

pytestmark = pytest.mark.quick

BAITS = [
    "v" + "1" * 240,
    "c" * 120 + "0" * 120,
    "(" * 120 + ")" * 120,
    "[" * 240,
    " - " * 80,
    "ch.1-" * 48,
    "v1" * 125,
    "1v1c1x1" * 35,
    "1 - " * 62,
    "v1(a)" * 50,
    "第1" * 120,
    "Special " * 30,
    "Full Color " * 22 + "Edition v1",
    "1.1." * 60,
    "a-1-" * 60,
]


def seconds(name: str) -> float:
    """The process's own time for one reading: neighbours on the machine do not count."""
    began = time.process_time()
    parse(name + ".cbz")
    parse_path(f"{name}/{name}")
    return time.process_time() - began


@pytest.mark.parametrize("bait", BAITS)
def test_a_bait_is_read_in_time_linear_in_its_length(bait: str) -> None:
    # Ten thousand characters take under 0.1 s; read quadratically they take several seconds.
    assert any(seconds(bait * 40) < 1 for _ in range(3))
