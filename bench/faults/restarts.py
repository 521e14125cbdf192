"""Web processes and the database are killed while people read and a scan goes on.

    bench/faults/restarts.py [--seeds 50] [--first 1] [--books 400]

One `manage.py up`. Readers turn pages, each of a book of their own, and look at the library, one
request after another; a full scan is asked for each time. For each seed, after a random pause, one
of these: `kill -9` of the web process, `kill -9` of the database, or its restart in order. Every
answer must be what it should be, or 503 with Retry-After, or none at all (the connection broke).
After each, within a minute, all is answered again, and of every place that was answered with 200
none may be lost: the stored page is the last that was, or a later one that was sent. In the end no
job may be stuck or have failed, and the library must be as before. Prints what went wrong and,
last, one JSON line; exit status 1 where anything did.
"""

import argparse
import http.client
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "bench" / "faults")]

from kill import LIBRARY, Server, ask, child, make_folder, scanned, until  # noqa: E402 (as above)

from tests.watchdog import watching  # noqa: E402

_ME = {"username": "alice", "password": "a quiet harbour"}
_WHO = {"KIREMISU_ADMIN_USER": _ME["username"], "KIREMISU_ADMIN_PASSWORD": _ME["password"]}
_FAULTS = ("web", "web", "postgres", "postgres", "restart")
_READERS = 4
_STORED = (
    "SELECT c.id::text, p.page FROM reader_progress p JOIN library_chapter c USING (content_id)"
)
_STUCK = "SELECT kind, state, error FROM jobs_job WHERE state = 'failed'"


class Api:
    """Requests of one person, each answered, refused as it should be, or broken off."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.token = ""
        self.seen = Counter[str]()
        self.wrong: list[str] = []

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """What is answered with 200 or 202; None for anything else."""
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            line.request(method, f"/api/v1/{path}", json.dumps(body) if body else None, headers)
            answer = line.getresponse()
            told = answer.read()
            line.close()
        except (OSError, http.client.HTTPException):
            self.seen["broken"] += 1
            return None
        self.seen[str(answer.status)] += 1
        if answer.status in {200, 202}:
            return json.loads(told)
        if answer.status != 503 or not answer.getheader("Retry-After"):
            self.wrong.append(f"{method} {path}: {answer.status} {told[:200]!r}")
        return None


class Reader(threading.Thread):
    """Turns the pages of one book, back to the first after the last, until it is not answered."""

    def __init__(self, api: Api, chapter: str, pages: int) -> None:
        super().__init__(daemon=True)
        self.api, self.chapter, self.pages = api, chapter, pages
        self.stored = self.sent = 0  # how many pages were turned, and are known to be stored
        self.is_over = False

    def run(self) -> None:
        while not self.is_over:
            self.sent += 1
            page = self.page_of(self.sent)
            if not self.api.ask("PUT", f"chapters/{self.chapter}/progress", {"page": page}):
                return
            self.stored = self.sent
            self.api.ask("GET", "series?per_page=5")

    def page_of(self, turn: int) -> int:
        return turn % self.pages + 1

    def may_be(self) -> set[int]:
        """The pages that may be stored now."""
        return {self.page_of(turn) for turn in range(self.stored, self.sent + 1)}


def break_something(fault: str, server: Server) -> None:
    if fault == "web":
        os.kill(child(server, "server.web", 1), signal.SIGKILL)
    else:
        ended = signal.SIGKILL if fault == "postgres" else signal.SIGINT
        os.kill(child(server, "bin/postgres -D", 0), ended)


def one_seed(seed: int, server: Server, api: Api, chapters: list[dict[str, Any]]) -> str:
    chance = random.Random(seed)
    fault = chance.choice(_FAULTS)
    some = chance.sample(chapters, _READERS)
    readers = [Reader(api, each["id"], each["page_count"]) for each in some]
    for reader in readers:
        reader.start()
    time.sleep(chance.uniform(0.2, 1.0))
    break_something(fault, server)
    time.sleep(chance.uniform(0.1, 0.5))
    for reader in readers:
        reader.is_over = True
    for reader in readers:
        reader.join()
    until("an answer", lambda: time.sleep(0.1) or api.ask("GET", "me"), 60)
    stored = dict(ask(server.data, _STORED))  # type: ignore[arg-type] # two columns
    for reader in readers:
        if reader.stored and stored.get(reader.chapter) not in reader.may_be():
            api.wrong.append(
                f"seed {seed}, {fault}: stored is {stored.get(reader.chapter)}, "
                f"not of {reader.may_be()}"
            )
    return fault


def run(told: argparse.Namespace, work: Path) -> bool:
    folder = make_folder(work / "library", told.books)
    server = Server(folder, work / "data")
    api = Api(server.port)
    until("the first scan", lambda: scanned(server.data) and server.answers())
    api.token = api.ask("POST", "auth/token", _ME)["access"]
    before = ask(server.data, LIBRARY)
    series = api.ask("GET", "series?per_page=20")["items"]
    chapters = [
        chapter
        for each in series
        for chapter in api.ask("GET", f"series/{each['id']}/chapters?per_page=100")["items"]
    ]
    library = api.ask("GET", "libraries")["items"][0]["id"]
    faults = Counter[str]()
    for seed in range(told.first, told.first + told.seeds):
        api.ask("POST", f"libraries/{library}/scan", {"full": True})
        faults[one_seed(seed, server, api, chapters)] += 1
    until("the last scan", lambda: scanned(server.data))
    if ask(server.data, LIBRARY) != before:
        api.wrong.append("the library is another")
    api.wrong += [f"failed: {row}" for row in ask(server.data, _STUCK)]
    server.stop()
    print(*api.wrong[:20], sep="\n")
    for line in Path(server.log.name).read_text().splitlines():
        if "request failed" in line:
            print(line[-2000:])
    answers = dict(sorted(api.seen.items()))
    told_all = {"bench": "restarts", "seeds": told.seeds, "faults": faults, "answers": answers}
    print(json.dumps(told_all | {"wrong": len(api.wrong)}))
    return not api.wrong


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--seeds", type=int, default=50)
    asked.add_argument("--first", type=int, default=1)
    asked.add_argument("--books", type=int, default=400)
    told = asked.parse_args()
    work = Path(tempfile.mkdtemp(prefix="kiremisu-restarts-"))
    os.environ |= _WHO | {"DJANGO_SETTINGS_MODULE": "quick_settings"}
    os.environ["PYTHONPATH"] = f"{ROOT / 'bench' / 'faults'}"
    try:
        with watching() as environment:
            os.environ.update(environment)
            well = run(told, work)
    finally:
        for process in Server.started:
            process.kill()
        shutil.rmtree(work, ignore_errors=True)
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
