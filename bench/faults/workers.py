"""`kill -9` of the worker that scans, at a random moment; and files that kill whoever opens them.

    bench/faults/workers.py [--seeds 50] [--first 1] [--books 1500]

Two real workers on a database of their own. First a library with two deadly files, one among the
first that the worker opens by itself and one among those that its readers do: both must be given
up, all others listed. Then for each seed a library of the same books, and while it is scanned a
kill: of the worker, of one of its readers, or of the whole cluster. What is known in the end must
be what an undisturbed scan makes of it, by one job that is done. Leases are short (quick_settings).
Prints what differs and, last, one JSON line; exit status 1 where anything does.
"""

# ruff: noqa: PLC0415 - imported once Django is set up

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import django
import psutil

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "bench" / "faults"
sys.path[:0] = [str(ROOT), str(HERE)]

from kill import make_folder, until  # noqa: E402 (path set above)

_VICTIMS = ("worker", "worker", "worker", "reader", "cluster")
# All but where it lies.
_KNOWN = """
    SELECT s.key, s.title, s.chapter_count, s.page_count, c.path, c.size, c.page_count, c.volume,
        c.number, c.missing_since IS NULL, c.problem, encode(t.signature, 'hex')
    FROM library_chapter c JOIN library_series s ON s.id = c.series_id
    LEFT JOIN library_content t ON t.id = c.content_id WHERE c.library_id = %s ORDER BY c.path
"""


