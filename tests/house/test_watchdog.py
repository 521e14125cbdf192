"""The watchdog itself: it must bark."""

import asyncio
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.house.source import ROOT
from tests.watchdog import LoopHeld, guarding, watching

pytestmark = pytest.mark.holds_the_loop("what is caught here is held on purpose")
HOLD = "import asyncio, time\nasync def hold(): time.sleep(0.06)\n"
ORDINARY = (
    HOLD + "from tests.conftest import nobody_holds_the_loop\ndef test_it(): asyncio.run(hold())\n"
)
SERVER = HOLD + "import tests.watched\nasyncio.run(hold())\n"


async def compute(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


@pytest.mark.quick
def test_a_callback_that_computes_too_long_is_caught_by_its_name() -> None:
    with pytest.raises(LoopHeld, match=r"compute\(\).* ms busy"), guarding():
        asyncio.run(compute(0.08))


@pytest.mark.quick
def test_a_callback_that_sleeps_is_caught() -> None:
    async def sleep() -> None:
        time.sleep(0.06)  # noqa: ASYNC251 - this is the fault to be caught

    with pytest.raises(LoopHeld, match="ms busy"), guarding():
        asyncio.run(sleep())


@pytest.mark.quick
def test_a_callback_that_blocks_is_caught() -> None:
    async def block() -> None:
        threading.Event().wait(1)

    with pytest.raises(LoopHeld, match="ms in all"), guarding():
        asyncio.run(block())


@pytest.mark.quick
def test_waiting_for_others_is_no_fault() -> None:
    with guarding():
        asyncio.run(asyncio.sleep(0.1))


def test_an_ordinary_test_fails_when_a_loop_of_its_is_held(tmp_path: Path) -> None:
    test = tmp_path / "test_ordinary.py"
    test.write_text(ORDINARY)
    options = ["-n0", "--no-cov", "-c", "pyproject.toml"]
    command = [sys.executable, "-m", "pytest", *options, str(test)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert re.search(r"LoopHeld: .*hold\(\).* ms busy", told.stdout), told.stdout + told.stderr
    assert told.returncode == 1


def test_a_callback_of_a_server_process_is_caught() -> None:
    command = [sys.executable, "-c", SERVER]
    with pytest.raises(LoopHeld, match="hold"), watching() as told:
        subprocess.run(command, cwd=ROOT, env=os.environ | told, check=True)


@pytest.mark.quick
def test_every_bench_that_starts_a_server_has_the_watchdog_beside_it() -> None:
    benches = {path: path.read_text() for path in (ROOT / "bench").rglob("*.py")}
    starts = {
        path.name: text
        for path, text in benches.items()
        if '"-m", "kiremisu.server.web"' in text or '"manage.py", "up"' in text
    }
    assert {"serving.py", "image.py", "kill.py"} <= starts.keys()
    assert not [name for name, text in starts.items() if "with watching() as" not in text]
