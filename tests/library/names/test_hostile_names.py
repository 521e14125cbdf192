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
def test_a_bait_of_forty_names_length_takes_no_longer_than_forty_names(bait: str) -> None:
    # 5 ms a name are allowed. Forty baits in one are about 30 ms where reading is linear;
    # where it is quadratic they are many seconds.
    assert min(seconds(bait * 40) for _ in range(3)) < 40 * 0.005 * 2
