"""How well and how fast names are read: the judges' cases, a generated library, names a second.

    bench/names.py [-v] [--seeds 101,102] [cases.jsonl | manifest.jsonl | folder with either …]

Without arguments it looks for ../shared/names; where nothing is there, it says so. For each
seed 2,000 names are made from the manga and doujin ones of the cases, with other series,
numbers, groups and years. Then 10,000 random names are read, none of which may fail. Prints
tables, the wrong ones with -v, and, last, one JSON line. Fails when less than 95 % of the
series, volumes or chapters of manga and doujins are right, or a name takes over 5 ms.
"""

import argparse
import json
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from hypothesis import given, settings

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.renaming import derived  # noqa: E402 (path set above)
from library.names import Parsed, parse, parse_path, relative_to  # noqa: E402
from tests.library.names.anything import NAMES  # noqa: E402

FACTS = ("series", "volume", "chapter")
LEAST, SLOWEST, DERIVED, RANDOM = 0.95, 5.0, 2000, 10_000
Score = dict[str, tuple[int, int]]


def same(field: str, found: object, expected: object) -> bool:
    """Numbers to the letter; series and titles as words, caseless."""
    if field in ("series", "title") and isinstance(found, str) and isinstance(expected, str):
        return words(found) == words(expected)
    return found == expected


def words(text: str) -> list[str]:
    text = unicodedata.normalize("NFC", text).casefold()
    return "".join(c if c.isalnum() else " " for c in text).split()


def read(case: dict[str, str]) -> Parsed:
    name = case["input"]
    if "root" in case:
        return parse_path(relative_to(name, case["root"]))
    return parse_path(name) if "/" in name else parse(name)


def judge_cases(lines: Iterable[dict[str, str]], *, show: bool = False) -> Score:
    """Right and asked, by domain and kind; "bar" is manga and doujin, paths included."""
    right, asked = Counter[str](), Counter[str]()
    for case in lines:
        field = case["kind"].removeprefix("path_")
        found = getattr(read(case), field)
        good = same(field, found, case["expected"])
        bar = "bar" if case["domain"] in ("manga", "doujin") else "beside"
        for key in (f"{case['domain']} {case['kind']}", f"{bar} {field}"):
            asked[key] += 1
            right[key] += good
        if show and not good:
            print(f"  {case['domain']} {case['kind']}: {case['input']!r} → {found!r},"
                  f" not {case['expected']!r}")  # fmt: skip
    return {key: (right[key], asked[key]) for key in sorted(asked)}


def judge_manifest(books: Iterable[dict[str, str]], *, show: bool = False) -> Score:
    """Right and asked by naming style: series, volume and chapter must all be right."""
    right, asked = Counter[str](), Counter[str]()
    for book in books:
        found = parse_path(book["path"])
        good = all(same(f, getattr(found, f), book[f]) for f in FACTS)
        for key in (book["style"], "all"):
            asked[key] += 1
            right[key] += good
        if show and not good:
            print(f"  {book['style']}: {book['path']!r} → {found.series!r}"
                  f" v{found.volume} c{found.chapter}")  # fmt: skip
    return {key: (right[key], asked[key]) for key in sorted(asked)}


def lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def speed(names: list[str]) -> float:
    """Names read a second, by the process's own time, as a scan reads them."""
    began = time.process_time()
    for name in names:
        parse_path(name)
    return len(names) / (time.process_time() - began)


def slowest(names: list[str]) -> tuple[float, str]:
    """The name that takes longest by the process's own time, the best of three, in ms."""
    read_once, slow = [], []
    for name in names:
        began = time.process_time()
        parse_path(name)
        read_once.append((time.process_time() - began, name))
    for _, name in sorted(read_once)[-50:]:
        times = []
        for _ in range(3):
            began = time.process_time()
            parse_path(name)
            times.append(1000 * (time.process_time() - began))
        slow.append((min(times), name))
    return max(slow)


def read_anything() -> int:
    """So many random names are read, or one fails."""
    count = 0

    @settings(max_examples=RANDOM, deadline=None, database=None)
    @given(NAMES)
    def check(name: str) -> None:
        nonlocal count
        parse(name)
        parse_path(name)
        count += 1

    check()
    return count


def table(title: str, score: Score) -> None:
    print(f"\n{title}")
    for key, (right, asked) in score.items():
        print(f"  {key:24} {right:6} / {asked:<6} {right / asked:7.1%}")


def shares(score: Score) -> dict[str, float]:
    return {key: round(right / asked, 4) for key, (right, asked) in score.items()}


def judge(files: list[Path], seeds: list[int], *, show: bool) -> tuple[dict[str, Score], list[str]]:
    """The score of each file and of what is derived from it, and the names that were read."""
    scores: dict[str, Score] = {}
    names: list[str] = []
    for file in files:
        rows, label = list(lines(file)), f"{file.parent.name}/{file.name}"
        if not rows or "kind" not in rows[0] or "style" in rows[0]:
            scores[label] = judge_manifest(rows, show=show)
            names += [row["path"] for row in rows]
            continue
        scores[label] = judge_cases(rows, show=show)
        names += [row["input"] for row in rows]
        ours = [(row, read(row)) for row in rows if row["domain"] in ("manga", "doujin")]
        for seed in seeds:
            made = list(derived(ours, DERIVED, seed))
            names += [case["input"] for case in made]
            found = judge_cases(made, show=show)
            scores[f"{len(made)} made from {label}, seed {seed}"] = {
                key: value for key, value in found.items() if key.startswith("bar ")
            }
    return scores, names


def main(arguments: list[str]) -> int:
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("-v", action="store_true")
    asked.add_argument("--seeds", default="101,102,103")
    asked.add_argument("paths", nargs="*", type=Path, default=[ROOT.parent / "shared" / "names"])
    told = asked.parse_args(arguments)
    files = [f for g in told.paths for f in ((g,) if g.is_file() else sorted(g.glob("*.jsonl")))]
    if not files:
        print(f"No judge of names at {', '.join(map(str, told.paths))}: nothing is judged.")
    seeds = [int(seed) for seed in told.seeds.split(",") if seed]
    scores, names = judge(files, seeds, show=told.v)
    for title, score in scores.items():
        table(title, score)
    names = names or [f"A Made Title {n}/A Made Title v01 c{n:03} (2019) (Digital) (Group).cbz"
                      for n in range(5000)]  # fmt: skip
    fast, (slow, name), random = speed(names), slowest(names), read_anything()
    print(f"\n{fast:.0f} names a second; the slowest takes {slow:.2f} ms: {name!r}")
    print(f"{random} random names read without a failure")
    low = [
        f"{title}: {key}"
        for title, score in scores.items()
        for key, share in shares(score).items()
        if key in {f"bar {fact}" for fact in FACTS} and share < LEAST
    ]
    print("\n".join(["Too low:", *low]) if low else "All as promised.")
    told_shares = {title: shares(score) for title, score in scores.items()}
    answer = {"bench": "names", **told_shares, "names_per_second": round(fast)}
    print(json.dumps(answer | {"slowest_ms": round(slow, 3), "random": random, "low": low}))
    return 1 if low or slow > SLOWEST else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
