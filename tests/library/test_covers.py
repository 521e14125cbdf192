import errno
import io
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from PIL import Image

from kiremisu.jobs.models import Job
from kiremisu.jobs.running import Work
from kiremisu.lib.errors import Unavailable
from library import covers, tasks, thumbnails
from library.models import Content
from tests import files
from tests.library.scanning.conftest import shelf
from tests.library.scanning.driving import Shelf

__all__ = ["shelf"]


@pytest.fixture(autouse=True)
def _covers_of_this_test(tmp_path: Path, settings: Any) -> None:
    settings.COVERS_DIR = tmp_path / "covers"


def picture(
    mode: str, size: tuple[int, int] = (60, 90), colour: Any = None, **options: Any
) -> bytes:
    made = io.BytesIO()
    kind = options.pop("kind", "PNG")
    Image.new(mode, size, colour).save(made, kind, **options)
    return made.getvalue()


def make_covers(shelf: Shelf) -> None:
    for step in tasks.make_covers(Work(Job(kind="covers", subject=shelf.library.pk))):
        assert step.apply
        step.apply()


def content_of(shelf: Shelf, path: str = "T/T v01.cbz") -> Content:
    content = shelf.at(path).content
    assert content
    return content


def test_a_cover_is_made_in_three_widths_with_its_tint(shelf: Shelf) -> None:
    place = shelf.root / "T v01.cbz"
    files.make_zip(place, {"1.png": picture("RGB", (1200, 1800), (200, 30, 30))})
    shelf.scan()
    content = content_of(shelf, "T v01.cbz")
    assert covers.make(content)
    content.refresh_from_db()
    assert (content.cover_state, content.cover_width, content.cover_height) == ("ready", 600, 900)
    assert content.tint == "#c81e1e"
    for width in configured.COVER_WIDTHS:
        with Image.open(covers.file(content.key, width)) as cover:
            assert (cover.format, cover.size) == ("WEBP", (width, width * 3 // 2))


def test_a_broken_first_page_leaves_the_cover_to_the_second(shelf: Shelf) -> None:
    cut = picture("RGB", (60, 90), (0, 0, 255), kind="JPEG")[:300]
    pages = {"1.jpg": cut, "2.jpg": b"no image", "3.png": picture("RGB", (60, 90), (0, 200, 0))}
    (shelf.root / "T").mkdir()
    files.make_zip(shelf.root / "T/T v01.cbz", pages)
    shelf.scan()
    covers.make(content_of(shelf))
    assert content_of(shelf).tint == "#00c800"


def test_without_any_page_that_decodes_the_cover_has_failed(shelf: Shelf) -> None:
    (shelf.root / "T").mkdir()
    files.make_zip(shelf.root / "T/T v01.cbz", {"1.jpg": b"no image"})
    shelf.scan()
    assert not covers.make(content_of(shelf))
    assert content_of(shelf).cover_state == "failed"


def test_without_a_file_that_is_there_the_cover_has_failed(db: None) -> None:
    content = Content.objects.create(signature=bytes(16), page_count=1)
    assert not covers.make_now(content)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (picture("CMYK", colour=(0, 255, 255, 0), kind="JPEG"), (255, 0, 0)),
        (picture("I;16", colour=32768), (128, 128, 128)),
        (picture("1", colour=1), (255, 255, 255)),
        (picture("RGBA", colour=(255, 0, 0, 0)), (255, 255, 255)),
        (picture("LA", colour=(0, 255)), (0, 0, 0)),
        (picture("P", colour=0, transparency=0), (255, 255, 255)),
        (picture("L", colour=77), (77, 77, 77)),
    ],
    ids=["CMYK", "16 bits", "1 bit", "see-through", "grey with alpha", "palette", "grey"],
)
def test_colours_come_out_right(data: bytes, expected: tuple[int, int, int]) -> None:
    found = thumbnails.decoded(data, 600).getpixel((5, 5))
    assert isinstance(found, tuple)
    assert all(abs(is_ - should) <= 3 for is_, should in zip(found, expected, strict=True))


def test_a_turned_photograph_stands_upright_and_tells_nothing(shelf: Shelf) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "where it was taken"
    upright = thumbnails.decoded(picture("RGB", (90, 60), kind="JPEG", exif=exif), 600)
    assert upright.size == (60, 90)
    (shelf.root / "T").mkdir()
    data = picture("RGB", (90, 60), kind="JPEG", exif=exif)
    files.make_zip(shelf.root / "T/T v01.cbz", {"1.jpg": data})
    shelf.scan()
    covers.make(content_of(shelf))
    assert b"taken" not in covers.file(content_of(shelf).key, 200).read_bytes()


