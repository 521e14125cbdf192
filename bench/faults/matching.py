"""Matching through `manage.py up` against the small MangaDex, undisturbed and with `kill -9`.

    bench/faults/matching.py [--seed 1] [--others 1000] [--kills 0]

The shelves of bench/worlds.py as files, a third with a ComicInfo, in eight libraries; their works,
siblings and many others in the small MangaDex. One `up` on a fresh data folder scans and matches
them: printed is how it went by kind of shelf. With `--kills` another one does the same while its
metadata worker is killed at so many random moments: what is known at the end must be the same, and
no question may be asked twice unless its answer was not stored yet when the worker died. Leases
are short (quick_settings). The last line is JSON; exit status 1 where something falls short.
"""

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import zipfile
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "bench"), str(ROOT / "bench" / "faults")]

from kill import PIXEL, Server, ask, until  # noqa: E402 (path set above)
from match import LEAST_FIRST, LEAST_MATCHED, MOST_WRONG  # noqa: E402
from worlds import Shelf, Work, World  # noqa: E402

from kiremisu.server import embedded  # noqa: E402
from tests.upstream import Upstream, serving  # noqa: E402
from tests.watchdog import watching  # noqa: E402

LIBRARIES = 8
_THEIRS = {"ja-Latn": "ja-ro"}
# By folder: the state, the match, the first candidate, and what is shown.
KNOWN = """
    SELECT DISTINCT split_part(c.path, '/', 1), s.match_state, m.provider_id,
        (SELECT k.provider_id FROM metadata_candidate k
         WHERE k.series_id = s.id ORDER BY k.score DESC, k.id LIMIT 1),
        m.score, s.title, s.year, s.status, s.language, s.labels::text
    FROM library_chapter c JOIN library_series s ON s.id = c.series_id
    LEFT JOIN metadata_match m ON m.series_id = s.id ORDER BY 1
"""
LEFT = "SELECT count(*) FROM library_series WHERE match_state = 'unmatched'"
SCANNED = "SELECT count(*) FROM jobs_job WHERE kind = 'scan' AND state = 'done'"
FAILED = "SELECT count(*) FROM jobs_job WHERE state = 'failed'"
OWNER = "SELECT owner FROM jobs_job WHERE kind = 'match' AND state = 'running'"


def write(world: World, folder: Path) -> list[Path]:
    """The first and the last file of each shelf, in eight libraries."""
    roots = [folder / f"library-{number}" for number in range(LIBRARIES)]
    for number, shelf in enumerate(world.shelves):
        place = roots[number % LIBRARIES] / shelf.folder
        place.mkdir(parents=True)
        for name in dict.fromkeys([shelf.files[0], shelf.files[-1]]):
            with zipfile.ZipFile(place / name, "w") as book:
                book.writestr("001.png", PIXEL + f"{number}-{name}".encode())
                if shelf.comicinfo:
                    book.writestr("ComicInfo.xml", comicinfo(shelf))
    return roots


def comicinfo(shelf: Shelf) -> str:
    told = "".join(f"<{name}>{value}</{name}>" for name, value in shelf.comicinfo.items())
    return f'<?xml version="1.0" encoding="utf-8"?><ComicInfo>{told}</ComicInfo>'


def fill(world: World, upstream: Upstream) -> dict[str, str]:
    """All works, and by the world's ids those of the catalogue."""
    made = {work.id: _add(work, upstream) for work in world.works.values()}
    for work in world.works.values():
        manga = upstream.catalogue.manga[made[work.id]]
        manga.related = [(kind, made[other]) for other, kind in work.related.items()]
    return made


def _add(work: Work, upstream: Upstream) -> str:
    (title, language, _), *others = work.titles
    also = defaultdict[str, list[str]](list)
    for text, spoken, _ in others:
        also[_THEIRS.get(spoken, spoken)].append(text)
    ended = work.status == "completed"
    manga = upstream.catalogue.add(
        title,
        language=_THEIRS.get(language, language),
        also=also,
        key=work.id,
        authors=work.people,
        year=work.year,
        status=work.status,
        rating=work.rating,
        demographic=work.demographic or None,
        tags=work.tags,
        last_chapter=str(work.chapters) if ended else "",
        last_volume=str(work.volumes) if ended else "",
    )
    return manga.id


