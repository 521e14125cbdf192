"""Names of files become part of a header, and nothing else."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest

from kiremisu.accounts.links import file_url
from kiremisu.accounts.models import User
from tests.files import make_zip
from tests.reader.paging import get, make_book

pytestmark = pytest.mark.django_db(transaction=True)

ODD = [
    "two\r\nSet-Cookie: a=b.cbz",
    "\n\n<script>.cbz",
    'quo"te.cbz',
    "semi; filename=x.exe; a=1.cbz",
    "back\\slash.cbz",
    "%0d%0aX-Forged: 1.cbz",
    "塩の道 – 第１巻.cbz",
    "\udcff\udcfe.cbz",
    "\u2028line.cbz",
    "\u202egnp.cbz",
    "a" * 250 + ".cbz",
]
# RFC 8187: every octet that is not a letter, a digit or one of a few signs is escaped.
_VALUE = re.compile(r"attachment; filename\*=UTF-8''((?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-F]{2})+)")


@pytest.mark.parametrize("name", ODD, ids=ascii)
def test_no_name_of_a_file_writes_a_header(bob: User, tmp_path: Path, name: str) -> None:
    book = make_book(make_zip(tmp_path / name))
    answer = get(file_url(bob, book.pk), "HEAD")
    assert answer.status == 200
    found = _VALUE.fullmatch(answer.headers["content-disposition"])
    assert found
    if "\udcff" not in name:
        assert found[1] == quote(name, safe="")
    assert not {"set-cookie", "x-forged"} & answer.headers.keys()
