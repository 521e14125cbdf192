from pathlib import Path

import orjson
import pytest

from library import inspection
from library.disk import Found
from library.inspection import Sidecar, facts_of, inspect, key_of, refined
from library.sidecars import About
from tests import files
from tests.library.sidecars.table import info

pytestmark = pytest.mark.quick


def test_a_book_becomes_a_record(tmp_path: Path) -> None:
    files.make_zip(tmp_path / "Salt Road v03.cbz", files.pages(2))
    reading = inspect(str(tmp_path), Found("Salt Road v03.cbz", 9, 8))
    assert (reading.form, reading.page_count, len(reading.signature)) == ("zip", 2, 16)
    assert (reading.facts.series, reading.facts.volume) == ("Salt Road", "3")
    assert [page["name"] for page in orjson.loads(reading.pages)["pages"]] == ["001.png", "002.png"]


def test_what_cannot_be_read_is_a_record_too(tmp_path: Path) -> None:
    reading = inspect(str(tmp_path), Found("Salt Road v03.cbz", 9, 8))
    assert (reading.problem, reading.page_count, reading.signature) == ("gone", 0, b"")
    assert reading.facts.volume == "3"


def test_nothing_that_a_file_does_escapes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(path: str) -> None:
        raise ZeroDivisionError("surprise")

    monkeypatch.setattr(inspection, "open_book", failing)
    reading = inspect(str(tmp_path), Found("a.cbz", 9, 8))
    assert reading.problem == "crashed"
    assert "surprise" in reading.detail


def test_the_order_follows_the_first_number_of_a_range() -> None:
    facts = facts_of("/m", "Salt Road/Salt Road v01-03.cbz")
    assert (facts.volume, facts.volume_order) == ("1-3", "1")


def test_a_number_too_long_to_store_is_cut(tmp_path: Path) -> None:
    facts = facts_of("/m", "v" + "1" * 240 + ".cbz")
    assert len(facts.volume) <= 40
    assert len(facts.volume_order) <= 8


def test_a_root_that_is_a_book_is_named_by_its_folder() -> None:
    assert facts_of("/srv/Salt Road v02", ".").series == "Salt Road"


def test_there_is_always_a_series() -> None:
    assert facts_of("/srv/manga", "!!!.cbz").series
    assert key_of("!!!") == "!!!"


def test_shapes_that_are_known_are_kept() -> None:
    page = inspection.Page("1.png", 0, 1, 1, 0, 0, "image/png", 60, 90)
    assert orjson.loads(inspection._packed([page]))["pages"][0]["width"] == 60


@pytest.mark.parametrize(
    ("name", "about", "levels"),
    [
        ("Salt Road c012.cbz", About(volume="2", number="12"), ("2", "12")),
        ("Salt Road c012.cbz", About(number="12.5"), ("", "12.5")),
        ("Salt Road c012.cbz", About(), ("", "12")),
        ("Salt Road c012-014.cbz", About(number="12"), ("", "12-14")),
        ("Salt Road v03.cbz", About(number="3"), ("3", "")),
        ("Salt Road v03.cbz", About(number="7"), ("3", "")),
        ("Salt Road v03.cbz", About(volume="1", number="3"), ("3", "")),
        ("Salt Road v03.cbz", About(volume="3", number="3"), ("3", "")),
        ("Salt Road v03.cbz", About(volume="3", number="21"), ("3", "21")),
        ("Salt Road v01-03.cbz", About(volume="1"), ("1-3", "")),
        ("Salt Road.cbz", About(volume="4"), ("4", "")),
        ("Salt Road.cbz", About(number="4"), ("", "4")),
    ],
)
def test_what_a_book_says_of_its_place_stands_above_its_name(
    name: str, about: About, levels: tuple[str, str]
) -> None:
    facts = refined(facts_of("/m", name), about)
    assert (facts.volume, facts.number) == levels
    assert (facts.volume_order, facts.number_order) == tuple(
        level.partition("-")[0] for level in levels
    )


def test_a_book_names_its_series_only_where_its_name_does_not() -> None:
    about = About(series="Ember")
    assert refined(facts_of("/m", "Salt Road/Salt Road c1.cbz"), about).series == "Salt Road"
    alone = refined(facts_of("/m", "c001.cbz"), about)
    assert (alone.series, alone.key) == ("Ember", key_of("Ember"))


def test_a_comicinfo_comes_with_the_record(tmp_path: Path) -> None:
    said = info("<Title>Tides</Title><Year>2019</Year><Genre>Drama</Genre>")
    files.make_zip(tmp_path / "Salt Road c1.cbz", {**files.pages(1), "ComicInfo.xml": said})
    reading = inspect(str(tmp_path), Found("Salt Road c1.cbz", 9, 8))
    assert reading.sidecar == Sidecar("comicinfo", b'{"genres":["Drama"]}')
    assert (reading.facts.title, reading.facts.year) == ("Tides", 2019)


def test_a_comicinfo_that_cannot_be_read_harms_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.make_zip(tmp_path / "Salt Road c1.cbz", {**files.pages(1), "ComicInfo.xml": b"<"})
    reading = inspect(str(tmp_path), Found("Salt Road c1.cbz", 9, 8))
    assert (reading.problem, reading.page_count, reading.facts.number) == ("", 1, "1")
    assert reading.sidecar is not None
    assert (reading.sidecar.source, reading.sidecar.problem) == ("comicinfo", "not_xml")
    monkeypatch.setattr(inspection, "told_inside", lambda *_: 1 / 0)
    reading = inspect(str(tmp_path), Found("Salt Road c1.cbz", 9, 8))
    assert (reading.page_count, reading.sidecar and reading.sidecar.problem) == (1, "crashed")
