"""A whole server at work: series that are looked for in the world by three web processes' people
and two clusters, and how often the world is asked.

    bench/enriching.py [--series 500] [--web 3]

Makes a library of so many series whose titles a small MangaDex on this machine has, starts
`manage.py up` on it, and waits until each was looked for. Meanwhile somebody searches the world
every two seconds over the API, and looks at Activity. After a third of the series the world says
that it is too much, after two thirds it fails until it is left alone. Prints what was seen and,
last, one JSON line. Ends with 1 when more than three requests came in any sliding second, somebody
waited for more than two seconds while all was well, a storm was not obeyed or not shown, or a
series is not matched at the end.
"""

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.upstream import Upstream, serving  # noqa: E402 (path set above)
from tests.upstream.catalogue import picture  # noqa: E402
from tests.watchdog import APP, watching  # noqa: E402

MOST, LONGEST, PAUSE = 3, 2.0, 2.1
# Seconds: that the world asks to be left alone; that it is left alone once it fails.
ASKED, REST = 10, 60
# What Activity says of each storm, and when all is well.
WELL = "Works, and was asked"
SHOWN = ("Asked to be left alone until", "Failed several times, and is left alone until", WELL)
PASSWORD = "a quiet harbour"
WORDS = """
    Amber Brine Cinder Dusk Ember Fallow Glass Harbour Iron Juniper Kelp Lantern Marrow North
    Almanac Bridge Chorus Diary Engine Ferry Garden Heron Island Journey Kingdom Letter
    Moon River Winter
"""


def titles(many: int) -> list[str]:
    """So many, unlike each other."""
    parts = [line.split() for line in WORDS.strip().splitlines()]
    every = [f"{one} {two} of {three}" for one, two, three in product(*parts)]
    random.Random(4).shuffle(every)
    return every[:many]


def fill(folder: Path, upstream: Upstream, many: int) -> None:
    """The library, and the world that knows it."""
    page = picture("a page")
    for number, title in enumerate(titles(many)):
        upstream.catalogue.add(title, also={"ja-ro": f"Hanashi {number}"}, chapters=3)
        place = folder / title
        place.mkdir(parents=True)
        with zipfile.ZipFile(place / f"{title} v01.cbz", "w") as book:
            book.writestr("1.jpg", page)
            book.writestr("2.jpg", picture(title))