def test_a_strip_shows_its_top() -> None:
    assert thumbnails.decoded(picture("L", (800, 30_000)), 600).size == (800, 1200)


def test_a_line_of_pixels_is_no_division_by_zero(shelf: Shelf) -> None:
    (shelf.root / "T").mkdir()
    files.make_zip(shelf.root / "T/T v01.cbz", {"1.png": picture("RGB", (5000, 1))})
    shelf.scan()
    assert covers.make(content_of(shelf))
    assert content_of(shelf).cover_height == 1


def test_too_many_pixels_are_refused_before_decoding() -> None:
    with pytest.raises(ValueError, match="too many"):
        thumbnails.decoded(picture("1", (80_001, 1_000)), 600)


def test_a_full_disk_is_said_and_leaves_nothing_behind(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put("T/T v01.cbz")
    shelf.scan()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(Unavailable, match="full"):
        covers.make(content_of(shelf))
    assert content_of(shelf).cover_state == "pending"
    assert not [place for place in configured.COVERS_DIR.rglob("*") if place.is_file()]


def test_a_cache_that_cannot_be_written_is_said(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put("T/T v01.cbz")
    shelf.scan()

    def refusing(**_: object) -> None:
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr(tempfile, "mkstemp", refusing)
    with pytest.raises(Unavailable, match="cannot be written") as refused:
        covers.make(content_of(shelf))
    assert str(configured.COVERS_DIR) not in refused.value.detail


def test_a_page_that_ends_its_reader_costs_the_cover_alone(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put("T/T v01.cbz")
    shelf.scan()
    with monkeypatch.context() as patch:
        patch.setattr(covers, "_SECONDS", 0.0)
        assert not covers.make(content_of(shelf))
    assert content_of(shelf).cover_state == "failed"
    assert covers.make(content_of(shelf))


def test_the_job_makes_what_series_show_first(shelf: Shelf) -> None:
    for at, title in enumerate(["Zebra", "Aster"]):
        shelf.put(f"{title}/{title} v01.cbz", first=at * 10 + 1)
        shelf.put(f"{title}/{title} v02.cbz", first=at * 10 + 5)
    shelf.scan()
    first = covers.next_ones(shelf.library, 3)
    assert first == [
        content_of(shelf, "Aster/Aster v01.cbz"),
        content_of(shelf, "Zebra/Zebra v01.cbz"),
    ]
    make_covers(shelf)
    assert set(Content.objects.values_list("cover_state", flat=True)) == {"ready"}
    assert not covers.pending(shelf.library).exists()


def test_a_scan_asks_for_covers_once(shelf: Shelf) -> None:
    shelf.put("T/T v01.cbz")
    shelf.scan()
    shelf.scan()
    assert Job.objects.filter(kind="covers", subject=shelf.library.pk).count() == 1


def test_the_job_ends_where_the_disk_went_away(shelf: Shelf) -> None:
    shelf.put("T/T v01.cbz")
    shelf.scan()
    shelf.root.rename(shelf.root.with_name("away"))
    with pytest.raises(Unavailable):
        make_covers(shelf)
    assert Content.objects.get().cover_state == "pending"


def test_the_job_passes_over_what_cannot_be_shown(shelf: Shelf) -> None:
    (shelf.root / "T").mkdir()
    files.make_zip(shelf.root / "T/T v01.cbz", {"1.jpg": b"no image"})
    shelf.scan()
    make_covers(shelf)
    assert content_of(shelf).cover_state == "failed"


def test_a_full_scan_lets_failed_covers_be_tried_again(shelf: Shelf) -> None:
    shelf.put("T/T v01.cbz")
    shelf.scan()
    Content.objects.update(cover_state="failed")
    shelf.scan()
    assert content_of(shelf).cover_state == "failed"
    shelf.scan(full=True)
    assert content_of(shelf).cover_state == "pending"


def test_a_batch_ends_after_a_while(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_LONG", -1.0)
    monkeypatch.setattr(tasks, "_THREADS", 1)
    for number in range(1, 6):
        shelf.put(f"T/T v0{number}.cbz", first=number)
    shelf.scan()
    steps = tasks.make_covers(Work(Job(kind="covers", subject=shelf.library.pk)))
    assert [step.done for step in steps if step.apply and step.apply() is None] == [1, 3, 5]


def test_a_library_that_is_gone_has_no_covers_to_make(db: None) -> None:
    assert list(tasks.make_covers(Work(Job(kind="covers")))) == []
    assert list(tasks.scan(Work(Job(kind="scan")))) == []
