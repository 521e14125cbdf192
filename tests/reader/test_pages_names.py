"""The page on which a library's names are read and rules for them are made."""

import pytest
from django.test import Client

from kiremisu.accounts.models import Role, User
from library import curation
from library.models import Library, NameRule, Series
from reader import namepages
from tests.factories import make_chapter, make_library, make_series
from tests.library.naming.conftest import work_off

PATTERN = "Area {volume}{chapter=}"


@pytest.fixture
def library(client: Client, alice: User) -> Library:
    library = make_library()
    make_chapter(make_series(library, "Area"), "51", path="Area 51.cbz")
    client.force_login(alice)
    return library


def page(client: Client, library: Library, status: int = 200, **asked: object) -> str:
    answer = client.get(f"/libraries/{library.pk}/names", asked)
    assert answer.status_code == status
    return answer.content.decode()


def send(client: Client, library: Library, status: int = 302, **form: object) -> None:
    answer = client.post(f"/libraries/{library.pk}/names/change", form)
    assert answer.status_code == status


def test_a_name_is_shown_piece_by_piece(client: Client, library: Library) -> None:
    found = page(client, library, name="Salt Road/Salt Road v02 c011.cbz")
    assert '<span class="what">v02</span><span class="label">volume</span>' in found
    assert '<th scope="row">Number</th><td>11</td>' in found
    assert "none fits" in found


def test_a_rule_is_shown_before_it_is_made(client: Client, library: Library) -> None:
    found = page(client, library, name="Area 51.cbz", pattern=PATTERN)
    assert "<b>1</b>of 1 name fits" in found
    assert "<del>51</del>" in found
    assert "none fits" not in found
    assert not NameRule.objects.exists()
    assert "At position" not in found


def test_what_is_wrong_with_a_pattern_is_told(client: Client, library: Library) -> None:
    assert "This { is not closed by a }. (at 6)" in page(client, library, pattern="Area {volume")


def test_a_rule_is_tried_so_many_times_a_minute(
    client: Client, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(namepages, "_A_MINUTE", 1)
    page(client, library, pattern="Area {volume")
    assert "of 1 name fits" in page(client, library, pattern=PATTERN)
    again = page(client, library, name="Area 51.cbz", pattern=PATTERN)
    assert "Too many tries" in again
    assert "of 1 name fits" not in again
    assert "none fits" not in again


def test_a_rule_is_made_changed_switched_removed_and_taken_back(
    client: Client, library: Library
) -> None:
    send(client, library, act="make", pattern=PATTERN)
    rule = NameRule.objects.get()
    assert "Reading names" in page(client, library)
    work_off()
    assert "1 chapter is read otherwise" in page(client, library)
    assert PATTERN.replace("{", "{") in page(client, library, rule=rule.pk)
    send(client, library, act="off", rule=rule.pk)
    send(client, library, act="on", rule=rule.pk)
    send(client, library, act="save", rule=rule.pk, pattern="Area {chapter}{volume=1}")
    work_off()
    assert library.chapters.get().volume == "1"
    rule.refresh_from_db()
    send(client, library, act="undo", run=rule.run)
    work_off()
    assert library.chapters.get().volume == "51"
    send(client, library, act="remove", rule=rule.pk)
    send(client, library, 404, act="undo", run="x")
    assert not NameRule.objects.exists()


def test_a_correction_becomes_a_rule(client: Client, library: Library) -> None:
    chapter = library.chapters.get()
    curation.change_chapter(chapter, number="", volume="51")
    assert f'href="?chapter={chapter.pk}"' in page(client, library)
    found = page(client, library, chapter=chapter.pk)
    assert 'value="{series} {volume}{chapter=}"' in found


def test_a_rule_for_one_series_says_so(client: Client, library: Library) -> None:
    series = Series.objects.get()
    found = page(client, library, pattern=PATTERN, series=series.pk, name="Area 51.cbz")
    assert "For files of Area alone" in found
    assert 'class="strong">51' in found


def test_many_changes_are_shown_page_by_page(client: Client, library: Library) -> None:
    series = Series.objects.get()
    for number in range(100, 151):
        make_chapter(series, str(number), path=f"Area {number}.cbz")
    found = page(client, library, pattern=PATTERN, page=2)
    assert "51 to 52 of 52" in found


def test_parts_are_answered_alone(client: Client, library: Library) -> None:
    place = f"/libraries/{library.pk}/names"
    for part in ("would", "at-work"):
        answer = client.get(place, headers={"HX-Request": "true", "HX-Target": part})
        assert answer.content.decode().count("<div id=") == 1


def test_nobody_else_may(client: Client, library: Library, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(role=Role.CURATOR)
    client.force_login(bob)
    page(client, library, 403)
    send(client, library, 403, act="make", pattern=PATTERN)
    page(client, make_library("Shut", open_to_all=False), 404)


def test_what_a_rule_that_is_off_would_do_is_told_as_such(client: Client, library: Library) -> None:
    rule = NameRule.objects.create(library=library, pattern=PATTERN)
    assert "This rule is off" not in page(client, library, rule=rule.pk)
    NameRule.objects.update(is_on=False)
    assert "This rule is off" in page(client, library, rule=rule.pk)
