"""How well and how fast names are read: the judges' cases, a generated library, names a second.

    bench/names.py [cases.jsonl | manifest.jsonl | folder with either …]

Without arguments it looks for ../shared. What is absent is left out. Prints a table and, last,
one JSON line.
"""

import json
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from library.names import Parsed, parse, parse_path, relative_to  # noqa: E402 (path set above)

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
        good = all(same(f, getattr(found, f), book[f]) for f in ("series", "volume", "chapter"))
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
    if not names:
        names = [f"A Made Title {n}/A Made Title v01 c{n:03} (2019) (Digital) (Group).cbz"
                 for n in range(5000)]  # fmt: skip
    began = time.process_time()
    for name in names:
        parse_path(name)
    return len(names) / (time.process_time() - began)


def table(title: str, score: Score) -> None:
    print(f"\n{title}")
    for key, (right, asked) in score.items():
        print(f"  {key:24} {right:6} / {asked:<6} {right / asked:7.1%}")


def main(arguments: list[str]) -> int:
    show = "-v" in arguments
    given = [Path(a) for a in arguments if a != "-v"] or [ROOT.parent / "shared" / "names"]
    files = [f for g in given for f in ((g,) if g.is_file() else sorted(g.glob("*.jsonl")))]
    answer: dict[str, object] = {"bench": "names"}
    paths: list[str] = []
    for file in files:
        rows = list(lines(file))
        if rows and "kind" in rows[0] and "style" not in rows[0]:
            score = judge_cases(rows, show=show)
        else:
            score = judge_manifest(rows, show=show)
            paths += [row["path"] for row in rows]
        label = f"{file.parent.name}/{file.name}"
        table(label, score)
        answer[label] = {key: round(right / asked, 4) for key, (right, asked) in score.items()}
    answer["names_per_second"] = round(speed(paths))
    print(f"\n{answer['names_per_second']} names a second")
    print(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
