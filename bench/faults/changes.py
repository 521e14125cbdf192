"""Anything happens to a folder, before its scans and during them: is what we know of it true?

    bench/faults/changes.py [--seeds 50] [--first 1] [--rounds 6] [--books 16]

For each seed a folder of small books. In each round something happens to it, and a scan follows in
one of these weathers: calm; busy (more happens while it goes on); failing (what the disk is asked
fails now and then); gone (the root goes away in the middle, or an empty folder takes its place);
killed (the worker dies at any moment, also before it commits, and another goes on); growing (a book
is still being copied). After each, no file that lies where it lay may be missing or have other
pages, none still being copied may be listed, and no file may have been written. In the end what is
known must equal what a first scan of the same folder makes of it, and one more scan must change
nothing; files that two deaths were blamed on are forgiven by a full scan. Prints what differs and,
last, one JSON line; exit status 1 where anything does.
"""

# ruff: noqa: PLC0415 - imported once Django is set up

import argparse
import errno
import hashlib
import json
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID

import django

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "bench" / "faults")]

from shelf import Shelf  # noqa: E402 (path set above)

_WEATHERS = ("calm", "busy", "failing", "gone", "killed", "growing")
_FAULTS = (errno.EIO, errno.ENOTCONN, errno.ESTALE, errno.EACCES)
_KNOWN = """
    SELECT c.path, c.size, c.mtime_ns, c.format, c.page_count, c.skipped, c.problem, c.volume,
        c.number, c.title, c.special, encode(t.signature, 'hex'), p.pages::text, s.key,
        s.title, s.chapter_count
    FROM library_chapter c JOIN library_series s ON s.id = c.series_id
    LEFT JOIN library_content t ON t.id = c.content_id
    LEFT JOIN library_pageindex p ON p.chapter_id = c.id
    WHERE c.library_id = %s AND c.missing_since IS NULL ORDER BY c.path
"""


class Wrong(Exception):
    """What we know is not so."""


class Scans:
    """Scans of one library, step by step as a worker does them."""

    def __init__(self, root: Path, name: str) -> None:
        from library.models import Library

        self.library = Library.objects.create(name=name, root=str(root))

    def steps(
        self, job: Any, committing: Callable[[], object], *, full: bool = False
    ) -> Iterator[None]:
        """Each step committed and saved; `committing` may end the worker before it is."""
        from django.db import transaction

        from kiremisu.jobs.running import Work
        from library.scanning.course import Course

        self.library.refresh_from_db()
        work = Work(job)
        for step in Course(self.library, work, full=full).steps():
            if step.apply:
                with transaction.atomic():
                    step.apply()
                    committing()
                job.raw_cursor = deepcopy(work.cursor)
            yield

    def scan(self, *, full: bool = False) -> bool:
        """In calm weather; whether it had nothing to do."""
        version = self.library.version
        for _ in self.steps(self.job(), lambda: None, full=full):
            pass
        self.library.refresh_from_db()
        return bool(self.library.version == version)

    def job(self) -> Any:
        from kiremisu.jobs.models import Job

        return Job(kind="scan", subject=self.library.pk)

    def believed(self) -> None:
        """Scan, with a word on all that waits for one, until nothing is new."""
        from kiremisu.lib.errors import Unavailable
        from library.models import Loss

        for _ in range(5):
            try:
                if self.scan() and not Loss.objects.exclude(state="over").exists():
                    return
            except Unavailable:
                pass
            Loss.objects.exclude(state="over").update(state="approved")
        raise Wrong("scan after scan finds something new")

    def forgive(self) -> int:
        """Whoever two kills hit at the same file blamed that; a full scan looks at it again."""
        given_up = sum(problem == "killed_the_reader" for *_, problem in self.present().values())
        if given_up:
            self.scan(full=True)
        return given_up

    def check_cards(self) -> None:
        from library.scanning.series import miscounted

        if miscounted([*self.library.series.values_list("id", flat=True)]):
            raise Wrong("a card says what is not there")

    def present(self) -> dict[str, tuple[UUID, UUID | None, str]]:
        """By path: whose it is, with which pages, and what is wrong."""
        from library.models import Chapter

        here = Chapter.objects.filter(library=self.library, missing_since=None)
        found = here.values_list("path", "id", "content_id", "problem")
        return {path: (chapter, content, problem) for path, chapter, content, problem in found}

    def known(self) -> list[tuple[Any, ...]]:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(_KNOWN, [self.library.pk])
            return cursor.fetchall()


class Died(BaseException):
    """The end of a worker."""


@contextmanager
def failing(root: Path, chance: random.Random) -> Iterator[None]:
    """What is asked of the disk below the root fails now and then."""

    def unsure[T](ask: Callable[..., T]) -> Callable[..., T]:
        def asked(path: Any, *args: Any, **kwargs: Any) -> T:
            if str(path).startswith(f"{root}/") and chance.random() < 0.2:
                raise OSError(chance.choice(_FAULTS), "the disk went", str(path))
            return ask(path, *args, **kwargs)

        return asked

    with (
        mock.patch.object(os, "scandir", unsure(os.scandir)),
        mock.patch.object(os, "stat", unsure(os.stat)),
        mock.patch.object(os, "open", unsure(os.open)),
    ):
        yield


