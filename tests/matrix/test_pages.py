"""Every page, by everybody who sees less: nobody meets a word that is not theirs to see."""

from collections import defaultdict
from functools import partial

import pytest

from tests.house.source import ROOT
from tests.matrix.calling import Caller
from tests.matrix.mutating import Use, met_by, noticed, written
from tests.matrix.stage import Stage
from tests.matrix.walking import Look, faults, looks, open_page, visitors
from tests.pages import paths

pytestmark = pytest.mark.django_db

WHO_SEE_LESS = ("owner", "other", "stranger", "child", "outsider", "tame")
# Between them they come by everything that any of those comes by.
WHO_COME_BY_ALL = ("owner", "outsider", "tame")
# What only pages ask.
OF_PAGES = {
    "kiremisu/accounts/keypages.py", "metadata/review/pages.py",
    "metadata/covering/views.py", "metadata/notifying/views.py",
    "metadata/world/pages.py", "metadata/world/views.py",
    "metadata/review/views.py", "metadata/watching/pages.py", "metadata/watching/views.py",
    "reader/activity.py", "reader/factpages.py",
    "reader/first_run.py", "reader/listing.py", "reader/lists/pages.py", "reader/lists/views.py",
    "reader/namepages.py", "reader/neighbours.py",
    "reader/notepages.py", "reader/progress.py", "reader/reading.py", "reader/searching.py",
    "reader/shelves.py", "reader/views.py", "reader/working.py",
}  # fmt: skip
# Nothing more is seen without it, and why.
HARMLESS = {
    "reader/factpages.py:_entry FactChange": "whoever sees a series sees its history",
    "reader/factpages.py:_history FactChange": "whoever sees a series sees its history",
    "reader/first_run.py:folder Library": "administrators see every library",
    "reader/lists/pages.py:next_unread Chapter": "whoever sees a series sees its chapters",
    "reader/lists/pages.py:on_series List": "reader/lists/answers.py:having looks at each",
    **{
        f"reader/namepages.py:{name}": "administrators see everything"
        for name in (
            *("change Deed", "_rule NameRule", "_with_chapter Chapter"),
            *("_rules Chapter", "_rules NameRule"),
        )
    },
    "reader/neighbours.py:neighbours Chapter": "whoever sees a series sees its chapters",
    "reader/notepages.py:_entries Note": "reader/notepages.py:notes has looked",
    "reader/progress.py:_unread_after Chapter": "whoever sees a series sees its chapters",
}
# Each alone is enough; without any somebody sees more.
TWICE = [
    {
        "reader/notepages.py:_series_with_marks Chapter",
        "reader/notepages.py:_series_with_marks Series",
    },
    {"reader/shelves.py:_nearly Chapter", "reader/shelves.py:nearly_finished Series"},
    {"reader/searching.py:results Series", "library/search.py:_rows Series"},
]
# Told by no word, and the tests that look otherwise.
ELSEWHERE = {
    "metadata/notifying/views.py:put Channel": (
        "tests/metadata/notifying/test_notifications_api.py"
    ),
    "metadata/review/pages.py:queue Candidate": "tests/metadata/test_review_pages.py",
    "metadata/review/views.py:_choose Candidate": "tests/metadata/test_review_pages.py",
    "metadata/review/views.py:decide Series": "tests/metadata/test_review_pages.py",
    "metadata/review/views.py:show Series": "tests/metadata/test_review_pages.py",
    "metadata/world/pages.py:world Library": "tests/metadata/test_world.py",
    "metadata/world/pages.py:world Series": "tests/metadata/test_world.py",
    "metadata/world/views.py:add Library": "tests/metadata/test_world.py",
    "reader/lists/pages.py:_smart Series": "tests/reader/lists/test_pages.py",
    "reader/lists/views.py:change_entry ListEntry": "tests/reader/lists/test_pages.py",
    "reader/lists/views.py:list_series Series": "tests/reader/lists/test_pages.py",
    "reader/notepages.py:bookmarks Bookmark": "tests/reader/test_pages_notes.py",
    "reader/notepages.py:_entries Bookmark": "tests/reader/test_pages_notes.py",
    "reader/working.py:scan Library": "tests/reader/test_pages_activity.py",
}
NOT_ALONE = {*HARMLESS, *ELSEWHERE}.union(*TWICE)
USES = [use for use in written() if use.place in OF_PAGES and str(use) not in NOT_ALONE]


@pytest.fixture(scope="package")
def crowd(stage: Stage) -> list[Caller]:
    return visitors(stage, *WHO_SEE_LESS)


@pytest.mark.parametrize("path", paths())
def test_a_page_tells_nobody_what_is_not_theirs(
    path: str, stage: Stage, crowd: list[Caller]
) -> None:
    found = [
        fault
        for look in looks(stage)
        if look.path == path
        for caller in crowd
        for fault in faults(stage, look, caller)
    ]
    assert not found, "\n".join(found)


@pytest.fixture(scope="package")
def met(stage: Stage, crowd: list[Caller]) -> dict[Use, list[tuple[Look, Caller]]]:
    """Which looks may come by which use."""
    found: dict[Use, list[tuple[Look, Caller]]] = defaultdict(list)
    tracers = [one for one in crowd if one.name in WHO_COME_BY_ALL]
    for look in looks(stage):
        opened = [met_by(partial(open_page, stage, look, caller)) for caller in tracers]
        for use in set().union(*opened):
            found[use] += [(look, caller) for caller in crowd]
    return found


@pytest.mark.parametrize("use", USES, ids=str)
def test_it_would_be_noticed_if_a_page_asked_no_more(
    use: Use, stage: Stage, met: dict[Use, list[tuple[Look, Caller]]]
) -> None:
    some = [look for known, each in met.items() if known.is_of(use) for look in each]
    assert some, "no page comes by it: has the stage nothing for it?"
    assert noticed([use], (fault for look, who in some for fault in faults(stage, look, who)))


@pytest.mark.parametrize("names", TWICE, ids=min)
def test_some_pages_look_twice(
    names: set[str], stage: Stage, met: dict[Use, list[tuple[Look, Caller]]]
) -> None:
    uses = [use for use in met if str(use) in names]
    assert len(uses) == len(names)
    some = [look for use in uses for look in met[use]]
    assert noticed(uses, (fault for look, who in some for fault in faults(stage, look, who)))


def test_every_reason_is_still_needed() -> None:
    assert {str(use) for use in written()} >= NOT_ALONE
    assert all((ROOT / place).is_file() for place in ELSEWHERE.values())
    assert {use.place for use in written()} >= OF_PAGES
