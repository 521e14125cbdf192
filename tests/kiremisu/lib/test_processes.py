"""Processes that die with their parent."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from kiremisu.lib import processes

ROOT = Path(__file__).parents[3]

FAMILY = """
import os, signal, sys
from kiremisu.lib import processes
processes.forks_die_with_parent()
if os.fork() == 0:
    if os.fork() == 0:
        print(os.getpid(), flush=True)
    signal.pause()
signal.pause()
"""

STARTED = """
import subprocess, sys
from kiremisu.lib import processes
if sys.argv[1] == "starter":
    processes.be_starter()
    subprocess.run([sys.executable, "-c", sys.argv[2], "started", ""])
else:
    processes.die_with_starter()
    import os, signal
    print(os.getpid(), flush=True)
    signal.pause()
"""


def start(*arguments: str) -> tuple[subprocess.Popen[bytes], psutil.Process]:
    """A process, and the descendant that told its own id."""
    process = subprocess.Popen([sys.executable, "-c", *arguments], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    told = psutil.Process(int(process.stdout.readline()))
    return process, told


def kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


@pytest.mark.quick
def test_a_fork_of_a_fork_goes_when_the_first_is_killed() -> None:
    first, last = start(FAMILY)
    kill(first)
    last.wait(60)


@pytest.mark.quick
def test_a_program_goes_with_the_one_that_said_it_starts_ours() -> None:
    starter, started = start(STARTED, "starter", STARTED)
    kill(starter)
    started.wait(60)


@pytest.mark.quick
def test_a_program_whose_starter_went_first_goes_at_once() -> None:
    starter = subprocess.Popen([sys.executable, "-c", ""])
    starter.wait()
    told = os.environ | {processes._STARTER: str(starter.pid)}
    asked = [sys.executable, "-c", STARTED, "started"]
    ended = subprocess.run(asked, env=told, cwd=ROOT, timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL


@pytest.mark.quick
def test_a_program_somebody_else_started_is_not_bound_to_its_parent() -> None:
    program, itself = start(STARTED, "started")
    assert itself.pid == program.pid
    assert os.getpid() == itself.ppid()
    kill(program)
