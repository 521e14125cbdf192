"""How well series on disk are matched with works of a provider, over a made-up world.

    bench/match.py [--seed 1] [--others 2000] [--show]

200 shelves by the mix of `worlds`: what is known of each is what the parser makes of the names of
its files, and for a third what a ComicInfo says. A search by words and letters, as providers have
it, finds ten candidates among the works, their siblings and many others. Prints a table and, last,
one JSON line. Exit status 1 where a figure falls short of what is promised.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from math import log
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from worlds import Shelf, Work, World  # noqa: E402 (path set above)

from library.folding import alike, folded, forgiven, near, shortened  # noqa: E402
from library.names import parse_path  # noqa: E402
from metadata.matching import Candidate, Judged, Local, Title, queries, ranked, sure  # noqa: E402

LEAST_MATCHED, MOST_WRONG, LEAST_FIRST = 0.90, 0.005, 0.95


class Search:
    """Ten works for some words: seven by the words of their titles, three by letters."""

    def __init__(self, works: list[Work]) -> None:
        self.works = {work.id: work for work in works}
        self.lines = [(work, folded(text)) for work in works for text, _, _ in work.titles]
        self.joined = [_joined(line) for _, line in self.lines]
        self.pieces = defaultdict[str, list[int]](list)
        for place, line in enumerate(self.joined):
            for piece in _pieces(line):
                self.pieces[piece].append(place)
        self.having = defaultdict[str, list[int]](list)
        self.short = defaultdict[str, set[str]](set)
        for place, (_, line) in enumerate(self.lines):
            for word in line.split():
                self.having[word].append(place)
                for form in shortened(word):
                    self.short[form].add(word)

    def __call__(self, words: str, most: int = 10) -> list[Work]:
        asked = folded(words)
        scores = Counter[int]()
        for word in asked.split():
            for known, worth in self._near(word).items():
                rare = worth * log(1 + len(self.lines) / len(self.having[known]))
                for place in set(self.having[known]):
                    scores[place] += rare / (3 + len(self.lines[place][1].split()))
        likely = [place for place, _ in scores.most_common(100)]
        found = dict.fromkeys(self.lines[place][0].id for place in likely)
        letters = self._by_letters(_joined(asked))
        alike_ids = dict.fromkeys(self.lines[place][0].id for place in letters[:20])
        ids = dict.fromkeys([*list(found)[: most - 3], *alike_ids, *found])
        return [self.works[each] for each in list(ids)[:most]]

    def _by_letters(self, asked: str) -> list[int]:
        shared = Counter(place for piece in _pieces(asked) for place in self.pieces[piece])
        near = [place for place, _ in shared.most_common(60)]
        return sorted(near, key=lambda place: -alike(asked, self.joined[place]))

    def _near(self, word: str) -> dict[str, float]:
        """Words of titles that may be meant, and how much that counts."""
        known = {each for form in shortened(word) for each in self.short[form]}
        wrong = {each: near(word, each, forgiven(word)) for each in known}
        return {each: 1 - 0.3 * count for each, count in wrong.items() if count is not None}


def _pieces(line: str) -> set[str]:
    return {line[n : n + 3] for n in range(len(line) - 2)} or {line}


def _joined(line: str) -> str:
    return line.replace(" ", "")


def local_of(shelf: Shelf) -> Local:
    """What is known of a shelf by the names of its files, and by a ComicInfo."""
    parsed = [parse_path(f"{shelf.folder}/{name}") for name in shelf.files]
    named = Counter(one.series for one in parsed if one.series).most_common(1)[0][0]
    told = shelf.comicinfo
    titles = dict.fromkeys([named, told.get("Series", named)])
    year = told.get("Year") or next((one.year for one in parsed if one.year), None)
    return Local(
        titles=tuple(Title(text) for text in titles),
        names=(shelf.folder,),
        people=(told["Writer"],) if told else (),
        year=int(year) if year else None,
        highest_chapter=highest(one.chapter for one in parsed),
        highest_volume=highest(one.volume for one in parsed),
    )


def highest(numbers: Iterable[str | None]) -> float | None:
    return max((float(number.split("-")[-1]) for number in numbers if number), default=None)


def candidate_of(work: Work) -> Candidate:
    """A work as the provider answers it; what still goes on has no last chapter."""
    ended = work.status == "completed"
    return Candidate(
        id=work.id,
        titles=tuple(Title(*title) for title in work.titles),
        people=work.people,
        year=work.year,
        last_chapter=str(work.chapters) if ended else "",
        last_volume=str(work.volumes) if ended else "",
        status=work.status,
        demographic=work.demographic,
        content_rating=work.rating,
        language="ja",
        languages=("en", "fr"),
        tags=work.tags,
        related=work.related,
    )


def found(local: Local, search: Search) -> list[Judged]:
    """The candidates of a series, as far as it takes to be sure of one."""
    works: dict[str, Work] = {}
    ranking: list[Judged] = []
    for words in queries(local):
        works |= {work.id: work for work in search(words)}
        ranking = ranked(local, map(candidate_of, works.values()))
        if sure(ranking):
            break
    return ranking


def outcome(shelf: Shelf, ranking: list[Judged]) -> str:
    """matched, wrong, first (of those in review), behind (another is first), right (no match for
    what is absent)."""
    best = sure(ranking)
    if best:
        return "matched" if best.candidate.id == shelf.truth else "wrong"
    if shelf.truth is None:
        return "right"
    return "first" if ranking and ranking[0].candidate.id == shelf.truth else "behind"


def measure(world: World, show: bool = False) -> tuple[dict[str, Counter[str]], dict[str, float]]:
    """How it went, by kind of shelf, and the figures that are promised."""
    search = Search(list(world.works.values()))
    table = defaultdict[str, Counter[str]](Counter)
    for shelf in world.shelves:
        ranking = found(local_of(shelf), search)
        result = outcome(shelf, ranking)
        table[shelf.kind][result] += 1
        if show and result not in ("matched", "right"):
            explain(shelf, result, ranking, world)
    total = sum(table.values(), Counter[str]())
    matchable = sum(shelf.truth is not None for shelf in world.shelves)
    reviewed = total["first"] + total["behind"]
    return table, {
        "matched": round(total["matched"] / matchable, 4),
        "wrong": round(total["wrong"] / len(world.shelves), 4),
        "in_review": reviewed,
        "right_first": round(total["first"] / reviewed, 4) if reviewed else 1.0,
    }


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--others", type=int, default=2000)
    options.add_argument("--show", action="store_true")
    asked = options.parse_args()
    world = World(asked.seed, others=asked.others)
    table, figures = measure(world, asked.show)
    for kind, counts in table.items():
        print(f"{kind:15} " + "  ".join(f"{name} {count}" for name, count in counts.items()))
    print(json.dumps({"seed": asked.seed, "works": len(world.works), **figures}))
    kept = figures["matched"] >= LEAST_MATCHED and figures["wrong"] <= MOST_WRONG
    return 0 if kept and figures["right_first"] >= LEAST_FIRST else 1


def explain(shelf: Shelf, result: str, ranking: list[Judged], world: World) -> None:
    """What went otherwise, and why."""
    right = world.works[shelf.truth].titles if shelf.truth else "absent"
    print(f"{result}: {shelf.kind}: {shelf.folder} {shelf.comicinfo} is {right}")
    for one in ranking[:3]:
        print(f"   {one.score} {one.candidate.titles[0].text} {one.conflicts}")
        print(
            "      " + "; ".join(f"{e.name} {e.points}/{e.out_of} {e.says}" for e in one.evidence)
        )


if __name__ == "__main__":
    sys.exit(main())
