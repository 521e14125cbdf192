"""Are pages paired as they were printed, and is what is said of each page true?

    bench/pairing.py [--chapters 200] [--calm 50] [--pages 500] [--seed 1] [-v]

Chapters and pages are drawn here (bench/drawn.py), saved as JPEG and PNG, and measured as a
library's are. Prints a table and, last, one JSON line.

A chapter is printed pages that face each other two by two, page 1 alone or not; one to four
facing pairs are one drawing, cut apart; wide pages are whole. Groups put credit pages in front,
now and then in the middle, often one at the end. A chapter counts as **right** when, as the reader
shows it in two pages,

1. the two halves of every drawing over two pages stand beside each other, and
2. no two printed pages stand beside each other that are not so in print, save in a stretch that
   holds a credit page and has no half of such a drawing to say on which side of it: a stretch goes
   from one drawing over two pages (cut or whole), or end of the chapter, to the next.

**strict** leaves the exception out. Where nothing is sure, the reader's rule by count stands; it
alone (`by count`) is shown beside.

A page is right when its content box lies within 1.5 % of the page on each side, and blank and
greyscale are as drawn.
"""

import argparse
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench import drawn  # noqa: E402 (path set above)
from library import facing, geometry, pairing  # noqa: E402

NEAR = 15  # thousandths
WIDE = 1.15


@dataclass
class Chapter:
    """Pages in reading order. `facing`: what stands beside each other in print, `cut` of these
    the halves of one drawing, as indexes of the first; `put_in`: what no book had."""

    rtl: bool
    pages: list[drawn.Drawn] = field(default_factory=list)
    facing: set[int] = field(default_factory=set)
    cut: set[int] = field(default_factory=set)
    put_in: set[int] = field(default_factory=set)


def chapter(rng: Random, *, calm: bool = False) -> Chapter:
    """`calm`: no drawing in it was cut apart."""
    made = Chapter(rtl=rng.random() < 0.7)
    ground = rng.choice((255, 255, 255, 255, 0))
    leaves = rng.randint(5, 10)
    cut = set() if calm else set(rng.sample(range(leaves), rng.choice((1, 1, 2, 2, 3, 4))))
    whole = {leaf for leaf in range(leaves) if leaf not in cut and rng.random() < 0.06}
    credit_before = rng.randrange(1, leaves) if rng.random() < 0.15 else -1
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        _put_in(rng, made)
    if rng.random() < 0.6:
        made.pages.append(_ordinary(rng, ground))
    for leaf in range(leaves):
        if leaf == credit_before:
            _put_in(rng, made)
        at = len(made.pages)
        if leaf in whole:
            made.pages.append(drawn.wide(rng))
            continue
        made.facing.add(at)
        if leaf in cut:
            made.cut.add(at)
            left, right = drawn.spread(rng, ground)
            made.pages += (right, left) if made.rtl else (left, right)
        else:
            made.pages += (_ordinary(rng, ground), _ordinary(rng, ground))
    if rng.random() < 0.4:
        made.pages.append(_ordinary(rng, ground))
    if rng.random() < 0.3:
        _put_in(rng, made)
    return made


def _put_in(rng: Random, made: Chapter) -> None:
    made.put_in.add(len(made.pages))
    made.pages.append(drawn.credit(rng))


def _ordinary(rng: Random, ground: int) -> drawn.Drawn:
    return drawn.splash(rng) if rng.random() < 0.08 else drawn.page(rng, ground)


# ------------------------------------------------------------------------------ judging


def faced(rng: Random, made: Chapter) -> list[pairing.Faced]:
    """The chapter's pages as the library measures them from files."""
    found = [geometry.measured(drawn.saved(rng, page.picture)) for page in made.pages]
    answer = []
    for at, (page, each) in enumerate(zip(made.pages, found, strict=True)):
        after = found[at + 1] if at + 1 < len(found) else None
        sure = 0.0
        if after and made.rtl:
            sure = facing.continues(after.edges.right, each.edges.left)
        elif after:
            sure = facing.continues(each.edges.right, after.edges.left)
        wide, high = page.picture.size
        answer.append(pairing.Faced(wide / high, wide / high >= WIDE, each.grey, each.blank, sure))
    return answer


def shown(pages: list[pairing.Faced], runs: list[pairing.Run]) -> set[int]:
    """Where pairs begin in the reader: as static/js/reader/pairing.js lays them out."""
    told = {at: run for run in runs for at in range(run.first - 1, run.last)}
    first_wide = next((at for at, page in enumerate(pages) if page.wide), 0)
    alone = first_wide % 2 == 1 if first_wide else True
    pairs, at = set(), 0
    while at < len(pages) - 1:
        if at in told:
            begins = at + 1 in told[at].pairs
        else:
            begins = not (pages[at].wide or pages[at + 1].wide or (at == 0 and alone))
        if begins:
            pairs.add(at)
        at += 2 if begins else 1
    return pairs


