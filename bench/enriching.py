"""A whole server at work: series that are looked for in the world by three web processes' people
and two clusters, and how often the world is asked.

    bench/enriching.py [--series 500] [--web 3]

Makes a library of so many series whose titles a small MangaDex on this machine has, starts
`manage.py up` on it, and waits until each was looked for. Meanwhile somebody searches the world
every two seconds over the API. Prints what was seen and, last, one JSON line. Ends with 1 when more
than three requests came in any sliding second, or somebody waited for more than two seconds.
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
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import product
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.upstream import Upstream, serving  # noqa: E402 (path set above)
from tests.upstream.catalogue import picture  # noqa: E402
from tests.watchdog import APP, watching  # noqa: E402

MOST, LONGEST, PAUSE = 3, 2.0, 2.1
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


def watched(root: str, upstream: Upstream, many: int) -> dict[str, Any]:
    """Everything looked for, while somebody searches."""
    api = signed_in(root)
    began, waits, outcomes = time.perf_counter(), [], set[int]()
    while sum(total(api, root, state) for state in ("matched", "review", "none")) < many:
        start = time.perf_counter()
        told = api.get(
            f"{root}/api/v1/metadata/search", params={"q": f"person {len(waits)}"}, timeout=60
        )
        outcomes.add(told.status_code)
        waits.append(time.perf_counter() - start)
        time.sleep(max(0.0, PAUSE - waits[-1]))
    seconds = time.perf_counter() - began
    return {
        "series": many,
        **{state: total(api, root, state) for state in ("matched", "review", "none")},
        "seconds": round(seconds),
        "requests": len(upstream.asked),
        "a second": round(len(upstream.asked) / seconds, 2),
        "busiest second": upstream.busiest(1.0),
        "person's searches": len(waits),
        "answered with": sorted(outcomes),
        "person's longest wait": round(max(waits), 2),
        "person's median wait": round(sorted(waits)[len(waits) // 2], 2),
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
    return int(not is_kept or found["answered with"] != [200])


if __name__ == "__main__":
    sys.exit(main())
