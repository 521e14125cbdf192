"""Each act on many series, and on chapters, done at the desk in a browser: seen, done, taken back.

    bench/desk_acts.py [--pictures FOLDER] [--only ACT …]

Scans a small library of files, with a made-up MangaDex beside it, and starts a server on it. Then
Debian's Chromium, signed in as an administrator, does each act of the admin's lists of series and
of chapters: chooses, fills in, looks at what will change, does it, and presses Undo. Looks in the
database that the look changed nothing, that the act did, and that all stands as before once the
jobs are done. What the browser's console says is amiss is a failure. Prints a line for each act
and, last, one JSON line; pictures of the pages go to the folder, where one is named. Ends with 1
when an act failed.
"""

# ruff: noqa: PLC0415 - imported once Django is set up

import argparse
import json
import logging
import os
import re
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from desk_trials import CHAPTERS, EXTRA, ON_CHAPTERS, TITLES, TRIALS, Fill, Trial
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, sync_playwright
from serving import data_folder, database, server

from tests.browser import DESKTOP, FLAGS, PHONE
from tests.upstream import Upstream
from tests.upstream import serving as made_up
from tests.upstream.catalogue import picture

WAIT = 30_000  # milliseconds, for what comes in a moment on a quiet machine


def shelve(root: Path, world: Upstream) -> None:
    """The files; the made-up MangaDex has the works as well."""
    for title in TITLES:
        world.catalogue.add(title, authors=["Ogawa Rin"], year=2016)
        (root / title).mkdir(parents=True)
        for chapter in CHAPTERS:
            with zipfile.ZipFile(root / title / f"{title} c{chapter}.cbz", "w") as book:
                for page in range(3):
                    book.writestr(f"{page}.jpg", picture(f"{title} {chapter} {page}"))


def scanned(root: Path) -> None:
    """The library, with one file gone since, and its covers."""
    from library import libraries, scanning

    library = libraries.add(str(root))
    scanning.scan(library)
    (root / TITLES[-1] / f"{TITLES[-1]} c{CHAPTERS[-1]}.cbz").unlink()
    scanning.scan(library)
    worked_off()


def worked_off() -> None:
    """Do all jobs that wait."""
    from kiremisu.jobs.models import Job, State
    from kiremisu.jobs.running import run_now

    while job := Job.objects.filter(state=State.QUEUED).order_by("created").first():
        run_now(job)


def everything() -> Any:
    """How all stands that acts may change; what is in review was perhaps never looked for."""
    from library import sheets
    from library.models import Chapter, Series
    from metadata.models import Match
    from reader.models import Progress

    shown = Series.objects.filter(hidden_at=None).order_by("id")
    facts = [
        {name: (one.value, one.source, one.locked) for name, one in sheets.standing(each).items()}
        for each in shown
    ]
    covers = list(shown.values_list("id", "cover", "cover_page"))
    chapters = Chapter.objects.filter(purged_at=None).order_by("id")
    return (
        *(facts, covers, list(Match.objects.order_by("series").values_list("series"))),
        list(chapters.values_list("id", "series", "by_hand", "hidden", "number", "volume")),
        list(Progress.objects.order_by("content").values_list("content", "page", "finished_at")),
    )


class Desk:
    """An administrator at the desk."""

    def __init__(self, context: BrowserContext, root: str, folder: Path | None) -> None:
        self.root, self.folder, self.amiss = root, folder, list[str]()
        self.page = context.new_page()
        self.page.set_default_timeout(WAIT)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.amiss.append(str(error)))

    def _heard(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.amiss.append(said.text)

    def choose(self, model: str, act: str, titles: Sequence[str]) -> None:
        self.page.goto(f"{self.root}/admin/library/{model}/")
        for title in titles:
            # A word may stand behind it: that it is hidden.
            named = self.page.get_by_text(re.compile(rf"^{title}\b(?! {EXTRA})"))
            for row in self.page.locator("#result_list tbody tr", has=named).all():
                row.locator("input.action-select").check()
        self.page.locator("select[name=action]").select_option(act)
        self.page.get_by_role("button", name="Run").click()

    def look(self, fill: Fill) -> None:
        fill(self.page)
        self.page.get_by_role("button", name="See what will change").click()
        self.page.get_by_role("button", name="Do it").wait_for()

    def do(self) -> None:
        self.page.get_by_role("button", name="Do it").click()
        self.page.get_by_text("series done.").wait_for()

    def undo(self) -> None:
        self.page.get_by_role("button", name="Undo").click()
        self.page.get_by_text("A job takes it back").wait_for()

    def snap(self, name: str) -> None:
        """The page as it is, in both sizes and both lights."""
        if self.folder is None:
            return
        for size, about in (("desktop", DESKTOP), ("phone", PHONE)):
            self.page.set_viewport_size(about)  # type: ignore[arg-type] # a width and a height
            for light in ("light", "dark"):
                self.page.emulate_media(color_scheme=light)  # type: ignore[arg-type] # one of both
                place = self.folder / f"{name}-{size}-{light}.png"
                self.page.screenshot(path=place, animations="disabled")
        self.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type] # a width and a height


