"""`kill -9` of one process after another during a scan: what is left, and is all well after.

    bench/faults/kill.py [FOLDER] [--books 4000] [--seed 1] [--rounds 1]

For each victim: a server on a fresh data folder, a scan under way, the kill. Then every
process of the server is counted: none may have lost its parent, and none may be left when
the server was stopped and its keeper had ended (or, where the supervisor was the victim, a
moment later); whatever is left is named. The next start must finish the scan, and the library
must equal that of an undisturbed one. Without FOLDER one is made. Prints a table and, last, one
JSON line. Fails too when one callback held a web server's event loop for more than 50 ms.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

import psutil
import psycopg
from family import about, name_of, parent_of

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


from kiremisu.server import embedded  # noqa: E402 (path set above)
from tests.watchdog import APP, watching  # noqa: E402

PATIENCE = 180.0
LIBRARY = """
    SELECT s.key, s.title, s.chapter_count, s.page_count, c.path, c.size, c.page_count, c.volume,
           c.number, c.missing_since IS NULL, c.problem, encode(t.signature, 'hex')
    FROM library_chapter c JOIN library_series s ON s.id = c.series_id
    LEFT JOIN library_content t ON t.id = c.content_id ORDER BY c.path
"""
SCANS = "SELECT count(*) FILTER (WHERE state = 'done'), count(*) FROM jobs_job WHERE kind = 'scan'"
OWNER = "SELECT owner FROM jobs_job WHERE kind = 'scan' AND state = 'running'"
RUNNING = "SELECT count(*) FROM jobs_job WHERE kind = 'scan' AND state = 'running' AND done > 0"


class Server:
    """One `manage.py up` on a data folder, and every process that belongs to it."""

    started: ClassVar[list[subprocess.Popen[bytes]]] = []

    def __init__(self, folder: Path, data: Path, *others: str) -> None:
        self.data = data
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = (data.parent / f"{data.name}.log").open("ab")
        self.process = subprocess.Popen(
            [
                *(sys.executable, "manage.py", "up", str(folder), *others, "--data-dir", str(data)),
                *("--port", str(self.port), "--jobs", "2", "--app", APP),
            ],
            cwd=ROOT,
            stdout=self.log,
            stderr=self.log,
            env={"KIREMISU_ENRICH": "no"} | os.environ | {"KIREMISU_FAULT_RUN": str(data)},
        )
        self.started.append(self.process)

    def members(self) -> list[psutil.Process]:
        """All processes that were started with this run's mark, and their children."""
        found: dict[int, psutil.Process] = {}
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.status() == psutil.STATUS_ZOMBIE:
                    continue
                if process.environ().get("KIREMISU_FAULT_RUN") == str(self.data):
                    found[process.pid] = process
                    found |= {child.pid: child for child in process.children(recursive=True)}
        return [process for process in found.values() if process.is_running()]

    def keepers(self) -> list[psutil.Process]:
        """The database's keepers: one lets go of its lock a moment before it has ended."""
        return [process for process in self.members() if "server.keeper" in name_of(process)]

    def orphans(self) -> list[str]:
        """Processes whose parent is none of ours; the supervisor and the keeper may be so."""
        ours = self.members()
        ids = {process.pid for process in ours}
        may = {self.process.pid, embedded.keeper(self.data)}
        return [
            about(process)
            for process in ours
            if process.pid not in may and parent_of(process) not in ids
        ]

    def answers(self) -> bool:
        with suppress(OSError):
            address = f"http://127.0.0.1:{self.port}/healthz"
            return bool(urllib.request.urlopen(address, timeout=5).status == 200)
        return False

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)


def victims() -> dict[str, Callable[[Server], int]]:
    """How to find each victim, by its name in the table."""
    return {
        "web worker": lambda server: child(server, "server.web", 1),
        "web parent": lambda server: child(server, "server.web", 0),
        "job worker": working,
        "cluster's guard": lambda server: child(server, "clusters default", 1),
        "cluster's parent": lambda server: child(server, "clusters default", 0),
        "postgres": lambda server: child(server, "bin/postgres -D", 0),
        "keeper": lambda server: embedded.keeper(server.data) or 0,
        "supervisor": lambda server: server.process.pid,
    }


def child(server: Server, words: str, place: int) -> int:
    """The oldest process with these words, or the first of its descendants."""
    named = [process for process in server.members() if words in name_of(process)]
    oldest = min(named, key=lambda process: (process.create_time(), process.pid))
    return [oldest, *oldest.children()][place].pid


def working(server: Server) -> int:
    """The worker that runs the scan, by the lease it holds."""
    held = ask(server.data, OWNER)
    return int(str(held[0][0]).split(":")[-2])