class Weather:
    """Scans of a shelf in each weather."""

    def __init__(self, shelf: Shelf, scans: Scans, chance: random.Random) -> None:
        self.shelf, self.scans, self.chance = shelf, scans, chance
        self.is_over = False

    def calm(self) -> None:
        self._drive(lambda: None)

    def busy(self) -> None:
        self._drive(lambda: self.shelf.happen(self.chance.randint(0, 2)))

    def failing(self) -> None:
        with failing(self.shelf.root, self.chance):
            self._drive(lambda: None)

    def gone(self) -> None:
        root, away = self.shelf.root, self.shelf.root.with_name("away")
        left = [self.chance.randint(0, 8)]

        def go() -> None:
            left[0] -= 1
            if left[0] == 0:
                root.rename(away)
                if self.chance.random() < 0.7:
                    root.mkdir()

        self._drive(go)
        if away.exists():
            if root.exists():
                root.rmdir()
            away.rename(root)

    def killed(self) -> None:
        job = self.scans.job()
        for _ in range(3):
            try:
                self._drive(self._perhaps_die, self._perhaps_die, job)
                return
            except Died:
                job.all_deaths += 1
        self._drive(lambda: None, lambda: None, job)

    def growing(self) -> None:
        from django.conf import settings

        copying = self.shelf.begin_copy()
        settings.SCAN_SETTLE_SECONDS = 0.2
        self._drive(copying.go_on)
        settings.SCAN_SETTLE_SECONDS = 0.0
        place = str(copying.path.relative_to(self.shelf.root))
        if place in self.scans.present():
            raise Wrong(f"growing: {place} is listed while it is copied")
        copying.end()

    def _perhaps_die(self) -> None:
        if self.chance.random() < 0.15:
            raise Died

    def _drive(
        self,
        after: Callable[[], object],
        committing: Callable[[], object] = lambda: None,
        job: Any = None,
    ) -> None:
        from kiremisu.lib.errors import Unavailable

        self.is_over = False
        with suppress(Unavailable):
            for _ in self.scans.steps(job or self.scans.job(), committing):
                after()
            self.is_over = True


def lying(root: Path) -> str:
    """All files and what is in them."""
    found = hashlib.blake2b()
    for path in sorted(root.rglob("*")):
        about = path.lstat()
        found.update(f"{path} {about.st_size} {about.st_mtime_ns}".encode())
        if path.is_file():
            found.update(path.read_bytes())
    return found.hexdigest()


def check(shelf: Shelf, scans: Scans, before: dict[str, Any], weather: str) -> None:
    """What lies where it lay must be as it was."""
    now = scans.present()
    for path, was in before.items():
        is_old = path not in shelf.touched and (shelf.root / path).exists()
        if is_old and now.get(path, (None, None, None))[:2] != was[:2]:
            raise Wrong(f"{weather}: {path} was {was}, is {now.get(path)}")


def one_seed(seed: int, work: Path, rounds: int, books: int) -> Counter[str]:
    """Raises Wrong."""
    chance = random.Random(seed)
    shelf = Shelf(work / f"{seed}" / "manga", chance, books)
    scans = Scans(shelf.root, f"Seed {seed}")
    scans.scan()
    seen = Counter[str]()
    for _ in range(rounds):
        name = chance.choice(_WEATHERS)
        before, weather = scans.present(), Weather(shelf, scans, chance)
        shelf.happen(chance.randint(0, 5))
        lay = lying(shelf.root)
        getattr(weather, name)()
        if name not in {"busy", "growing"} and lying(shelf.root) != lay:
            raise Wrong(f"{name}: a file was written")
        check(shelf, scans, before, name)
        seen[name] += 1
        if weather.is_over and name in {"calm", "killed"}:
            shelf.touched.clear()
    scans.believed()
    seen["given_up"] += scans.forgive()
    scans.check_cards()
    shutil.copytree(shelf.root, shelf.root.with_name("copy"), symlinks=True)
    fresh = Scans(shelf.root.with_name("copy"), f"Fresh {seed}")
    fresh.scan()
    compare(scans.known(), fresh.known())
    return seen


def compare(known: list[tuple[Any, ...]], fresh: list[tuple[Any, ...]]) -> None:
    """Raises Wrong with the first that differs, and in what."""
    paths, others = [row[0] for row in known], [row[0] for row in fresh]
    if paths != others:
        raise Wrong(f"known and there: {set(paths) ^ set(others)}, {len(paths)} and {len(others)}")
    for mine, other in zip(known, fresh, strict=True):
        if mine != other:
            differ = [(a, b) for a, b in zip(mine, other, strict=True) if a != b]
            raise Wrong(f"{mine[0]}: known and there: {differ}")


def run(told: argparse.Namespace, work: Path) -> bool:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    settings.SCAN_SETTLE_SECONDS, settings.JOBS_WAKE = 0.0, False
    call_command("migrate", verbosity=0)
    seen, wrong = Counter[str](), 0
    for seed in range(told.first, told.first + told.seeds):
        try:
            seen += one_seed(seed, work, told.rounds, told.books)
        except Wrong as error:
            wrong += 1
            print(f"seed {seed}: {error}", flush=True)
    connection.close()
    print(json.dumps({"bench": "changes", "seeds": told.seeds, "differences": wrong, **seen}))
    return not wrong


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--seeds", type=int, default=50)
    asked.add_argument("--first", type=int, default=1)
    asked.add_argument("--rounds", type=int, default=6)
    asked.add_argument("--books", type=int, default=16)
    told = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="kiremisu-changes-") as work:
        os.environ |= {"KIREMISU_DATA_DIR": f"{work}/data", "KIREMISU_ENRICH": "no"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "kiremisu.settings"
        from kiremisu.server import embedded

        with embedded.hold(Path(work) / "data", "fsync=off"):
            django.setup()
            well = run(told, Path(work))
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
