"""How fast a folder of manga is listed, against what the machine can do at all.

    bench/scan.py [--files 20000] [--pages 20] [--at FOLDER] [--parts floor,first,second,added,job]

Makes a library of tiny CBZ files in a temporary folder, or takes FOLDER/library. Parts: `floor`,
the bare walk and the archives' directories by zipfile in a process pool; `first`, `second` and
`added` (50 files more), scans by `manage.py scan`; `job`, all of that by `manage.py up`: asked for
over the API, and the last 50 files noticed by the watcher. All moments are seen from outside, by
SQL; memory is that of the scanning processes together. With `--small 5000` the first scan of so
many files as well, so that one sees how memory grows. Prints a table and, last, one JSON line.
"""

# ruff: noqa: PLC0415 - imported once Django is set up

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import requests
from serving import ROOT, data_folder, database
from tiny import by_zipfile, make, timed, walk

from tests.watchdog import APP, watching

PARTS = ("floor", "first", "second", "added", "job")
MORE = 50
_SERIES = "SELECT EXISTS (SELECT FROM library_series)"
_LISTED = "SELECT count(*) >= {} FROM library_chapter WHERE missing_since IS NULL"
_DONE = "SELECT count(*) = {} FROM jobs_job WHERE kind = 'scan' AND state = 'done'"
_PASSWORD = "a long word of a bench"
_PATIENCE = 300.0
_TELLING = 11.0  # seconds after which an idle process has told PostgreSQL of what it wrote


def scan(root: Path, files: int) -> dict[str, float]:
    """`manage.py scan --json`: what it says, when the first series and all files were seen."""
    from clocks import Clock, Memory, family

    command = [sys.executable, str(ROOT / "manage.py"), "scan", str(root), "--json"]
    begun = "SELECT EXISTS (SELECT FROM jobs_job WHERE kind = 'scan' AND state = 'running')"
    clock = Clock({"begun": begun, "series": _SERIES, "listed": _LISTED.format(files)})
    with (
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log) as process,
    ):
        memory = Memory(partial(family, process.pid))
        memory.start()
        clock.start()
        said = process.communicate()[0]
        if process.returncode:
            log.seek(0)
            sys.exit(log.read())
    seen = clock.stop()
    after = {name: at - seen["begun"] for name, at in seen.items() if name != "begun"}
    return {**json.loads(said), **after, "peak_mb": memory.stop()}


def by_command(
    folder: Path, data: Path, files: int, parts: set[str]
) -> Iterator[tuple[str, float]]:
    """First scan, second, and one after files were added."""
    from clocks import writes, written

    root = folder / "library"
    with database(data):
        migrate()
        first = scan(root, files)
        if "first" in parts:
            yield "first: first series", first["series"]
            yield "first: all listed", first["listed"]
            yield "first: all done", first["seconds"]
            yield "first: peak MB", first["peak_mb"]
        if "second" in parts:
            before = writes()
            second = [scan(root, files) for _ in range(3)]
            yield "second", sorted(each["seconds"] for each in second)[1]
            yield "second: peak MB", max(each["peak_mb"] for each in second)
            yield "second: rows written", written(before)
        if "added" in parts:
            with more(folder, files) as count:
                time.sleep(2)  # settled, so that the scan itself is measured
                third = scan(root, files)
            assert third["added"] == count, third
            yield f"{count} added", third["seconds"]


def migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


@contextmanager
def more(folder: Path, files: int) -> Iterator[int]:
    """So many files more until the end of the block, in series of their own."""
    new = folder / "library" / "Added just now"
    new.mkdir()
    try:
        make(new, MORE, 3, first=files)
        yield MORE
    finally:
        shutil.rmtree(new)


