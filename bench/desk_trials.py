"""The small library of bench/desk_acts.py, and how it tries each act of the desk."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import serving  # noqa: F401 - so that `tests` is found
from playwright.sync_api import Page

from tests.upstream.catalogue import picture

type Fill = Callable[[Page], None]

TITLES = ("Amber Harbour", "Brine Lantern", "Cinder Orchard", "Dusk Ferry")
# Split off is a series of this word more. Of the last its third chapter is gone from disk.
EXTRA = "Extra"
CHAPTERS = ("001", "002", "003")


def named(**values: str) -> Fill:
    """Fill in fields by their names."""

    def fill(page: Page) -> None:
        for name, value in values.items():
            found = page.locator(f"#content [name={name}]")
            if found.evaluate("one => one.tagName") == "SELECT":
                found.select_option(value)
            else:
                found.fill(value)

    return fill


def ticked(page: Page) -> None:
    for name in ("year", "summary"):
        page.locator(f"[name=fields_][value={name}]").check()


def sent(page: Page) -> None:
    file: Any = {"name": "cover.jpg", "mimeType": "image/jpeg", "buffer": picture("a harbour")}
    page.locator("[name=sent]").set_input_files([file])


def nothing(page: Page) -> None:
    """It has no options."""


@dataclass(frozen=True)
class Trial:
    """How an act is tried: what is filled in, the titles of the series (or of whose chapters) that
    are chosen, and an operation with its options that comes before."""

    fill: Fill = nothing
    chosen: Sequence[str] = TITLES
    first: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    is_for_good: bool = False


FIRST, LAST = TITLES[:1], TITLES[-1:]
TRIALS: Mapping[str, Trial] = {
    "set_fields": Trial(named(field="status", value="completed")),
    "set_rating": Trial(named(content_rating="suggestive")),
    "set_direction": Trial(named(direction="vertical")),
    "set_cover": Trial(sent),
    "tag": Trial(named(genres="Drama", tags="salt, sea")),
    "untag": Trial(named(tags="rain"), first="tag", options={"tags": ["rain"]}),
    "lock": Trial(ticked),
    "unlock": Trial(ticked, first="lock", options={"fields": ["year", "summary"]}),
    "match": Trial(),
    "refresh": Trial(first="match"),
    "mark_read": Trial(),
    "mark_unread": Trial(first="mark_read"),
    "merge_into": Trial(named(target=TITLES[0]), TITLES[1:]),
    "move_chapters": Trial(named(which="1-2", target=TITLES[0]), TITLES[1:]),
    "split_off": Trial(named(which="2", title=f"{TITLES[0]} {EXTRA}"), FIRST),
    "purge_missing": Trial(chosen=LAST),
    "rescan": Trial(is_for_good=True),
    "hide": Trial(),
    "restore": Trial(first="hide"),
}
ON_CHAPTERS: Mapping[str, Trial] = {
    "mark_read": Trial(),
    "mark_unread": Trial(first="mark_read"),
    "lock_numbers": Trial(),
    "unlock_numbers": Trial(first="lock_numbers"),
    "move_chapters": Trial(named(target=TITLES[0]), TITLES[1:]),
    "split_off": Trial(named(title=f"{TITLES[0]} {EXTRA}"), FIRST),
}