def is_right(made: Chapter, pairs: set[int], *, strict: bool = False) -> bool:
    if not made.cut <= pairs:
        return False
    wrong = {
        at for at in pairs - made.facing if at not in made.put_in and at + 1 not in made.put_in
    }
    return not (wrong if strict else wrong - untold(made))


def untold(made: Chapter) -> set[int]:
    """The pages of stretches that hold a credit page."""
    bounds = [
        -1,
        *sorted({*made.cut, *(at + 1 for at in made.cut), *_whole(made)}),
        len(made.pages),
    ]
    found: set[int] = set()
    for begin, end in pairwise(bounds):
        inside = set(range(begin + 1, end))
        if inside & made.put_in:
            found |= inside
    return found


def _whole(made: Chapter) -> set[int]:
    sizes = [page.picture.size for page in made.pages]
    return {at for at, (wide, high) in enumerate(sizes) if wide / high >= WIDE}


def judge_chapters(rng: Random, many: int, *, show: bool) -> dict[str, float]:
    right = Counter[str]()
    for number in range(many):
        made = chapter(rng)
        pages = faced(rng, made)
        runs = pairing.laid_out(pages)
        pairs = shown(pages, runs)
        good = is_right(made, pairs)
        right["right"] += good
        right["strict"] += is_right(made, pairs, strict=True)
        right["by_count"] += is_right(made, shown(pages, []))
        right["cut"] += len(made.cut)
        right["cut_whole"] += len(made.cut & pairs)
        if show and not good:
            sures = [round(page.continues, 2) for page in pages]
            print(f"  {number}: {len(pages)} pages, cut {sorted(made.cut)} put in"
                  f" {sorted(made.put_in)} wide {sorted(_whole(made))} shown {sorted(pairs)}"
                  f" sure {sures} {[r.sure for r in runs]}")  # fmt: skip
    return {
        "right": right["right"] / many,
        "strict": right["strict"] / many,
        "by_count": right["by_count"] / many,
        "drawings_whole": right["cut_whole"] / right["cut"],
    }


def judge_calm(rng: Random, many: int) -> float:
    """Of chapters in which nothing goes over the gutter, how many are laid out by count alone."""
    chapters = (chapter(rng, calm=True) for _ in range(many))
    return sum(not pairing.laid_out(faced(rng, made)) for made in chapters) / many


def judge_pages(rng: Random, many: int, *, show: bool) -> dict[str, float]:
    right = Counter[str]()
    for number in range(many):
        page = drawn.any_page(rng)
        assert page.box is not None
        found = geometry.measured(drawn.saved(rng, page.picture))
        truth = [round(1000 * part) for part in page.box]
        good = {
            "box": all(abs(a - b) <= NEAR for a, b in zip(found.box, truth, strict=True)),
            "blank": found.blank == page.blank,
            "grey": found.grey == page.grey,
        }
        good["all three"] = all(good.values())
        right.update(name for name, is_so in good.items() if is_so)
        if show and not all(good.values()):
            print(f"  {number}: box {truth}, blank {page.blank}, grey {page.grey}: {found[:4]}")
    return {name: right[name] / many for name in ("box", "blank", "grey", "all three")}


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--chapters", type=int, default=200)
    asked.add_argument("--calm", type=int, default=50)
    asked.add_argument("--pages", type=int, default=500)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("-v", action="store_true", help="show what was wrong")
    wanted = asked.parse_args()
    began = time.process_time()
    answer: dict[str, object] = {"bench": "pairing", "seed": wanted.seed}
    if wanted.chapters:
        told = judge_chapters(Random(wanted.seed), wanted.chapters, show=wanted.v)
        print(f"{wanted.chapters} chapters, seed {wanted.seed}")
        for name, share in told.items():
            print(f"  {name:16} {share:7.1%}")
        answer |= {"chapters": wanted.chapters} | {k: round(v, 4) for k, v in told.items()}
    if wanted.calm:
        share = judge_calm(Random(wanted.seed + 1_000_000), wanted.calm)
        print(f"{wanted.calm} chapters without such a drawing")
        print(f"  {'left alone':16} {share:7.1%}")
        answer |= {"calm": wanted.calm, "left_alone": round(share, 4)}
    if wanted.pages:
        told = judge_pages(Random(-wanted.seed), wanted.pages, show=wanted.v)
        print(f"{wanted.pages} pages, seed {wanted.seed}")
        for name, share in told.items():
            print(f"  {name:16} {share:7.1%}")
        answer |= {"pages": wanted.pages} | {k: round(v, 4) for k, v in told.items()}
    answer["cpu_seconds"] = round(time.process_time() - began, 1)
    print(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
