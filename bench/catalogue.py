"""How fast the API answers over a big catalogue.

    bench/catalogue.py [--series 10000] [--chapters 5] [--seconds 4] [--kinds list,search …]
    bench/catalogue.py --compare BEFORE AFTER

Fills a database of its own with so many series of so many chapters, and twenty readers with
progress. Starts database and server anew and asks each kind once ("first"); then, warm, with wrk,
as often as one and two server processes answer over 1, 8 and 32 connections. Client, server and
database share this machine. Prints a table (milliseconds; "busy" is what a request costs the
server's processes in processor time, the figure that other load disturbs least) and, last, one
JSON line. Fails when a request does, and when one callback held the server's event loop for more
than 50 ms. `--compare` shows two such lines, kept in files, side by side.
"""

# ruff: noqa: PLC0415 - imported once Django is set up

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
from asking import Asking, check_wrk, measured
from filling import READERS, Catalogue, fill
from naming import misspelt
from serving import data_folder, database, serving

CONNECTIONS = (1, 8, 32)
PROCESSES = (1, 2)
_ROOT = "/api/v1/"
_MANY = 200  # different requests of one kind
_CUTS = ("p50", "p95", "p99", "rate", "busy")


def kinds(made: Catalogue) -> dict[str, Asking]:
    """What is measured."""
    chance = random.Random(2)
    some = [n * 7 % len(made.series) for n in range(_MANY)]
    last = len(made.series) // 50
    series = [f"{_ROOT}series/{made.series[n]}" for n in some]
    chapters = [f"{_ROOT}chapters/{made.chapters[n * 3]}" for n in some]
    lists = f"{_ROOT}series?per_page=50"
    narrow = "language=ja&status=ongoing"
    genres = ("action", "comedy", "drama", "fantasy", "horror")
    return {
        "list of 50": Asking([f"{lists}&page={n + 1}" for n in range(20)]),
        "list, last page": Asking([f"{lists}&page={last}"]),
        "list, narrowed": Asking([f"{lists}&{narrow}&sort=-added&page={n}" for n in range(1, 6)]),
        "list, a genre": Asking([f"{lists}&genre={genre}" for genre in genres]),
        "titles with a word": Asking([f"{lists}&search={word}" for word in _words(made, chance)]),
        "facets": Asking([f"{_ROOT}series/facets"]),
        "facets, narrowed": Asking([f"{_ROOT}series/facets?{narrow}&genre={g}" for g in genres]),
        "one series": Asking(series),
        "its chapters": Asking([f"{one}/chapters" for one in series]),
        "one chapter": Asking(chapters),
        "libraries": Asking([f"{_ROOT}libraries"]),
        **{f"search, {how}": asking for how, asking in _searches(made, chance)},
        "progress saved": Asking([f"{one}/progress" for one in chapters], "PUT", '{"page": PAGE}'),
    }


def _words(made: Catalogue, chance: random.Random) -> list[str]:
    titles = [title for title, _, sort in made.titles if sort == "latin"]
    return [max(chance.choice(titles).split(), key=len).strip("':") for _ in range(_MANY)]


def _searches(made: Catalogue, chance: random.Random) -> Iterator[tuple[str, Asking]]:
    latin = [title for title, _, sort in made.titles if sort == "latin"]
    japanese = [others[0][0].lower() for _, others, sort in made.titles if sort == "ja"]

    def asking(words: Sequence[str]) -> Asking:
        return Asking([f"{_ROOT}search?{httpx.QueryParams(q=one)}" for one in words])

    yield "right", asking(chance.choices(latin, k=_MANY))
    yield "a typo", asking([misspelt(chance, one) for one in chance.choices(latin, k=_MANY)])
    yield "another script", asking(chance.choices(japanese, k=_MANY))