def matched(roots: list[Path], data: Path, kills: int, chance: random.Random) -> list[float]:
    """One `up` until all is looked for; when its worker was killed."""
    server = Server(roots[0], data, *map(str, roots[1:]))
    died: dict[str, float] = {}
    until("the scans", lambda: ask(data, SCANNED) == [(LIBRARIES,)])
    before = 0
    while (left := _one(ask(data, LEFT))) != 0:
        assert not _one(ask(data, FAILED)), "a job failed"
        owner = next((str(row[0]) for row in ask(data, OWNER)), "")
        # At any moment, but not before the worker had an effect: two deaths without one between
        # end a job.
        if len(died) < kills and owner not in {"", *died} and left != before:
            time.sleep(chance.uniform(0, 6))
            if (owner,) in ask(data, OWNER):
                before, died[owner] = _one(ask(data, LEFT)), time.monotonic()
                os.kill(int(owner.split(":")[-2]), signal.SIGKILL)
        time.sleep(0.2)
    server.stop()
    until("the end", lambda: not server.members(), 20)
    return list(died.values())


def _one(rows: list[tuple[object, ...]]) -> int:
    """The number that was asked for; -1 while the database does not answer."""
    return int(str(rows[0][0])) if rows else -1


def known(data: Path) -> list[tuple[object, ...]]:
    with embedded.hold(data):
        assert ask(data, FAILED) == [(0,)], "a job failed"
        return ask(data, KNOWN)


def judged(world: World, made: dict[str, str], rows: list[tuple[object, ...]]) -> dict[str, float]:
    """The figures that are promised; a table by kind is printed."""
    table = defaultdict[str, Counter[str]](Counter)
    by_folder = {str(row[0]): row for row in rows}
    for shelf in world.shelves:
        _, state, match, first, *_ = by_folder[shelf.folder]
        right = made[shelf.truth] if shelf.truth else None
        if state == "matched":
            result = "matched" if match == right else "wrong"
        else:
            result = "right" if right is None else "first" if first == right else "behind"
        table[shelf.kind][result] += 1
        if result in {"wrong", "behind"}:
            print(f"  {result}: {shelf.kind}: {shelf.folder}")
    for kind, counts in table.items():
        print(f"{kind:15} " + "  ".join(f"{name} {count}" for name, count in counts.items()))
    total = sum(table.values(), Counter[str]())
    matchable = sum(shelf.truth is not None for shelf in world.shelves)
    reviewed = total["first"] + total["behind"]
    return {
        "matched": round(total["matched"] / matchable, 4),
        "wrong": round(total["wrong"] / len(world.shelves), 4),
        "in_review": reviewed,
        "right_first": round(total["first"] / reviewed, 4) if reviewed else 1.0,
    }


def repeated(upstream: Upstream, died: list[float]) -> int:
    """Questions that were asked again although nobody died before the answer was stored."""
    times = defaultdict[str, list[float]](list)
    for asked in upstream.asked:
        times[f"{asked.path} {asked.query}"].append(asked.at)
    again = [each[:-1] for each in times.values() if len(each) > 1]
    return sum(not any(at <= moment <= at + 2 for moment in died) for each in again for at in each)


def run(told: argparse.Namespace, work: Path) -> bool:
    world = World(told.seed, others=told.others)
    roots = write(world, work / "libraries")
    with serving() as upstream:
        os.environ["KIREMISU_MANGADEX_URL"] = upstream.url
        os.environ["KIREMISU_MANGADEX_UPLOADS_URL"] = upstream.url
        made = fill(world, upstream)
        began = time.monotonic()
        matched(roots, work / "undisturbed", 0, random.Random())
        figures: dict[str, object] = {"seed": told.seed, "seconds": round(time.monotonic() - began)}
        rows = known(work / "undisturbed")
        found = judged(world, made, rows)
        figures |= found | {"asked": len(upstream.asked), "busiest": upstream.busiest()}
        well = found["matched"] >= LEAST_MATCHED and found["wrong"] <= MOST_WRONG
        well = well and found["right_first"] >= LEAST_FIRST and upstream.busiest() <= 3
        if told.kills:
            upstream.asked.clear()
            died = matched(roots, work / "disturbed", told.kills, random.Random(told.seed))
            figures |= {
                "kills": len(died),
                "equal": known(work / "disturbed") == rows,
                "asked_disturbed": len(upstream.asked),
                "repeated": repeated(upstream, died),
            }
            well = well and bool(figures["equal"]) and not figures["repeated"]
    print(json.dumps(figures))
    return well


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--others", type=int, default=1000)
    asked.add_argument("--kills", type=int, default=0)
    told = asked.parse_args()
    work = Path(tempfile.mkdtemp(prefix="kiremisu-match-"))
    os.environ |= {"DJANGO_SETTINGS_MODULE": "quick_settings", "KIREMISU_ENRICH": "yes"}
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
