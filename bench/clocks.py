"""What goes on in processes that are measured, seen from outside: by a clock, by SQL and by the
memory that they take."""

import threading
import time
from collections.abc import Callable, Mapping

import psutil
from django.db import connection

_LOOK = 0.02
_WRITES = """
    SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables
    WHERE relname ~ '^(library|reader|metadata)_'
"""


class Clock(threading.Thread):
    """When each of some questions to the database is first answered by true, in seconds since the
    clock was made; `seen` holds those that were."""

    def __init__(self, questions: Mapping[str, str]) -> None:
        super().__init__(daemon=True)
        self.questions, self.seen = dict(questions), dict[str, float]()
        self.began, self.ended = time.perf_counter(), threading.Event()

    def run(self) -> None:
        with connection.cursor() as cursor:
            while self.questions and not self.ended.wait(_LOOK):
                # Those that come later are not asked before.
                name, question = next(iter(self.questions.items()))
                cursor.execute(question)
                if cursor.fetchone()[0]:
                    self.seen[name] = time.perf_counter() - self.began
                    del self.questions[name]
        connection.close()

    def stop(self) -> dict[str, float]:
        """What was seen, without waiting any longer."""
        self.ended.set()
        self.join()
        return self.seen

    def until_seen(self, patience: float) -> dict[str, float]:
        """All moments. Raises TimeoutError where one does not come."""
        self.join(patience)
        if self.questions:
            self.stop()
            raise TimeoutError(f"Not seen in {patience} s: {', '.join(self.questions)}")
        return self.seen


class Memory(threading.Thread):
    """The greatest memory that the processes which `scanning` finds take together."""

    def __init__(self, scanning: Callable[[], list[psutil.Process]]) -> None:
        super().__init__(daemon=True)
        self.scanning, self.peak, self.ended = scanning, 0, threading.Event()

    def run(self) -> None:
        while not self.ended.wait(0.2):
            try:
                sizes = [each.memory_full_info().pss for each in self.scanning()]
            except psutil.Error:
                continue
            self.peak = max(self.peak, sum(sizes))

    def stop(self) -> float:
        """In megabytes, shared pages counted once."""
        self.ended.set()
        self.join()
        return self.peak / 1e6


def family(pid: int) -> list[psutil.Process]:
    """A process and its children, PostgreSQL left out."""
    found = [psutil.Process(pid)]
    found += found[0].children(recursive=True)
    return [each for each in found if each.name() != "postgres"]


def crews(pid: int) -> list[psutil.Process]:
    """Of a server's processes those that scan with others, and these."""
    found: dict[int, psutil.Process] = {}
    for each in family(pid):
        if "spawn_main" in " ".join(each.cmdline()) and (parent := each.parent()):
            found |= {each.pid: each, parent.pid: parent}
    return [*found.values()]


def writes() -> dict[str, int]:
    """Rows inserted, updated and deleted so far, by table."""
    time.sleep(1.5)  # each process tells of its own after a second
    with connection.cursor() as cursor:
        cursor.execute(_WRITES)
        return dict(cursor.fetchall())


def written(before: Mapping[str, int]) -> int:
    """How many rows since; prints the tables they are in."""
    now = writes()
    changed = {name: now[name] - before.get(name, 0) for name in now}
    changed = {name: count for name, count in changed.items() if count}
    if changed:
        print(changed)
    return sum(changed.values())