def ask(data: Path, query: str) -> list[tuple[object, ...]]:
    try:
        folder = str(embedded.socket_folder(data))
        with psycopg.connect(host=folder, user="kiremisu", dbname="kiremisu") as connection:
            return connection.execute(query).fetchall()  # type: ignore[call-overload]
    except psycopg.Error:
        return []


def until(what: str, is_so: Callable[[], object], patience: float = PATIENCE) -> float:
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > patience:
            raise SystemExit(f"Waited in vain: {what}.")
        time.sleep(0.02)
    return time.monotonic() - began


def scanned(data: Path) -> bool:
    rows = ask(data, SCANS)
    return bool(rows) and rows[0][1] != 0 and rows[0][0] == rows[0][1]


def digest(data: Path) -> tuple[int, str]:
    with embedded.hold(data):
        rows = ask(data, LIBRARY)
    return len(rows), hashlib.blake2b(repr(rows).encode(), digest_size=8).hexdigest()


def undisturbed(folder: Path, data: Path) -> tuple[int, str]:
    server = Server(folder, data)
    until("the first scan", lambda: scanned(data) and server.answers())
    server.stop()
    until("its end", lambda: not server.members(), 20)
    return digest(data)


def one_round(
    folder: Path, data: Path, find: Callable[[Server], int], late: float
) -> dict[str, object]:
    server = Server(folder, data)
    until("a scan under way", lambda: ask(data, RUNNING) not in ([], [(0,)]))
    time.sleep(late)
    before = len(server.members())
    victim = find(server)
    os.kill(victim, signal.SIGKILL)
    if victim == server.process.pid:
        server.process.wait()
        gone = until("the rest to follow", lambda: not server.members(), 20)
        orphans: list[str] = []
    else:
        until("its children to follow", lambda: not server.orphans(), 20)
        orphans = server.orphans()
        began = time.monotonic()
        server.stop()
        gone = time.monotonic() - began
    until("the database to stop", lambda: not server.keepers(), 20)
    left = [about(process) for process in server.members()]
    for words in left:
        print(f"  left: {words}", flush=True)
    again = Server(folder, data)
    resumed = until("the next start to finish the scan", lambda: scanned(data))
    until("its web server to answer", again.answers)
    again.stop()
    until("the end", lambda: not again.members(), 20)
    count, sign = digest(data)
    return {
        "processes": before, "orphans": len(orphans), "left": len(left), "seconds_to_end": gone,
        "seconds_to_resume": resumed, "chapters": count, "digest": sign,
    }  # fmt: skip


def make_folder(folder: Path, books: int) -> Path:
    """Small books of five pages each, no two alike."""
    for number in range(books):
        series = folder / f"Series {number // 20:04}"
        series.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(
            series / f"Series {number // 20:04} v{number % 20 + 1:02}.cbz", "w"
        ) as book:
            for page in range(5):
                book.writestr(f"{page:03}.png", PIXEL + f"{number}-{page}".encode())
    return folder


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c63600000000200015e9b0c3f0000000049454e44ae426082"
)


def rounds(told: argparse.Namespace, work: Path) -> bool:
    """One after another, each printed; whether all went well."""
    chance = random.Random(told.seed)
    folder = told.folder or make_folder(work / "library", told.books)
    expected = undisturbed(folder, work / "undisturbed")
    print("victim             before orphans left  end s resume s equal")
    results = []
    for name, find in victims().items():
        for turn in range(told.rounds):
            if told.only not in name:
                continue
            data = work / f"{name.replace(' ', '-').replace(chr(39), '')}-{turn}"
            got = one_round(folder, data, find, chance.uniform(0, 0.5))
            got |= {"victim": name, "equal": (got["chapters"], got["digest"]) == expected}
            results.append(got)
            print(
                f"{name:18} {got['processes']:6} {got['orphans']:7} {got['left']:4} "
                f"{got['seconds_to_end']:6.1f} {got['seconds_to_resume']:8.1f} {got['equal']}",
                flush=True,
            )
    well = all(got["equal"] and not got["left"] and not got["orphans"] for got in results)
    print(json.dumps({"bench": "kill", "chapters": expected[0], "well": well, "rounds": results}))
    return well


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("folder", nargs="?", type=Path)
    asked.add_argument("--books", type=int, default=4000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--rounds", type=int, default=1)
    asked.add_argument("--only", default="")
    told = asked.parse_args()
    work = Path(tempfile.mkdtemp(prefix="kiremisu-kill-"))
    try:
        with watching() as environment:
            os.environ.update(environment)
            well = rounds(told, work)
    finally:
        for process in Server.started:
            process.kill()
        shutil.rmtree(work, ignore_errors=True)
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
