"""Chapters stand as rules read their names, keep what hangs on them, and come back."""

from typing import Any

import pytest

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job
from kiremisu.jobs.running import Work
from kiremisu.lib.errors import Conflict
from library import curation, placing, turns
from library.batches import undoing
from library.inspection import Facts
from library.models import Chapter, Deed, NameRule, Series
from library.naming import changing, standing, tasks, weighing
from library.naming.rules import Naming, Rule
from library.reshaping import joining
from tests.library.naming.conftest import standing as stands
from tests.library.naming.conftest import told, work_off
from tests.library.scanning.driving import Shelf


def add(shelf: Shelf, alice: User, pattern: str, series: Series | None = None) -> NameRule:
    rule = changing.add(alice, shelf.library, pattern, series.pk if series else None)
    work_off()
    left = weighing.weigh(shelf.library, standing.of(shelf.library.pk))
    assert left.turns == []
    return rule


def undo(alice: User, rule: NameRule) -> None:
    rule.refresh_from_db()
    undoing.request(alice, Deed.objects.get(pk=rule.run))
    work_off()


def test_a_number_that_is_part_of_a_title_is_given_back_to_it(fifty: Shelf, alice: User) -> None:
    before = stands(fifty)
    rule = add(fifty, alice, "{series}{chapter=}")
    assert told(fifty) == {
        "Area 51.cbz": "Area 51 .",
        "Area 52.cbz": "Area 52 .",
        "Dawn c3.cbz": "Dawn c3 .",
    }
    assert {path: one[0] for path, one in stands(fifty).items()} == {
        path: one[0] for path, one in before.items()
    }
    undo(alice, rule)
    assert stands(fifty) == before
    assert set(Series.objects.filter(hidden_at=None).values_list("title", flat=True)) == {
        "Area",
        "Dawn",
    }


@pytest.mark.parametrize("full", [False, True])
def test_scans_keep_to_a_rule_and_to_its_end(fifty: Shelf, alice: User, full: bool) -> None:
    rule = add(fifty, alice, "Area {chapter}{series=The Zone}{volume=2}")
    after = told(fifty)
    assert after["Area 51.cbz"] == "The Zone 2.51"
    fifty.put("Area 52.cbz", first=20)
    fifty.put("Area 53.cbz", first=53)
    fifty.scan(full=full)
    assert told(fifty) == after | {"Area 53.cbz": "The Zone 2.53"}
    undo(alice, rule)
    assert told(fifty)["Area 53.cbz"] == "Area .53"
    before = stands(fifty)
    fifty.scan(full=full)
    assert stands(fifty) == before


def test_a_series_whose_files_all_get_another_name_keeps_its_id(fifty: Shelf, alice: User) -> None:
    area = Series.objects.get(title="Area")
    rule = add(fifty, alice, "Area {chapter}{series=The Zone}")
    area.refresh_from_db()
    assert (area.title, area.chapter_count) == ("The Zone", 2)
    undo(alice, rule)
    area.refresh_from_db()
    assert (area.title, area.key, area.chapter_count) == ("Area", "area", 2)


def test_a_series_that_a_rule_made_goes_with_it(fifty: Shelf, alice: User) -> None:
    rule = add(fifty, alice, "Area 51{series=Roswell}{chapter=1}")
    made = Series.objects.get(title="Roswell")
    assert Series.objects.get(title="Area").chapter_count == 1
    undo(alice, rule)
    made.refresh_from_db()
    assert made.hidden_at
    assert told(fifty)["Area 51.cbz"] == "Area .51"


def test_a_rule_of_a_series_reads_its_files_alone(fifty: Shelf, alice: User) -> None:
    add(fifty, alice, "{any}{volume=7}", Series.objects.get(title="Dawn"))
    assert told(fifty) == {
        "Area 51.cbz": "Area .51",
        "Area 52.cbz": "Area .52",
        "Dawn c3.cbz": "Dawn 7.3",
    }
    fifty.put("Dawn c4.cbz", first=4)
    fifty.scan()
    assert told(fifty)["Dawn c4.cbz"] == "Dawn 7.4"


def test_what_people_set_stands_above_rules(fifty: Shelf, alice: User) -> None:
    curation.change_chapter(fifty.at("Area 51.cbz"), number="8")
    rule = add(fifty, alice, "Area {chapter}{volume=2}")
    changing.change(alice, rule, pattern="Area {volume}{chapter=}")
    work_off()
    assert told(fifty)["Area 51.cbz"] == "Area 51.8"
    assert told(fifty)["Area 52.cbz"] == "Area 52."


