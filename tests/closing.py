"""The last lines of a run: why tests were skipped, and coverage by part of the house.

With KIREMISU_TESTS_STRICT set, a part below its floor fails the run.
"""

import io
import os
from collections import Counter
from collections.abc import Iterator
from functools import cache

import coverage
import pytest

# Statements and branches together, in per cent.
FLOORS = {
    "everything": (("kiremisu/*", "library/*", "reader/*", "metadata/*"), 90),
    "names": (("library/names/*",), 95),
    "archives": (("library/archives/*",), 95),
    "scanning": (("library/scanning/*",), 95),
    "progress": (("reader/progress.py",), 95),
}


@cache
def shares(config: pytest.Config) -> dict[str, float]:
    """The share covered of each part, or nothing when coverage was not measured.

    Asked for when all is put together; told from then on.
    """
    measured = config.pluginmanager.getplugin("_cov")
    if measured is None or measured.cov_controller is None or hasattr(config, "workerinput"):
        return {}
    found = measured.cov_controller.cov
    return {name: _share(found, places) for name, (places, _) in FLOORS.items()}


def _share(found: coverage.Coverage, places: tuple[str, ...]) -> float:
    try:
        return found.report(include=list(places), file=io.StringIO())
    except coverage.exceptions.NoDataError:
        return 0.0


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> Iterator[None]:
    """After coverage has been put together, hold it to its floors."""
    done = yield
    if os.environ.get("KIREMISU_TESTS_STRICT"):
        low = {n: s for n, s in shares(session.config).items() if s < FLOORS[n][1]}
        session.testsfailed += len(low)
    return done


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for reason, count in _reasons(terminalreporter).most_common():
        terminalreporter.write_line(f"{count} skipped: {reason}")
    found = shares(config)
    if not found:
        return
    terminalreporter.section("branch coverage by part")
    for name, share in found.items():
        floor = FLOORS[name][1]
        verdict = "" if share >= floor else f"  below its floor of {floor} %"
        terminalreporter.write_line(f"{name:12} {share:6.2f} %{verdict}")


def _reasons(terminalreporter: pytest.TerminalReporter) -> Counter[str]:
    """Why tests were skipped, each reason with their number."""
    skipped = terminalreporter.stats.get("skipped", [])
    told = (report.longrepr[2] for report in skipped if isinstance(report.longrepr, tuple))
    return Counter(reason.removeprefix("Skipped: ") for reason in told)