class Cluster:
    """Two workers, started again whenever they are gone."""

    def __init__(self, work: Path) -> None:
        self.log = (work / "cluster.log").open("ab")
        self.process: subprocess.Popen[bytes] | None = None

    def watch(self) -> None:
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "kiremisu.server.clusters", "default"],
                stderr=self.log,
                cwd=ROOT,
                env=os.environ | {"KIREMISU_JOBS": "2", "Q_CLUSTER_NAME": "default"},
            )

    def kill(self, victim: str, owner: str) -> bool:
        """Whether there was such a one."""
        assert self.process is not None
        with suppress(psutil.NoSuchProcess, ValueError, IndexError):
            worker = psutil.Process(int(owner.split(":")[-2]))
            readers = [p for p in worker.children() if "spawn_main" in " ".join(p.cmdline())]
            {
                "worker": worker,
                "reader": readers[-1] if victim == "reader" else worker,
                "cluster": psutil.Process(self.process.pid),
            }[victim].kill()
            return True
        return False

    def end(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(60)
        self.log.close()


class Scan:
    """A library of the books of a folder, and its scan by a worker."""

    def __init__(self, books: Path, root: Path) -> None:
        from library import scanning
        from library.models import Library

        for path in books.rglob("*.cbz"):
            place = root / path.relative_to(books)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.hardlink_to(path)
        self.library = Library.objects.create(name=root.name, root=str(root))
        self.job = scanning.request(self.library)

    def is_running(self) -> bool:
        self.job.refresh_from_db()
        return bool(self.job.owner)

    def is_over(self) -> bool:
        self.job.refresh_from_db()
        return not self.job.is_live

    def known(self) -> tuple[int, str]:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(_KNOWN, [self.library.pk])
            rows = cursor.fetchall()
        return len(rows), hashlib.blake2b(repr(rows).encode(), digest_size=8).hexdigest()

    def problems(self) -> dict[str, str]:
        from library.models import Chapter

        broken = Chapter.objects.filter(library=self.library).exclude(problem="")
        return dict(broken.values_list("path", "problem"))


class Trials:
    """One after another on the same workers; `wrong` says what went wrong."""

    def __init__(self, work: Path, books: int, cluster: Cluster) -> None:
        self.work, self.cluster = work, cluster
        self.books = make_folder(work / "books", books)
        self.wrong: list[str] = []
        self.killed = Counter[str]()

    def deadly(self) -> dict[str, Any]:
        """Two files that nobody survives."""
        some = sorted(self.books.rglob("*.cbz"))
        some = [some[7], some[-7]]
        for path in some:
            path.with_stem(f"{path.stem} deadly").hardlink_to(path)
        began = time.monotonic()
        scan = self._until_over("deadly")
        for path in some:
            path.with_stem(f"{path.stem} deadly").unlink()
        given_up, count = scan.problems(), scan.known()[0]
        if [*given_up.values()] != ["killed_the_reader"] * 2 or scan.job.state != "done":
            self.wrong.append(f"deadly: {scan.job.state}, {given_up}")
        return {
            "listed": count - len(given_up), "given_up": len(given_up),
            "workers_died": scan.job.all_deaths, "seconds": round(time.monotonic() - began),
        }  # fmt: skip

    def undisturbed(self) -> float:
        """Seconds that it takes from when it runs."""
        scan = Scan(self.books, self.work / "undisturbed")
        until("a worker", lambda: self.cluster.watch() or scan.is_running())
        began = time.monotonic()
        until("the scan", scan.is_over)
        self.expected = scan.known()
        return time.monotonic() - began

    def all_seeds(self, seeds: range, seconds: float) -> None:
        """Scans of as many libraries, one or two at a time; each is hit once."""
        scans = {seed: Scan(self.books, self.work / f"seed-{seed}") for seed in seeds}
        fates = {seed: random.Random(seed) for seed in seeds}
        due: dict[int, tuple[float, str]] = {}
        while left := [seed for seed in seeds if not scans[seed].is_over()]:
            self.cluster.watch()
            for seed in left:
                owner = scans[seed].job.owner
                if owner and seed not in due:
                    # The clock of the first was slower: it saw the end late.
                    late = fates[seed].uniform(0, 0.7 * seconds)
                    due[seed] = time.monotonic() + late, owner
                elif owner and due[seed][1] == owner and time.monotonic() > due[seed][0]:
                    victim = fates[seed].choice(_VICTIMS)
                    self.killed[victim] += self.cluster.kill(victim, owner)
                    due[seed] = due[seed][0], ""
            time.sleep(0.01)
        for seed, scan in scans.items():
            if scan.job.state != "done" or scan.known() != self.expected:
                self.wrong.append(
                    f"seed {seed}: {scan.job.state}, {scan.job.error}, {scan.known()[0]}, "
                    f"{scan.problems()}"
                )

    def _until_over(self, name: str) -> Scan:
        scan = Scan(self.books, self.work / name)
        until("the scan", lambda: self.cluster.watch() or scan.is_over())
        return scan


def run(told: argparse.Namespace, work: Path) -> bool:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    cluster = Cluster(work)
    try:
        trials = Trials(work, told.books, cluster)
        deadly = trials.deadly()
        seconds = trials.undisturbed()
        trials.all_seeds(range(told.first, told.first + told.seeds), seconds)
    finally:
        cluster.end()
        connection.close()
    print(*trials.wrong, sep="\n")
    print(
        json.dumps(
            {
                "bench": "workers", "seeds": told.seeds, "killed": trials.killed,
                "differences": len(trials.wrong), "undisturbed_s": round(seconds, 2),
                "deadly": deadly,
            }
        )
    )  # fmt: skip
    return not trials.wrong


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--seeds", type=int, default=50)
    asked.add_argument("--first", type=int, default=1)
    asked.add_argument("--books", type=int, default=1500)
    told = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="kiremisu-workers-") as work:
        os.environ |= {"KIREMISU_DATA_DIR": f"{work}/data", "KIREMISU_ENRICH": "no"}
        os.environ |= {"DJANGO_SETTINGS_MODULE": "quick_settings", "KIREMISU_LOG_LEVEL": "warning"}
        os.environ["PYTHONPATH"] = f"{HERE}{os.pathsep}{HERE / 'deadly'}"
        from kiremisu.server import embedded

        with embedded.hold(Path(work) / "data", "fsync=off"):
            django.setup()
            well = run(told, Path(work))
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
