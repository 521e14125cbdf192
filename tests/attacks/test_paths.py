"""Ways out of the folders from which things are served."""

from pathlib import Path

import pytest
from django.conf import settings

from kiremisu.accounts import links
from kiremisu.accounts.models import User
from library.models import Chapter, PageIndex
from library.shapes import PageList
from tests.attacks.asking import Sender, session
from tests.files import image, make_folder
from tests.reader.paging import get, make_book

LIVE = pytest.mark.django_db(transaction=True)

UP = [
    "../", "..%2f", "..%2F", "%2e%2e/", "%2e%2e%2f", "%252e%252e%252f", "..%252f",
    "%25252e%25252e/",
    "..\\", "..%5c", "%2e%2e%5c", "..%255c", "....//", "....%2f%2f", "..;/", "..%3b/", ".%2e/",
    "%2e./", "..%c0%af", "%c0%ae%c0%ae/", "%c0%2e%c0%2e/", "..%ef%bc%8f", "%ef%bc%8e%ef%bc%8e/",
    "%e2%80%ae../", "..%00/", "..%0a/", "..%09/", "..%20/", "../.", "././../", "x/../../",
]  # fmt: skip
TARGETS = ["secret.key", "etc/passwd", "%65tc/passwd", "proc/self/environ"]
FORMS = [
    *(f"{up * 3}{TARGETS[0]}" for up in UP),
    *(f"{up * 8}{TARGETS[1]}" for up in UP[:8]),
    *(f"/{target}" for target in TARGETS),
    "//etc/passwd",
    "file:///etc/passwd",
    "%2fetc%2fpasswd",
    "/%5c/etc/passwd",
    "C:%5cWindows%5cwin.ini",
    "%5c%5chost%5cshare",
    "%00",
    "css/base.css/../../../settings.py",
    "css%2f..%2f..%2f..%2fkiremisu%2fsettings.py",
]


@pytest.mark.quick
def test_there_are_forty_ways_out() -> None:
    assert len(set(FORMS)) >= 40


@LIVE
def test_no_address_leads_out(as_alice: Sender, alice: User, chapter: Chapter) -> None:
    """Not below static files, pages, covers, chapters, series, uploads, or the site itself."""
    page = links.page_url(alice, chapter.pk, 1)
    where, _, grant = page.rpartition("/")
    cover = links.cover_url(alice, "0" * 32, 200)
    places = [
        "/static/{}",
        f"{where}/{{}}",
        f"{where.rpartition('/')[0]}/{{}}/{grant}",
        "/p/{}",
        f"/p/{{}}/1/{grant}",
        "/c/{}",
        f"/c/{{}}/200/{cover.rpartition('/')[2]}",
        f"/api/v1/chapters/{chapter.pk}/pages/{{}}",
        "/api/v1/chapters/{}/file",
        f"/api/v1/series/{chapter.series_id}/cover/{{}}",
        "/api/v1/uploads/{}",
        "/api/v1/{}",
        "/notes/kiremisu-notes.{}",
        "/read/{}",
        "/{}",
    ]
    cookie = session(alice)
    key = (Path(settings.DATA_DIR) / "secret.key").read_bytes()
    for place in places:
        for form in FORMS:
            told = as_alice.get(place.format(form), cookie=cookie)
            assert told.status == 404, f"{place.format(form)}: {told.status}"
            for inside in (b"root:", b"SECRET_KEY =", key):
                assert inside not in told.body, place.format(form)


@LIVE
@pytest.mark.parametrize("name", ["../outside.png", "/etc/passwd", "..", ".", "", "a/../../x"])
def test_a_page_that_lies_outside_its_folder_is_not_read(
    bob: User, tmp_path: Path, name: str
) -> None:
    """Even if the index said so, which no scan would."""
    chapter = make_book(make_folder(tmp_path / "shelf" / "book"))
    # Even if it were the same, byte for byte.
    (tmp_path / "shelf" / "outside.png").write_bytes(image(1))
    index = PageIndex.objects.get(chapter=chapter)
    entry = index.list.pages[0].model_copy(update={"name": name})
    index.list = PageList(pages=[entry])
    index.save()
    answer = get(links.page_url(bob, chapter.pk, 1))
    assert answer.status in {404, 409, 422}
    assert image(1) not in answer.body
