"""A real cluster for a test, started again whenever it ends, and killed at random."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
from django.db import connection


class Cluster:
    """The workers of the queue `default`, two of them, on this test's database."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "cluster.log"
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.kiremisu.jobs.cluster_settings",
            "KIREMISU_TEST_DATABASE": str(connection.settings_dict["NAME"]),
            "KIREMISU_TEST_CLUSTER": str(folder),
            "KIREMISU_JOBS": "2",
            "Q_CLUSTER_NAME": "default",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def watch(self) -> None:
        """Start it, unless it runs."""
        if self.process is not None and self.process.poll() is None:
            return
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "kiremisu.server.clusters", "default"],
                env=self.environment,
                stderr=log,
                start_new_session=True,
            )

    def processes(self) -> list[psutil.Process]:
        """All of it: the head, the guard, the workers, and what serves them."""
        assert self.process is not None
        with suppress(psutil.NoSuchProcess):
            head = psutil.Process(self.process.pid)
            return [head, *head.children(recursive=True)]
        return []

    def kill_one(self, chance: random.Random) -> None:
        with suppress(psutil.NoSuchProcess):
            chance.choice(self.processes()).kill()

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(60)

    def end(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def until(condition: Callable[[], bool], meanwhile: Callable[[], object]) -> None:
    """Wait for a condition, doing something meanwhile; fails after ten minutes."""
    never, end = threading.Event(), time.monotonic() + 600
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        meanwhile()
        never.wait(0.05)
