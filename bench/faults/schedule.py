"""Scans by a schedule, on a real server: within a minute of their time, and once.

    bench/faults/schedule.py [--rounds 3]

One `manage.py up` with a library that is scanned every 15 minutes, and beside it a second cluster
of job workers on the same database, as another machine would be. In each round the next scan is
made due in a few seconds; every second round the server is stopped just before and started just
after. Looked at is when the scan was asked for and that nobody asked for another, until every
cluster has looked three times more. Prints a table and, last, one JSON line; fails where a scan
came too early, more than a minute late, or not exactly once.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "bench" / "faults")]

from kill import Server, ask, make_folder, scanned, until  # noqa: E402 (path set above)

from kiremisu.server import embedded  # noqa: E402
from tests.watchdog import watching  # noqa: E402

AHEAD, LATE, LOOKS = 4.0, 60.0, 45.0
SCANS = "SELECT created FROM jobs_job WHERE kind = 'scan' ORDER BY created"
NEXT = "SELECT next_scan, next_scan > now(), schedule FROM library_library"
MAKE_DUE = """
    UPDATE library_library SET schedule = 'every 15 minutes',
        next_scan = now() + make_interval(secs => %s) RETURNING next_scan
"""


def make_due(data: Path) -> Any:
    """The next scan's time, a few seconds ahead."""
    folder = str(embedded.socket_folder(data))
    with psycopg.connect(host=folder, user="kiremisu", dbname="kiremisu") as connection:
        return connection.execute(MAKE_DUE, [AHEAD]).fetchall()[0][0]


def second_cluster(data: Path, other: Path) -> subprocess.Popen[bytes]:
    """Job workers with a data folder of their own, on the database of the first."""
    address = f"postgres://kiremisu@/kiremisu?host={embedded.socket_folder(data)}"
    return subprocess.Popen(
        [sys.executable, "-m", "kiremisu.server.clusters", "default"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "kiremisu.settings",
            "DATABASE_URL": address,
            "KIREMISU_DATA_DIR": str(other),
        },
    )


def one_round(server: Server, data: Path, folder: Path, *, restart: bool) -> dict[str, Any]:
    """How late the scan of this round was asked for, and how many were; the server that runs."""
    before = len(ask(data, SCANS))
    due = make_due(data)
    if restart:
        server.stop()
        until("the end", lambda: not server.members(), 30)
        server = Server(folder, data, "--no-scan")
    began = time.monotonic()
    until("the scan", lambda: len(ask(data, SCANS)) > before, AHEAD + 2 * LATE)
    waited = time.monotonic() - began
    time.sleep(LOOKS)
    asked = ask(data, SCANS)[before:]
    ahead = ask(data, NEXT)[0][1]
    late = (asked[0][0] - due).total_seconds()
    return {
        "restart": restart, "late": round(late, 1), "scans": len(asked), "next_ahead": ahead,
        "waited": round(waited, 1), "server": server,
        "well": 0 <= late <= LATE and len(asked) == 1 and bool(ahead),
    }  # fmt: skip


def rounds(work: Path, many: int) -> bool:
    folder, data, other = make_folder(work / "library", 20), work / "data", work / "other"
    other.mkdir()
    server = Server(folder, data)
    until("the first scan", lambda: scanned(data) and server.answers())
    clusters = [second_cluster(data, other)]
    results = []
    print("restart  late s  scans  well")
    try:
        for turn in range(many):
            got = one_round(server, data, folder, restart=turn % 2 == 1)
            server = got.pop("server")
            if clusters[-1].poll() is not None:
                # The database was away for a moment, and so it went; another comes.
                clusters.append(second_cluster(data, other))
            results.append(got)
            print(
                f"{got['restart']!s:7} {got['late']:7} {got['scans']:6}  {got['well']}", flush=True
            )
    finally:
        for cluster in clusters:
            cluster.terminate()
            cluster.wait(20)
    server.stop()
    until("the end", lambda: not server.members(), 30)
    well = all(got["well"] for got in results)
    print(json.dumps({"bench": "schedule", "well": well, "rounds": results}))
    return well


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--rounds", type=int, default=3)
    told = asked.parse_args()
    os.environ["KIREMISU_SECRET_KEY"] = "of two clusters, " * 4
    work = Path(tempfile.mkdtemp(prefix="kiremisu-schedule-"))
    try:
        with watching() as environment:
            os.environ.update(environment)
            well = rounds(work, told.rounds)
    finally:
        for process in Server.started:
            process.kill()
        shutil.rmtree(work, ignore_errors=True)
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