def test_a_year_is_told_and_left_out(fifty: Shelf, alice: User) -> None:
    rule = add(fifty, alice, "Dawn c{chapter}{year=1999}")
    chapter = fifty.at("Dawn c3.cbz")
    assert chapter.year == 1999
    assert chapter.unruled.told == {"year": None}
    changing.change(alice, rule, pattern="Dawn c{chapter}{year=}")
    work_off()
    assert fifty.at("Dawn c3.cbz").year is None


def test_a_rule_that_is_off_or_gone_says_nothing(fifty: Shelf, alice: User) -> None:
    before = stands(fifty)
    rule = add(fifty, alice, "Area {volume}{chapter=}")
    changing.change(alice, rule, is_on=False)
    work_off()
    assert stands(fifty) == before
    changing.change(alice, rule, is_on=True)
    changing.remove(alice, rule)
    work_off()
    assert stands(fifty) == before
    assert not Chapter.objects.filter(raw_unruled__isnull=False).exists()


def test_what_was_changed_since_is_not_taken_back(fifty: Shelf, alice: User) -> None:
    rule = add(fifty, alice, "Area {volume}{chapter=}")
    first = Deed.objects.get(pk=rule.run)
    changing.change(alice, rule, pattern="Area {chapter}{volume=1}")
    work_off()
    after = stands(fifty)
    undoing.request(alice, first)
    work_off()
    assert stands(fifty) == after
    assert "changed since" in first.memos.get().refused
    with pytest.raises(Conflict):
        undoing.request(alice, Deed.objects.create(operation="name_rule", pk=rule.pk))


def test_chapters_of_what_is_rated_higher_are_not_shown_to_more_people(
    fifty: Shelf, alice: User
) -> None:
    curation.change_series(Series.objects.get(title="Area"), content_rating="erotica")
    rule = add(fifty, alice, "Area 51{series=Dawn}{chapter=1}")
    assert Series.objects.get(title="Dawn").content_rating == "erotica"
    undo(alice, rule)
    assert Series.objects.get(title="Dawn").content_rating == "safe"


def test_what_comes_under_a_merged_name_goes_back_with_the_rule(fifty: Shelf, alice: User) -> None:
    dawn, area = Series.objects.get(title="Dawn"), Series.objects.get(title="Area")
    joining.merge(dawn, area)
    fifty.put("Noon c1.cbz", first=9)
    fifty.scan()
    rule = add(fifty, alice, "Noon {any}{series=Dawn}")
    assert told(fifty)["Noon c1.cbz"] == "Area .1"
    assert fifty.at("Noon c1.cbz").by_hand == ["series"]
    undo(alice, rule)
    assert told(fifty)["Noon c1.cbz"] == "Noon .1"
    assert fifty.at("Noon c1.cbz").by_hand == []


@pytest.fixture
def noon(fifty: Shelf, alice: User) -> NameRule:
    """Dawn is merged into Area; a rule has a file of Noon be of Dawn."""
    joining.merge(Series.objects.get(title="Dawn"), Series.objects.get(title="Area"))
    fifty.put("Noon c1.cbz", first=9)
    fifty.scan()
    return add(fifty, alice, "Noon {any}{series=Dawn}")


@pytest.mark.parametrize("change", [{"is_on": False}, {"pattern": "Noon {any}{volume=}"}, {}])
def test_what_came_under_a_merged_name_goes_back_with_the_end_of_the_rule(
    fifty: Shelf, alice: User, noon: NameRule, change: dict[str, Any]
) -> None:
    if change:
        changing.change(alice, noon, **change)
    else:
        changing.remove(alice, noon)
    work_off()
    assert told(fifty)["Noon c1.cbz"] == "Noon .1"
    assert fifty.at("Noon c1.cbz").by_hand == []


def test_what_still_comes_under_a_merged_name_stays_with_it(
    fifty: Shelf, alice: User, noon: NameRule
) -> None:
    changing.change(alice, noon, pattern="Noon {any}{series=Dawn}{volume=2}")
    work_off()
    assert told(fifty)["Noon c1.cbz"] == "Area 2.1"
    assert fifty.at("Noon c1.cbz").by_hand == ["series"]


