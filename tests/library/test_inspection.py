from pathlib import Path

import orjson
import pytest

from library import inspection
from library.disk import Found
from library.inspection import facts_of, inspect, key_of
from tests import files

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
