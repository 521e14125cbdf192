"""Coverage measured by sys.monitoring on Python 3.13 too, where coverage has it from 3.14 on.

The tracer it falls back to is called for each line of each package there is; this one only
where our own code comes by a line, or takes a way, for the first time. What it finds is the same.
"""

import dis
import sys
from types import CodeType
from typing import Any, override

from coverage import bytecode, core, env
from coverage.sysmon import DISABLE, SysMonitor


class Monitor(SysMonitor):
    """Knows one event for a branch, whichever way it goes, where 3.14 has one for each way."""

    def __init__(self) -> None:
        super().__init__()
        self._first_ways: dict[tuple[int, int], int] = {}

    @override
    def sysmon_branch_either(self, code: CodeType, at: int, to: int) -> Any:
        super().sysmon_branch_either(code, at, to)
        # Switched off after the first, it would never tell of the other.
        return None if self._first_ways.setdefault((id(code), at), to) == to else DISABLE


if sys.version_info < (3, 14):
    events: Any = sys.monitoring.events
    events.BRANCH_LEFT = events.BRANCH_RIGHT = events.BRANCH
    bytecode.RETURNS.add(dis.opmap["RETURN_CONST"])
    # Constants there.
    env.PYBEHAVIOR.branch_right_left = env.SYSMON_DEFAULT = True  # type: ignore[misc]
    core.SysMonitor = Monitor  # type: ignore[misc] # its types want the class itself
