"""What a rule would change is told before."""

import gc
from threading import Thread

from library.models import Series
from library.naming import weighing
from tests.library.naming.conftest import told, weighed
from tests.library.scanning.driving import Shelf


def test_each_change_is_told_with_before_and_after(fifty: Shelf) -> None:
    found = weighed(fifty, "Area {volume}{chapter=}")
    changes = {turn.held.path: turn.changes for turn in found.turns}
    one = [("volume", "", "51"), ("number", "51", "")]
    assert changes["Area 51.cbz"] == one
    assert changes.keys() == {"Area 51.cbz", "Area 52.cbz"}
    assert (found.names, found.fits[fifty.library.pk]) == (3, 2)
    assert told(fifty)["Area 51.cbz"] == "Area .51"


def test_a_series_that_would_take_another_name_is_no_new_one(fifty: Shelf) -> None:
    found = weighed(fifty, "Area {chapter}{series=The Zone}")
    area = Series.objects.get(title="Area")
    assert (found.renamed, found.made, found.emptied) == ({area.pk: "The Zone"}, [], [])
    assert {turn.series for turn in found.turns} == {"The Zone"}


def test_new_series_and_those_left_empty_are_told(fifty: Shelf) -> None:
    found = weighed(fifty, "Dawn c{chapter}{series=Area}", "Area 51{series=Roswell}{chapter=}")
    assert found.made == ["Roswell"]
    assert found.emptied == [Series.objects.get(title="Dawn").pk]


def test_two_chapters_of_one_number_are_told(fifty: Shelf) -> None:
    found = weighed(fifty, "Area {any}{chapter=1}")
    assert [turn.is_double for turn in found.turns] == [True, True]
    assert not any(turn.is_double for turn in weighed(fifty, "Area {chapter}{title=x}").turns)


def test_what_people_set_is_no_change(fifty: Shelf) -> None:
    fifty.library.chapters.filter(path="Area 51.cbz").update(by_hand=["number", "series"])
    found = weighed(fifty, "Area {volume}{chapter=}{series=Dawn}")
    changes = {turn.held.path: (turn.series, turn.changes) for turn in found.turns}
    assert changes["Area 51.cbz"] == ("", [("volume", "", "51")])
    assert changes["Area 52.cbz"] == ("Dawn", [("volume", "", "52"), ("number", "52", "")])


def test_a_special_has_no_number_that_another_could_have(fifty: Shelf) -> None:
    fifty.library.chapters.filter(path__startswith="Area").update(special=True)
    assert not any(turn.is_double for turn in weighed(fifty, "Area {any}{chapter=1}").turns)


def test_of_two_at_once_none_has_garbage_looked_for_while_the_other_weighs() -> None:
    def weigh_too() -> None:
        with weighing._uncollected():
            pass

    other = Thread(target=weigh_too)
    with weighing._uncollected():
        other.start()
        other.join(0.1)
        assert not gc.isenabled()
    other.join()
    assert gc.isenabled()
