"""Whatever sources say, people set, lock and take back: what is locked only people change, and
all can be undone."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiremisu.lib.ids import uuid7
from library import history, knowing, sheets
from library.curation import change_series
from library.facts import Patch, titled
from library.merging import Stood, is_same, merge
from library.models import FactChange, Library, Series
from tests.factories import make_chapter, make_series

pytestmark = pytest.mark.quick

# More of them: KIREMISU_TESTS_EXAMPLES=2000.
EXAMPLES = int(os.environ.get("KIREMISU_TESTS_EXAMPLES", "20"))
FIELDS = ("title", "sort_title", "titles", "year", "tags", "status", "content_rating", "language")
VALUES: dict[str, list[Any]] = {
    "title": ["Sel", "The Salt Road", "Ember"],
    "sort_title": ["sel", "zzz"],
    "titles": [[], [{"text": "塩の道", "language": "ja"}]],
    "year": [None, 1999, 2005],
    "tags": [[], ["Salt", "sea"], ["SALT"]],
    "status": ["", "ongoing", "completed"],
    "content_rating": ["safe", "erotica"],
    "language": ["", "ja", "en"],
}

type Act = tuple[str, Any]

PATCHES = st.fixed_dictionaries(
    {},
    optional={
        "titles": st.sampled_from([[], titled("Sel", [("塩の道", "ja")]), titled("Ember")]),
        "year": st.sampled_from([1999, 2005]),
        "tags": st.sampled_from([[], ["salt"], ["Sea", "salt"]]),
        "status": st.sampled_from(["ongoing", "completed"]),
        "content_rating": st.sampled_from(["safe", "suggestive", "erotica"]),
        "language": st.sampled_from(["ja", "en"]),
    },
)
SOURCES = st.sampled_from(["mangadex", "comicinfo", "elsewhere"])
EDITS = st.sampled_from(FIELDS).flatmap(
    lambda field: st.tuples(st.just(field), st.sampled_from(VALUES[field]))
)
ACTS = st.one_of(
    st.tuples(st.just("learn"), st.tuples(SOURCES, PATCHES)),
    st.tuples(st.just("forget"), SOURCES),
    st.tuples(st.just("edit"), EDITS),
    st.tuples(st.just("lock"), st.sampled_from(FIELDS)),
    st.tuples(st.just("unlock"), st.sampled_from(FIELDS)),
    st.tuples(st.just("undo"), st.integers(0, 30)),
    st.tuples(st.just("undo run"), st.integers(0, 30)),
)


def _do(series: Series, act: Act) -> None:
    name, what = act
    lines = list(FactChange.objects.filter(series=series).order_by("id"))
    line = lines[what % len(lines)] if name.startswith("undo") and lines else None
    does: dict[str, Callable[[], object]] = {
        "learn": lambda: knowing.learn(series.pk, what[0], Patch(**what[1]), uuid7()),
        "forget": lambda: knowing.forget(series.pk, what, uuid7()),
        "edit": lambda: change_series(series, **{what[0]: what[1]}),
        "lock": lambda: knowing.lock(series, what),
        "unlock": lambda: knowing.unlock(series, what),
    }
    if name in does:
        does[name]()
    elif line and name == "undo":
        row = sheets.held(series.pk)
        knowing.restore(row, {line.field: line.before})
    elif line:
        history.take_back(series.pk, [each for each in lines if each.run == line.run])


def _stood(series: Series) -> dict[str, Stood]:
    return sheets.standing(Series.objects.get(pk=series.pk))


def _is_by_person(act: Act) -> bool:
    return act[0] not in {"learn", "forget"}


@pytest.mark.django_db
def test_what_is_locked_only_people_change_and_all_can_be_undone(private: Library) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(ACTS, max_size=12))
    def whatever_is_done(acts: list[Act]) -> None:
        series = make_series(private, "Salt Road", key=str(uuid7()))
        make_chapter(series, path=f"{series.key}/c1.cbz")
        first = _stood(series)
        for act in acts:
            before = _stood(series)
            _do(series, act)
            _judge(series, act, before)
        history.undo_all(series)
        after = _stood(series)
        assert all(is_same(field, first[field], after[field]) for field in first), (first, after)

    whatever_is_done()


def _judge(series: Series, act: Act, before: dict[str, Stood]) -> None:
    row = Series.objects.get(pk=series.pk)
    after = sheets.standing(row)
    if not _is_by_person(act):
        assert all(after[field] == stood for field, stood in before.items() if stood.locked)
    told = merge(row.said.sources)
    free = {f for f, stood in after.items() if not stood.locked}
    for field in free & told.keys():
        assert is_same(field, after[field], told[field]), (field, after[field], told[field])
    people = {f for f, stood in after.items() if stood.locked and stood.source == "person"}
    assert people == row.user_metadata.keys()