@contextmanager
def up(folder: Path, data: Path, upstream: Upstream, web: int) -> Iterator[str]:
    """`manage.py up` until the end of the block; its API's address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = {
        "KIREMISU_MANGADEX_URL": upstream.url,
        "KIREMISU_MANGADEX_UPLOADS_URL": upstream.url,
        "KIREMISU_ADMIN_USER": "alice",
        "KIREMISU_ADMIN_PASSWORD": PASSWORD,
    }
    command = [sys.executable, "manage.py", "up", str(folder), "--data-dir", str(data)]
    with watching() as environment, (data.parent / "up.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--port", str(port), "--workers", str(web), "--jobs", "2", "--app", APP],
            cwd=ROOT,
            env=os.environ | environment | told,
            stdout=log,
            stderr=log,
        )
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(60)


def signed_in(root: str) -> requests.Session:
    """Somebody who may do all, once the server answers."""
    api = requests.Session()
    for _ in range(600):
        with suppress(requests.RequestException):
            told = api.post(
                f"{root}/api/v1/auth/token", json={"username": "alice", "password": PASSWORD}
            )
            if told.ok:
                api.headers["Authorization"] = f"Bearer {told.json()['access']}"
                return api
        time.sleep(0.2)
    raise TimeoutError("The server did not start.")


def total(api: requests.Session, root: str, state: str) -> int:
    """How many series are in this state of matching."""
    asked = json.dumps({"field": "match", "value": state})
    told = api.get(f"{root}/api/v1/series", params={"filter": asked, "per_page": "1"}, timeout=30)
    return int(told.json()["total"])


@dataclass
class Storms:
    """What goes wrong on the way: a third of it done, and two thirds."""

    upstream: Upstream
    many: int
    began: list[float] = field(default_factory=list)
    is_on: bool = False

    def look(self, done: int) -> None:
        """Begin the next when it is time."""
        if self.is_on or done < self.many * (len(self.began) + 1) // 3 or len(self.began) == 2:
            return
        if self.began:
            self.upstream.faults.say(503, b"<html>", kind="text/html", times=7)
        else:
            self.upstream.faults.throttle(times=2, headers={"Retry-After": str(ASKED)})
        self.is_on = True
        self.began.append(time.monotonic())

    def see(self, page: str) -> None:
        """What Activity says: a storm is over once all has happened and the world is well."""
        self.is_on = self.is_on and not (self.upstream.faults.are_met and WELL in page)

    def longest(self) -> list[float]:
        """For each, the longest time in its course without a request, in seconds."""
        times = sorted(each.at for each in self.upstream.asked)
        gaps = [(one, other - one) for one, other in pairwise(times)]
        return [
            round(max(gap for at, gap in gaps if begun - 1 <= at < ended), 1)
            for begun, ended in pairwise([*self.began, float("inf")])
        ]


def looking(root: str) -> requests.Session:
    """Somebody in the browser."""
    web = requests.Session()
    web.get(f"{root}/login", timeout=30)
    token = {"csrfmiddlewaretoken": web.cookies["csrftoken"]}
    told = {"username": "alice", "password": PASSWORD, **token}
    web.post(f"{root}/login", data=told, headers={"Referer": root}, timeout=30).raise_for_status()
    return web


def watched(root: str, upstream: Upstream, many: int) -> dict[str, Any]:
    """Everything looked for, while somebody searches."""
    api, storms = signed_in(root), Storms(upstream, many)
    web = looking(root)
    began, waits, stormy, outcomes = time.perf_counter(), [], [], Counter[int]()
    shown = set[str]()
    while (done := sum(total(api, root, one) for one in ("matched", "review", "none"))) < many:
        page = web.get(f"{root}/activity", timeout=30).text
        shown |= {words for words in SHOWN if words in page}
        storms.see(page)
        storms.look(done)
        start, wanted = time.perf_counter(), {"q": f"person {len(waits) + len(stormy)}"}
        told = api.get(f"{root}/api/v1/metadata/search", params=wanted, timeout=60)
        took = time.perf_counter() - start
        (stormy if storms.is_on else waits).append(took)
        outcomes[told.status_code] += not storms.is_on
        time.sleep(max(0.0, PAUSE - took))
    seconds = time.perf_counter() - began
    return {
        "series": many,
        **{state: total(api, root, state) for state in ("matched", "review", "none")},
        "seconds": round(seconds),
        "requests": len(upstream.asked),
        "a second": round(len(upstream.asked) / seconds, 2),
        "busiest second": upstream.busiest(1.0),
        "person's searches": len(waits),
        "answered with": sorted(+outcomes),
        "person's longest wait": round(max(waits), 2),
        "person's median wait": round(sorted(waits)[len(waits) // 2], 2),
        "searches in storms": len(stormy),
        "longest wait in storms": round(max(stormy), 2),
        "left alone in storms": storms.longest(),
        "Activity said": sorted(shown),
    }


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--series", type=int, default=500)
    options.add_argument("--web", type=int, default=3)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="kiremisu-bench-") as place, serving() as upstream:
        folder, data = Path(place) / "library", Path(place) / "data"
        fill(folder, upstream, asked.series)
        with up(folder, data, upstream, asked.web) as root:
            found = watched(root, upstream, asked.series)
    for name, figure in found.items():
        print(f"{name:24} {figure}")
    print(json.dumps(found))
    is_kept = found["busiest second"] <= MOST and found["person's longest wait"] <= LONGEST
    throttled, failing = found["left alone in storms"]
    is_obeyed = throttled >= ASKED and failing >= REST and len(found["Activity said"]) == len(SHOWN)
    is_done = found["matched"] == asked.series
    return int(not (is_kept and is_obeyed and is_done) or found["answered with"] != [200])


if __name__ == "__main__":
    sys.exit(main())
