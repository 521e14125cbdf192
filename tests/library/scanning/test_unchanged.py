"""A scan of what it knows already."""

import json
import os

from django.db import connection

from library.models import Chapter, Sidecar
from tests import files
from tests.library.scanning.driving import OLD, Shelf
from tests.library.sidecars.table import info

# As counted within this transaction, which is the test's.
_WRITTEN = """
    SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
    WHERE relname ~ '^(library|reader|metadata)_'
"""


def written() -> dict[str, int]:
    """Rows inserted, updated and deleted so far, by table."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN)
        return dict(cursor.fetchall())


def test_a_scan_of_what_is_unchanged_writes_no_row(shelf: Shelf) -> None:
    told = {**files.pages(2, first=50), "ComicInfo.xml": info("<Series>Told</Series>")}
    os.utime(files.make_zip(shelf.root / "Told v01.cbz", told), (OLD, OLD))
    shelf.put("T/T v01.cbz")
    shelf.put("T/gone.cbz", first=20)
    shelf.write("T/broken.cbz", b"not a book")
    shelf.write("T/details.json", json.dumps({"title": "T"}).encode())
    files.make_folder(shelf.root / "Folder v01")
    shelf.scan()
    shelf.remove("T/gone.cbz")
    assert shelf.scan().missing == 1
    assert (Chapter.objects.count(), Sidecar.objects.count()) == (5, 1)
    before = written()
    assert before["library_chapter"] >= 5
    assert shelf.scan().changes == 0
    assert written() == before
