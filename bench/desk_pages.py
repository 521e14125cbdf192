"""Every page of the desk, opened in a browser as an administrator and as a curator.

    bench/desk_pages.py [--pictures FOLDER]

Scans a small library of files, with a made-up MangaDex beside it, and starts a server on it. Then
Debian's Chromium opens the sign-in page, the first page, each list and the page of one row of each;
on the page of a series it sets a fact, locks another, and presses Undo. Looks in the database that
it came so. What the browser's console says is amiss, a refusal, and a page that is wider than the
window are failures. Pictures of all pages, in both sizes and both lights, go to the folder, where
one is named. Prints a line for each page and, last, one JSON line. Ends with 1 when one failed.
"""

# ruff: noqa: PLC0415 - imported once Django is set up

import argparse
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from desk_acts import Desk, prepared, scanned, shelve, signed_in, worked_off
from playwright.sync_api import Page, sync_playwright
from serving import server

from tests.browser import DESKTOP, FLAGS, PHONE

# What only administrators may open.
SHUT = {"accounts_user", "accounts_auditentry", "accounts_secret", "library_content"}
SHUT |= {"metadata_watch"}


def lived_in() -> None:
    """What time leaves behind: matches, somebody who watches, what people set, what is wrong."""
    from kiremisu.accounts import vault
    from kiremisu.accounts.models import Role, User
    from library import curation
    from library.models import Library, Series
    from metadata import enrichment
    from metadata.watching import watches
    from tests.factories import make_chapter, make_series, make_sidecar

    library = Library.objects.get()
    enrichment.request_library(library.pk)
    worked_off()
    curator = User.objects.create_user("dora", password="a quiet harbour", role=Role.CURATOR)
    some = list(Series.objects.order_by("title"))
    curation.change_series(
        some[0], summary="They ferry salt.\n\nAnd lanterns.", tags=["salt", "sea"]
    )
    curation.change_series(some[1], people=[{"name": "Mina Tidewater", "role": "artist"}])
    for each in some[:3]:
        watches.watch(curator, each)
    worked_off()
    facts: dict[str, Any] = {"gap_count": 3, "duplicate_count": 1, "match_state": "review"}
    long = make_series(
        library, "塩の道 – The Very Long Diary of the Salt Road, Told in Full", **facts
    )
    make_chapter(long, "2", problem="damaged", problem_detail="The archive ends at 41.2 MB.")
    make_sidecar(long, "Salt/details.json", problem_detail="It is no JSON.")
    vault.put("mangadex_token", "a secret")


def addresses(page: Page, root: str) -> Iterator[tuple[str, str]]:
    """The lists there are, and the page of the first row of each, by their names."""
    page.goto(f"{root}/admin/")
    links = page.locator("#content-main th a").evaluate_all("all => all.map(one => one.href)")
    for link in sorted({one for one in links if one.rstrip("/").count("/") == 5}):
        name = "_".join(link.rstrip("/").split("/")[-2:])
        yield name, link
        page.goto(link)
        first = page.locator("#result_list tbody th a, #result_list tbody td a").first
        if first.count():
            yield f"{name}-one", str(first.evaluate("one => one.href"))


def looked_at(desk: Desk, who: str) -> dict[str, str]:
    """What is wrong with each page."""
    wrong = {}
    for name, address in [("index", f"{desk.root}/admin/"), *addresses(desk.page, desk.root)]:
        desk.amiss.clear()
        answer = desk.page.goto(address)
        if answer is None or answer.status != 200:
            desk.amiss.append(f"{answer and answer.status}")
        if who == "curator" and name.removesuffix("-one") in SHUT:
            desk.amiss.append("a curator may open it")
        desk.page.set_viewport_size(PHONE)  # type: ignore[arg-type] # a width and a height
        if desk.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            desk.amiss.append("wider than a phone")
        if who == "administrator" or name in {"index", "library_library", "library_series"}:
            desk.snap(f"{who}-{name}")
        else:
            desk.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type] # as above
        wrong[f"{who} {name}"] = "; ".join(desk.amiss)
        print(f"{who:14} {name:28} {wrong[f'{who} {name}'] or 'fine'}", flush=True)
    return wrong


def curated(desk: Desk) -> str:
    """Set, lock and undo a fact; what is wrong with that."""
    from library.models import Series

    series, page = Series.objects.get(title="Cinder Orchard"), desk.page
    desk.amiss.clear()
    page.goto(f"{desk.root}/admin/library/series/{series.pk}/change/")
    before = series.year
    page.get_by_label("Year", exact=True).fill("1999")
    page.get_by_role("button", name="Lock Summary").click()
    page.get_by_text("1 fact is set and locked.").wait_for()
    desk.snap("set")
    series.refresh_from_db()
    if (series.year, series.locks) != (1999, ["summary", "year"]):
        desk.amiss.append(f"set: {series.year}, {series.locks}")
    page.get_by_role("button", name="Undo this change of Year").first.click()
    page.get_by_role("button", name="Lock Year").wait_for()
    series.refresh_from_db()
    if (series.year, series.locks) != (before, ["summary"]):
        desk.amiss.append(f"undone: {series.year}, {series.locks}")
    return "; ".join(desk.amiss)


def driven(root: str, folder: Path | None) -> dict[str, str]:
    from kiremisu.accounts.models import Role, User

    with sync_playwright() as playwright:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        desk = Desk(signed_in(browser, root), root, folder)
        wrong = looked_at(desk, "administrator") | {"a fact": curated(desk)}
        User.objects.filter(username="desk").update(role=Role.CURATOR, is_superuser=False)
        wrong |= looked_at(desk, "curator")
        desk.page.context.clear_cookies()
        desk.page.goto(f"{root}/admin/")
        desk.snap("sign-in")
        browser.close()
    return wrong


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pictures", type=Path)
    asked = options.parse_args()
    with prepared(asked.pictures) as (shelves, world):
        root = shelves / "Manga"
        shelve(root, world)
        scanned(root)
        lived_in()
        with server() as port:
            wrong = driven(f"http://127.0.0.1:{port}", asked.pictures)
    print(json.dumps({"pages": len(wrong), "wrong": {k: v for k, v in wrong.items() if v}}))
    return int(any(wrong.values()))


if __name__ == "__main__":
    sys.exit(main())