def tried(desk: Desk, model: str, act: str, trial: Trial) -> str:
    """Try an act; what is wrong with it, in a sentence, or nothing."""
    from kiremisu.jobs.models import Job
    from library.batches import undoing
    from library.models import Deed

    desk.amiss.clear()
    earlier = _first(trial, model)
    before, jobs = everything(), Job.objects.count()
    desk.choose(model, act, trial.chosen)
    desk.snap(f"{model}-{act}-1-asked")
    desk.look(trial.fill)
    desk.snap(f"{model}-{act}-2-seen")
    if everything() != before or Job.objects.count() != jobs:
        return "looking at it changed something"
    desk.do()
    desk.snap(f"{model}-{act}-3-done")
    for refused in desk.page.locator(".errornote").all():
        desk.amiss.append(refused.inner_text())
    worked_off()
    if everything() == before and Job.objects.count() == jobs:
        desk.amiss.append("it did nothing")
    if trial.is_for_good:
        if desk.page.get_by_role("button", name="Undo").count():
            desk.amiss.append("it offers an undo that is none")
        return "; ".join(desk.amiss)
    desk.undo()
    worked_off()
    desk.page.reload()
    desk.snap(f"{model}-{act}-4-undone")
    if everything() != before:
        desk.amiss.append("not all stands as before")
    if earlier is not None:
        undoing.request(earlier.by, Deed.objects.get(pk=earlier.pk))
        worked_off()
    return "; ".join(desk.amiss)


def _first(trial: Trial, model: str) -> Any:
    """What comes before, done by the verb that the desk calls."""
    from kiremisu.accounts.models import User
    from library import batches
    from library.batches.schemas import BatchWanted
    from library.models import Chapter, Deed, Series

    if not trial.first:
        return None
    ids = list(Series.objects.filter(title__in=trial.chosen).values_list("pk", flat=True))
    options = dict(trial.options)
    if model == "chapter":
        inside = Chapter.objects.filter(series__in=ids).values_list("pk", flat=True)
        options["chapters"] = [str(pk) for pk in inside]
    wanted = BatchWanted(ids=ids, operation=trial.first, options=options)
    run = batches.perform(User.objects.get(username="desk"), wanted)["run"]
    worked_off()
    return Deed.objects.get(pk=run)


def signed_in(browser: Browser, root: str) -> BrowserContext:
    from django.conf import settings
    from django.test import Client

    from kiremisu.accounts.models import Role, User

    client = Client()
    client.force_login(User.objects.create_superuser("desk", role=Role.ADMIN))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(viewport=DESKTOP)  # type: ignore[arg-type] # as above
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": root}])
    return context


def driven(root: str, world: Upstream, folder: Path | None, only: Sequence[str]) -> dict[str, str]:
    """What is wrong with each act."""
    from library.admin.acting import ACTS, CHAPTER_ACTS

    wanted = [("series", act, TRIALS) for act in ACTS]
    wanted += [("chapter", act, ON_CHAPTERS) for act in CHAPTER_ACTS]
    faults = {}
    with sync_playwright() as playwright:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        desk = Desk(signed_in(browser, root), root, folder)
        for model, act, trials in wanted:
            if not only or act in only:
                began = time.perf_counter()
                for work in world.catalogue.manga.values():
                    work.year = (work.year or 2016) + 1
                trial = trials.get(act)
                fault = tried(desk, model, act, trial) if trial else "it is not tried here"
                faults[f"{model} {act}"] = fault
                took = time.perf_counter() - began
                print(f"{model:8} {act:16} {took:6.1f} s  {fault or 'done and undone'}", flush=True)
        desk.page.goto(f"{root}/admin/library/deed/")
        desk.snap("acts")
        browser.close()
    return faults


@contextmanager
def prepared(pictures: Path | None) -> Iterator[tuple[Path, Upstream]]:
    """A fresh database, the made-up MangaDex, and a folder for what is to be scanned."""
    logging.disable(logging.INFO)
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="kiremisu-desk-") as shelves,
        data_folder() as data,
        database(data),
        made_up() as world,
    ):
        from django.conf import settings
        from django.core.management import call_command

        from kiremisu.lib import logs

        # Of every job two lines, which nobody wants here.
        logs.configure("keys", "error")
        settings.MANGADEX_URL = settings.MANGADEX_UPLOADS_URL = world.url
        call_command("migrate", verbosity=0)
        yield Path(shelves), world


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pictures", type=Path)
    options.add_argument("--only", nargs="+", default=[], metavar="ACT", help="these acts alone")
    asked = options.parse_args()
    with prepared(asked.pictures) as (root, world):
        shelve(root, world)
        scanned(root)
        with server() as port:
            faults = driven(f"http://127.0.0.1:{port}", world, asked.pictures, asked.only)
    wrong = {act: fault for act, fault in faults.items() if fault}
    print(json.dumps({"acts": len(faults), "failed": wrong}))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
