"""What is read stays as it was: a library may be mounted read-only."""

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest

from kiremisu.accounts import links
from kiremisu.accounts.models import User
from library import covers, scanning
from library.models import Chapter, Content, Library
from reader.opening import opened
from tests.factories import make_library
from tests.files import make_7z, make_folder, make_pdf, make_rar, make_tar, make_zip, pages
from tests.reader.paging import get

pytestmark = pytest.mark.django_db(transaction=True)

MAKERS: tuple[Callable[..., Path], ...] = (make_zip, make_tar, make_rar, make_7z, make_folder)


@pytest.fixture
def library(tmp_path: Path, settings: Any) -> Library:
    """One book of each kind, no two alike, and two that cannot be read."""
    root = tmp_path / "manga"
    root.mkdir()
    for volume, make in enumerate(MAKERS, 1):
        name = f"Salt Road v{volume:02}" + ("" if make is make_folder else ".cbz")
        make(root / name, pages(3, first=volume * 10))
    make_pdf(root / "Salt Road v90.pdf")
    (root / "Salt Road v91.cbz").write_bytes(b"PK\3\4 cut off")
    (root / "Salt Road v92.cbz").touch()
    # `up` may have the caches anywhere but in a library.
    settings.CACHE_DIR, settings.COVERS_DIR = tmp_path / "cache", tmp_path / "cache/covers"
    return make_library(root=str(root))


def everything(library: Library) -> dict[str, tuple[object, ...]]:
    """Every name below the root with its kind, times, rights and bytes."""
    found: dict[str, tuple[object, ...]] = {}
    for place in sorted(Path(library.root).rglob("*")):
        about = place.stat()
        data = place.read_bytes() if place.is_file() else b""
        facts = (about.st_mode, about.st_ino, about.st_mtime_ns, about.st_ctime_ns)
        found[str(place)] = (*facts, blake2b(data).hexdigest())
    return found


def test_scanning_covers_and_reading_leave_every_file_as_it_was(
    library: Library, alice: User, bob: User
) -> None:
    before = everything(library)
    assert scanning.scan(library).added == 6
    for content in Content.objects.all():
        assert covers.make(content)
    for chapter, user in zip(Chapter.objects.readable(), (alice, bob) * 3, strict=True):
        for number in range(1, len(opened(user, chapter).pages) + 1):
            for width in (None, 240):
                assert get(links.page_url(user, chapter.pk, number, width)).status == 200
        get(links.file_url(user, chapter.pk))
    assert scanning.scan(library, full=True).failed == 2
    assert everything(library) == before