def tokens() -> list[str]:
    """One for each reader, made here: the door counts how often one address knocks."""
    from kiremisu.accounts.models import User
    from kiremisu.accounts.tokens import _Obtaining

    readers = User.objects.filter(username__startswith="reader-")[:READERS]
    return [str(_Obtaining.get_token(reader).access_token) for reader in readers]


def firsts(wanted: dict[str, Asking], known: Sequence[str]) -> dict[str, float]:
    """Milliseconds that the first request of each kind takes on a server that has just started."""
    took: dict[str, float] = {}
    with serving() as web, httpx.Client(base_url=f"http://127.0.0.1:{web.port}") as client:
        for name, asking in wanted.items():
            headers = {"Authorization": f"Bearer {known[0]}"}
            body = json.loads(asking.body.replace("PAGE", "2")) if asking.body else None
            began = time.perf_counter()
            client.request(
                asking.method, asking.paths[0], headers=headers, json=body, timeout=60
            ).raise_for_status()
            took[name] = round((time.perf_counter() - began) * 1000, 1)
            print(f"{name:22}{'first':>12}{took[name]:10.1f}", flush=True)
    return took


def warm(wanted: dict[str, Asking], known: Sequence[str], seconds: float) -> dict[str, Any]:
    """Each kind over each number of connections and processes."""
    found: dict[str, Any] = {}
    head = "".join(f"{cut:>10}" for cut in _CUTS)
    print(f"\n{'':22}{'proc × conn':>12}{head}")
    for processes in PROCESSES:
        with serving(processes) as web:
            for name, asking in wanted.items():
                measured(web, asking, known, 8, 1)
                for width in CONNECTIONS:
                    got = measured(web, asking, known, width, seconds)
                    found[f"{name}, {processes} × {width}"] = got
                    told = "".join(f"{got[cut]:10.1f}" for cut in _CUTS[:-1])
                    place = f"{processes} × {width}"
                    print(f"{name:22}{place:>12}{told}{got['busy']:10.2f}", flush=True)
    return found


def compare(before: Path, after: Path) -> None:
    """Both runs' figures, and by how much the second is the first's multiple."""
    old, new = (json.loads(path.read_text().splitlines()[-1])["warm"] for path in (before, after))
    print(f"{'':36}" + "".join(f"{cut:>24}" for cut in _CUTS))
    for name in (name for name in old if name in new):
        pairs = [(old[name][cut], new[name][cut]) for cut in _CUTS]
        cells = [f"{a:.1f} → {b:.1f} ×{b / max(a, 0.01):.2f}" for a, b in pairs]
        print(f"{name:36}" + "".join(f"{cell:>24}" for cell in cells))


def run(asked: argparse.Namespace) -> None:
    check_wrk()
    with data_folder() as folder:
        with database(folder):
            began = time.perf_counter()
            made = fill(asked.series, asked.chapters, asked.series // 20)
            filled = round(time.perf_counter() - began, 1)
        sizes = f"{len(made.series)} series, {len(made.chapters)} chapters"
        print(f"{sizes}, filled in {filled} s\n", flush=True)
        chosen = asked.kinds.split(",")
        wanted = {
            name: asking
            for name, asking in kinds(made).items()
            if any(name.startswith(kind) for kind in chosen)
        }
        # Another database process, whose memory is empty.
        with database(folder):
            known = tokens()
            took = firsts(wanted, known)
            found = warm(wanted, known, asked.seconds)
    told = {"series": len(made.series), "chapters": len(made.chapters), "filled": filled}
    print(json.dumps({**told, "first": took, "warm": found}))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--series", type=int, default=10_000)
    options.add_argument("--chapters", type=int, default=5, help="of each series")
    options.add_argument("--seconds", type=int, default=4, help="of each kind and width")
    options.add_argument("--kinds", default="", help="those that begin so, by commas")
    options.add_argument("--compare", nargs=2, type=Path, metavar=("BEFORE", "AFTER"))
    asked = options.parse_args()
    if asked.compare:
        compare(*asked.compare)
    else:
        run(asked)


if __name__ == "__main__":
    main()