@contextmanager
def up(root: Path, data: Path, *, watches: bool) -> Iterator[tuple[int, requests.Session, str]]:
    """`manage.py up` until the end of the block: its process, and somebody who may do all."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = {
        "KIREMISU_ADMIN_USER": "alice",
        "KIREMISU_ADMIN_PASSWORD": _PASSWORD,
        "KIREMISU_WATCH": "yes" if watches else "no",
    }
    command = [sys.executable, "manage.py", "up", str(root), "--data-dir", str(data), "--no-scan"]
    with watching() as watched, (data / "up.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--port", str(port), "--app", APP],
            cwd=ROOT,
            env=os.environ | watched | told,
            stdout=log,
            stderr=log,
        )
        try:
            api = f"http://127.0.0.1:{port}/api/v1"
            yield process.pid, signed_in(api), api
        finally:
            process.terminate()
            process.wait(60)


def signed_in(api: str) -> requests.Session:
    asker = requests.Session()
    who = {"username": "alice", "password": _PASSWORD}
    for _ in range(600):
        with suppress(requests.RequestException):
            told = asker.post(f"{api}/auth/token", json=who)
            if told.ok and requests.get(api.replace("api/v1", "readyz"), timeout=5).ok:
                asker.headers["Authorization"] = f"Bearer {told.json()['access']}"
                return asker
        time.sleep(0.1)
    raise TimeoutError("The server did not start.")


def by_job(folder: Path, data: Path, files: int) -> Iterator[tuple[str, float]]:
    """The same asked for over the API, by the clock of who asks."""
    from clocks import Clock, Memory, crews, writes, written

    root = folder / "library"
    with database(data):
        with up(root, data, watches=False) as (pid, asker, api):
            library = asker.get(f"{api}/libraries").json()["items"][0]["id"]

            def asked(number: int, questions: dict[str, str]) -> dict[str, float]:
                clock = Clock({**questions, "done": _DONE.format(number)})
                clock.start()
                asker.post(f"{api}/libraries/{library}/scan").raise_for_status()
                return clock.until_seen(_PATIENCE)

            memory = Memory(partial(crews, pid))
            memory.start()
            first = asked(1, {"series": _SERIES, "listed": _LISTED.format(files)})
            yield "job, first: first series", first["series"]
            yield "job, first: all listed", first["listed"]
            yield "job, first: all done", first["done"]
            yield "job, first: peak MB", memory.stop()
            quiet(_PATIENCE)
            time.sleep(_TELLING)
            before = writes()
            yield "job, second", sorted(asked(number, {})["done"] for number in (2, 3, 4))[1]
            time.sleep(_TELLING)
            yield "job, second: rows written", written(before)
            with more(folder, files) as count:
                everything = _LISTED.format(files + count)
                yield f"job, {count} added: listed", asked(5, {"listed": everything})["listed"]
            asked(6, {})
        yield from by_watcher(folder, data, files)


def quiet(patience: float) -> None:
    """Until no job is left that anybody waits for."""
    from clocks import Clock

    waits = "SELECT NOT EXISTS (SELECT FROM jobs_job WHERE state IN ('queued', 'running'))"
    clock = Clock({"quiet": waits})
    clock.start()
    clock.until_seen(patience)


def by_watcher(folder: Path, data: Path, files: int) -> Iterator[tuple[str, float]]:
    """Nobody asks: from the moment when the last of the new files is written."""
    from clocks import Clock

    with up(folder / "library", data, watches=True):
        time.sleep(6)  # the watcher looks which libraries there are as it starts
        with more(folder, files) as count:
            clock = Clock({"listed": _LISTED.format(files + count)})
            clock.start()
            yield f"watcher, {count} added: listed", clock.until_seen(_PATIENCE)["listed"]


def measured(folder: Path, data: Path, files: int, parts: set[str]) -> Iterator[tuple[str, float]]:
    """What these parts find, on one empty database."""
    root = str(folder / "library")
    if "floor" in parts:
        yield "walk", min(timed(lambda: list(walk(root))) for _ in range(3))
        yield "zipfile", min(timed(lambda: by_zipfile(root)) for _ in range(2))
    if parts & {"first", "second", "added"}:
        yield from by_command(folder, data, files, parts)
    if "job" in parts:
        yield from by_job(folder, data, files)


def apart(*arguments: str) -> dict[str, float]:
    """The same in a process of its own, with a database of its own."""
    command = [sys.executable, __file__, *arguments]
    told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return dict(json.loads(told.splitlines()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--at", type=Path)
    parser.add_argument("--small", type=int)
    parser.add_argument("--parts", default=",".join(PARTS))
    options = parser.parse_args()
    parts = {*options.parts.split(",")}
    with data_folder() as data:
        folder = options.at or data
        if not (folder / "library").is_dir():
            make(folder / "library", options.files, options.pages)
        files = len(list(walk(str(folder / "library"))))
        found: dict[str, float] = {"files": files}
        own = parts - {"job"} or parts
        found |= dict(measured(folder, data, files, own))
        if options.small:
            few = apart("--parts", "first", "--files", str(options.small))
            found[f"first of {options.small}: peak MB"] = few["first: peak MB"]
        if parts > own:
            found |= apart("--parts", "job", "--at", str(folder))
    for name, value in found.items():
        print(
            f"{name:<32}{value:>10,.2f}" if isinstance(value, float) else f"{name:<32}{value:>10,}"
        )
    print(json.dumps({name: round(value, 3) for name, value in found.items()}))


if __name__ == "__main__":
    main()
