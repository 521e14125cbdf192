"""One django-q2 cluster as a process of its own: python -m kiremisu.server.clusters NAME.

A `kill -9` of any of its processes must neither leave an orphan nor stop the others:
each dies with its parent, and nothing that several share has a lock to die with.
"""

import multiprocessing
import pickle
import select
import socket
import sys
import threading
import time
from multiprocessing.sharedctypes import RawValue, Synchronized
from typing import Any, override

import django_q.cluster
from django.conf import settings
from django_q.worker import worker

from kiremisu.jobs import working
from kiremisu.lib import logs, processes
from kiremisu.server.locks import take

_LARGEST = 1 << 20
_PACKETS = socket.SOCK_SEQPACKET if sys.platform == "linux" else socket.SOCK_DGRAM


class Mailbox:
    """A queue between processes, as django-q2 uses one, that outlives any of them.

    The kernel hands each message to exactly one reader. A `multiprocessing.Queue` has a
    lock that every reader holds while it waits: killed then, it takes the lock along.
    """

    def __init__(self) -> None:
        self._entry, self._exit = socket.socketpair(socket.AF_UNIX, _PACKETS)

    def put(self, message: object) -> None:
        self._entry.sendall(pickle.dumps(message))

    def get(self) -> Any:
        return pickle.loads(self._exit.recv(_LARGEST))  # noqa: S301 - from our own processes

    def empty(self) -> bool:
        return not select.select([self._exit], [], [], 0)[0]

    def qsize(self) -> int:
        """Whether there is something, as a number: only django-q2's statistics ask."""
        return int(not self.empty())

    def close(self) -> None:
        """Nothing: the readers go on until they have read all."""

    def join_thread(self) -> None:
        """Nothing: there is no thread behind."""


class Sentinel(django_q.cluster.Sentinel):  # type: ignore[misc] # it has no types
    """django-q2's guard over its workers, with nothing in it that a dead worker can lock."""

    @override
    def start(self) -> None:
        self.task_queue, self.result_queue = Mailbox(), Mailbox()
        super().start()

    @override
    def spawn_worker(self) -> None:
        # A lock of one process: a worker killed while it holds one shared would stop us.
        timer: Any = Synchronized(RawValue("f", -1), threading.RLock())  # type: ignore[arg-type]
        self.spawn_process(worker, self.task_queue, self.result_queue, timer, self.timeout)


def main(name: str) -> None:
    processes.die_with_starter()
    processes.forks_die_with_parent()
    # From Python 3.14 on another way of starting is the default, which our locks do not cross.
    multiprocessing.set_start_method("fork", force=True)
    logs.configure(settings.LOG_FORMAT, settings.LOG_LEVEL)
    # Shared by all forks: a cluster that lost its head still has it until all are gone.
    while take(settings.DATA_DIR / f"{name}.cluster") is None:
        time.sleep(0.1)
    # Resolved by name when the cluster starts.
    django_q.cluster.Sentinel = Sentinel
    cluster = django_q.cluster.Cluster()
    working.attend(cluster)
    cluster.start()
    cluster.sentinel.join()


if __name__ == "__main__":
    main(sys.argv[1])
