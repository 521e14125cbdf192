"""Names made to be slow to read are not."""

import sys
from types import CodeType

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


def work(name: str) -> int:
    """The lines of code that one reading runs: no clock, so neighbours do not count."""
    tool, lines = sys.monitoring.PROFILER_ID, 0

    def ran(code: CodeType, line: int) -> None:
        nonlocal lines
        lines += 1

    sys.monitoring.use_tool_id(tool, "work")
    sys.monitoring.register_callback(tool, sys.monitoring.events.LINE, ran)
    sys.monitoring.set_events(tool, sys.monitoring.events.LINE)
    try:
        parse(f"{name}.cbz")
        parse_path(f"{name}/{name}")
    finally:
        sys.monitoring.free_tool_id(tool)
    return lines


@pytest.mark.parametrize("bait", BAITS)
def test_the_work_on_a_bait_grows_linearly_with_its_length(bait: str) -> None:
    # Four times the name is four times the work, six where the shorter one's folder is still
    # remembered; read quadratically it is sixteen times.
    assert 0 < work(bait * 8) < 8 * work(bait * 2)
