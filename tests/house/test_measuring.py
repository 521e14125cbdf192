"""Coverage as `tests.measuring` has it measured: what was not run is told, branch by branch."""

import subprocess
import sys
from pathlib import Path

from tests.house.source import ROOT

MEASURED = """\
def ways(numbers, told=None):
    found = []
    for number in numbers:
        if number % 2:
            found.append(number)
        if told:
            found.append(told)
    if not found:
        return
    try:
        return found[9]
    except IndexError:
        pass
"""
MEASURING = """\
import runpy, sys
import tests.measuring
from coverage import Coverage
measured = Coverage(data_file=None, include=[sys.argv[1]], branch=True, config_file=False)
measured.start()
ways = runpy.run_path(sys.argv[1])["ways"]
ways([2, 3]), ways([2, 3])
measured.stop()
found = measured._analyze(sys.argv[1])
print(measured._collector.tracer_name(), sorted(found.missing))
print({at: sorted(to) for at, to in sorted(found.missing_branch_arcs().items())})
"""


def test_ways_not_taken_are_told(tmp_path: Path) -> None:
    source = tmp_path / "measured.py"
    source.write_text(MEASURED)
    command = [sys.executable, "-c", MEASURING, str(source)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    kind, *rest = told.stdout.split(maxsplit=1)
    assert kind in {"Monitor", "SysMonitor"}
    assert rest == ["[7, 9]\n{6: [7], 8: [9]}\n"]