def test_what_people_moved_since_stays_where_they_put_it(
    fifty: Shelf, alice: User, noon: NameRule
) -> None:
    fifty.put("Eve c1.cbz", first=10)
    fifty.scan()
    eve = Series.objects.get(title="Eve")
    placing.put([fifty.at("Noon c1.cbz").pk], eve.pk)
    undo(alice, noon)
    assert told(fifty)["Noon c1.cbz"] == "Eve .1"
    assert fifty.at("Noon c1.cbz").by_hand == ["series"]


def test_the_rules_of_a_series_go_where_it_is_merged_into_and_come_back(
    fifty: Shelf, alice: User
) -> None:
    dawn, area = Series.objects.get(title="Dawn"), Series.objects.get(title="Area")
    rule = add(fifty, alice, "Dawn {any}{volume=7}", dawn)
    memo = joining.merge(dawn, area)
    changing.request(fifty.library.pk, alice)
    work_off()
    assert told(fifty)["Dawn c3.cbz"] == "Area 7.3"
    changing.change(alice, rule, is_on=False)
    work_off()
    assert told(fifty)["Dawn c3.cbz"] == "Area .3"
    joining.part(dawn.pk, memo)
    rule.refresh_from_db()
    assert rule.series_id == dawn.pk


def test_a_rule_of_a_series_that_was_merged_since_is_taken_back(fifty: Shelf, alice: User) -> None:
    dawn, area = Series.objects.get(title="Dawn"), Series.objects.get(title="Area")
    rule = add(fifty, alice, "{any}{volume=7}", dawn)
    joining.merge(dawn, area)
    work_off()
    assert told(fifty)["Area 51.cbz"] == "Area 7.51"
    undo(alice, rule)
    assert {one[3] for one in stands(fifty).values()} == {""}
    assert not NameRule.objects.exists()


def taken_away(shelf: Shelf, alice: User, rule: NameRule) -> None:
    """The rule is removed, and all names are read once more."""
    changing.remove(alice, rule)
    work_off()
    changing.request(shelf.library.pk, alice)
    work_off()


def test_a_renamed_series_is_one_again_without_its_rule_however_many_are_read_at_once(
    fifty: Shelf, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_AT_ONCE", 1)
    before = stands(fifty)
    rule = add(fifty, alice, "Area {chapter}{series=The Zone}")
    assert told(fifty)["Area 52.cbz"] == "The Zone .52"
    taken_away(fifty, alice, rule)
    assert stands(fifty) == before


def test_what_was_stopped_half_way_is_gone_on_with_and_taken_back(
    fifty: Shelf, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_AT_ONCE", 1)
    before = stands(fifty)
    rule = changing.add(alice, fifty.library, "Area {chapter}{series=The Zone}")
    steps = tasks.names(Work(Job.objects.get(pk=rule.run)))
    step = next(one for one in steps if one.apply)
    assert step.apply
    step.apply()
    work_off()
    assert fifty.at("Area 51.cbz").unruled.told == fifty.at("Area 52.cbz").unruled.told
    taken_away(fifty, alice, rule)
    assert stands(fifty) == before


def test_a_series_that_a_scan_fills_while_rules_go_is_not_hidden(
    fifty: Shelf, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = add(fifty, alice, "Area 51{series=Roswell}{chapter=1}")
    made = Series.objects.get(title="Roswell")

    def wait_for_the_scan() -> None:
        fifty.library.chapters.filter(path="Dawn c3.cbz").update(series=made)

    monkeypatch.setattr(turns, "take", wait_for_the_scan)
    undo(alice, rule)
    made.refresh_from_db()
    assert made.hidden_at is None


def test_a_library_that_is_one_book_has_no_name_for_rules(fifty: Shelf) -> None:
    naming = Naming([Rule(fifty.library.pk, "{any}{volume=7}")])
    facts = Facts("Area", "area")
    assert naming.read("Area", facts).volume == "7"
    assert naming.read(".", facts) is facts


def test_a_change_is_left_only_to_a_later_one_that_can_be_taken_back(
    fifty: Shelf, alice: User
) -> None:
    rule = changing.add(alice, fifty.library, "Area {volume}{chapter=}")
    changing.request(fifty.library.pk, alice)
    work_off()
    assert undoing.is_undoable(Deed.objects.get(pk=rule.run))
