"""The corpus of hostile files: each alone, and all of it in one library on a real server.

    bench/faults/hostile.py [MAKER] [--only alone|library]

MAKER is a script that writes the corpus into a folder, with a manifest.jsonl of what each file
must come to; without it ../shared/corpus/make_hostile.py, and where that is not there it says
so. First every file is done everything with, in a process of its own (one_file.py), its time and
memory measured. Then `manage.py up` scans a folder that holds all, and of every book the server
is asked for all there is: pages, cover, file, its page in the browser. The good ones must be
listed and their pages be the very bytes of their files; no answer may be a 5xx, no page be of
another type than a picture's. Nothing may have changed in the library or be left beside it.
Prints what differs and, last, one JSON line; fails where something differs.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "bench" / "faults")]

from asked_of_server import Answers, Book, listed  # noqa: E402 (path set above)
from kill import Server, ask, scanned, until  # noqa: E402

from tests.watchdog import watching  # noqa: E402

MAKER = ROOT.parent / "shared" / "corpus" / "make_hostile.py"
SECONDS, MEBIBYTES = 10.0, 512
PASSWORD = "correct horse battery staple"

TOOK = "SELECT extract(epoch FROM finished - started) FROM jobs_job WHERE kind = 'scan'"

type Case = dict[str, Any]


def outcome(status: str, skipped: int) -> str:
    if status != "readable":
        return "error"
    return "skipped_entries" if skipped else "readable"


def differs(case: Case, found: str, pages: int) -> str:
    """What is wrong with this outcome, or nothing. A manifest tells the pages of what it expects:
    without any, any number will do, and where another outcome leaves some out, fewer."""
    told = case["pages"]
    most = case.get("pages_max", sys.maxsize if told is None else told)
    least = (told or 0) if found == case["expect"] else 1
    allowed = {case["expect"], *case.get("also", ())}
    if found not in allowed:
        return f"{found}, not {'/'.join(sorted(allowed))}"
    if found != "error" and not least <= pages <= most:
        return f"{pages} pages, not {least} to {most}"
    return ""


def alone(corpus: Path, cases: list[Case]) -> Iterator[tuple[Case, dict[str, Any], str]]:
    """Each case, what came of it in a process of its own, and what is wrong with that."""
    for case in cases:
        command = [sys.executable, str(ROOT / "bench/faults/one_file.py"), case["file"]]
        told = subprocess.run(command, cwd=corpus, capture_output=True, text=True, check=False)
        if told.returncode:
            yield case, {}, f"it died: {told.stderr.strip()[-300:]}"
            continue
        got = json.loads(told.stdout)
        found = outcome(got.get("status", "error"), got.get("skipped", 0))
        wrong = [differs(case, found, got.get("pages", 0))]
        if wrong[0] and got.get("code"):
            wrong.append(f"{got['code']}: {got['detail']}")
        wrong += [f"{got['slowest_step']} took {got['slowest']} s"] * (got["slowest"] > SECONDS)
        wrong += [f"{got['mb']} MiB"] * (got["mb"] > MEBIBYTES)
        yield case, got, "; ".join(filter(None, wrong))


def state(folder: Path) -> dict[str, tuple[int, ...]]:
    """What lies in the folder, links and pipes as such, to see whether anything changed."""
    found = {}
    for at, folders, names in os.walk(os.fsencode(folder)):
        for name in folders + names:
            place = os.path.join(at, name)
            told = os.lstat(place)
            found[os.fsdecode(place)] = (told.st_mode, told.st_size, told.st_mtime_ns, told.st_ino)
    return found


def in_library(case: Case, books: list[Book]) -> str:
    """What is wrong with what the library shows of a case."""
    readable = [book for book in books if not book.problem and book.good]
    pages = sum(book.good for book in readable)
    whole = all(book.good == book.page_count and not book.skipped for book in readable)
    bad = len(books) - len(readable)
    skipped = bad or not whole or case["group"] == "fs"
    found = outcome("readable" if readable else "error", int(skipped))
    if (
        case["group"] == "fs"
        and found == "skipped_entries"
        and not differs(case, "readable", pages)
    ):
        found = "readable"
    wrong = [differs(case, found, pages)]
    wrong += [fault for book in books for fault in book.faults]
    if "order" in case and [book.names for book in books] != [case["order"]]:
        wrong.append(f"in the order {[book.names for book in books]}")
    if "title" in case and [book.title for book in books] != [case["title"]]:
        wrong.append(f"titled {[book.title for book in books]}")
    return "; ".join(filter(None, wrong))


def together(folder: Path, work: Path, cases: list[Case]) -> tuple[list[str], dict[str, Any]]:
    """What is wrong with a library of all cases, and figures of its scan."""
    data = work / "data"
    before = state(folder)
    server = Server(folder, data)
    peak = 0.0

    def done() -> bool:
        nonlocal peak
        peak = max([peak, *(each.memory_info().rss / 2**20 for each in server.members())])
        return scanned(data)

    until("the scan of all of it", done)
    seconds = float(str(ask(data, TOOK)[0][0]))
    until("the server to answer", server.answers)
    answers = Answers(f"http://127.0.0.1:{server.port}", PASSWORD)
    books = [answers.ask_all(book, folder) for book in listed(data)]
    server.stop()
    until("its end", lambda: not server.members(), 30)
    wrong = []
    for case in cases:
        ours = [book for book in books if Path(book.path).is_relative_to(case["file"])]
        if fault := in_library(case, ours):
            wrong.append(f"{case['file']}: {fault}")
    log = Path(server.log.name).read_text(errors="replace")
    wrong += [
        f"log: {told}" for told in re.findall(r"Traceback(?:\n?.){1,2000}|.*\" 5\d\d .*", log)
    ]
    after = state(folder)
    wrong += [f"changed: {path}" for path in before if before[path] != after.get(path)]
    wrong += [f"new: {path}" for path in after.keys() - before.keys()]
    figures = {"books": len(books), "scan_seconds": round(seconds, 1), "largest_mb": round(peak)}
    return wrong, figures | {"statuses": answers.statuses}


def made(maker: Path, folder: Path) -> list[Case]:
    """The corpus in a folder, each case in a folder of its own as a scanner wants it."""
    command = [sys.executable, str(maker), str(folder), "--layout", "series"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    manifest = folder / "manifest.jsonl"
    cases = [json.loads(line) for line in manifest.read_text().splitlines()]
    manifest.unlink()
    # Answers of upstreams are no books; they lie in the library all the same.
    return [case for case in cases if case["group"] != "remote"]


def told_alone(folder: Path, cases: list[Case]) -> list[str]:
    """What is wrong with each case by itself; prints how it went."""
    wrong, slowest, largest = [], (0.0, ""), (0, "")
    outcomes = Counter[str]()
    for case, got, fault in alone(folder, cases):
        if fault:
            wrong.append(f"{case['file']}: {fault}")
        outcomes[outcome(got.get("status", "error"), got.get("skipped", 0))] += 1
        slowest = max(slowest, (got.get("slowest", 0.0), case["file"]))
        largest = max(largest, (got.get("mb", 0), case["file"]))
    print(f"{len(cases)} files alone: {dict(outcomes)}, {len(wrong)} differ")
    print(
        f"slowest step {slowest[0]} s ({slowest[1]}), most memory {largest[0]} MiB ({largest[1]})"
    )
    print("\n".join(wrong), flush=True)
    return wrong


def run(maker: Path, work: Path, only: str) -> bool:
    folder = work / "library"
    cases = made(maker, folder)
    (work / "temporary").mkdir()
    os.environ["TMPDIR"] = str(work / "temporary")
    slips = set(Path("/tmp").glob("kire_slip*"))
    wrong: list[str] = []
    figures: dict[str, Any] = {}
    if only != "library":
        wrong += told_alone(folder, cases)
    if only != "alone":
        more, figures = together(folder, work, cases)
        print(f"\nAll in one library: {figures}, {len(more)} differ")
        print("\n".join(more))
        wrong += more
    wrong += [f"left: {path}" for path in (work / "temporary").iterdir()]
    wrong += [f"slipped out: {path}" for path in set(Path("/tmp").glob("kire_slip*")) - slips]
    print(json.dumps({"bench": "hostile", "cases": len(cases), "wrong": wrong} | figures))
    return not wrong


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("maker", nargs="?", type=Path, default=MAKER)
    asked.add_argument("--only", choices=("alone", "library"), default="")
    told = asked.parse_args()
    maker = told.maker
    if not maker.exists():
        print(f"No maker of hostile files at {maker}: nothing is judged.")
        return
    work = Path(tempfile.mkdtemp(prefix="kiremisu-hostile-"))
    os.environ |= {"KIREMISU_ADMIN_USER": "alice", "KIREMISU_ADMIN_PASSWORD": PASSWORD}
    try:
        with watching() as environment:
            os.environ.update(environment)
            well = run(maker, work, told.only)
    finally:
        for process in Server.started:
            process.kill()
        shutil.rmtree(work, ignore_errors=True)
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
