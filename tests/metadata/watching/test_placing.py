"""Which file holds a chapter of a feed."""

import pytest

from metadata.watching.placing import Places
from metadata.watching.reconciling import key_of

pytestmark = pytest.mark.quick

FILES = [
    *(("", "1", ""), ("1", "7", ""), ("", "10-12", ""), ("3", "", ""), ("5-6", "", "")),
    *(("", "", "Tea"), ("2", "1", ""), ("4", "8-9", "")),
]
HOLDS = Places((*each, " ".join(each)) for each in FILES)


@pytest.mark.parametrize(
    ("volume", "number", "title", "file"),
    [
        ("", "1", "", " 1 "),
        ("", "01.0", "", " 1 "),
        ("9", "7", "", "1 7 "),
        ("", "11", "", " 10-12 "),
        ("", "11.5", "", " 10-12 "),
        ("", "13", "", None),
        ("3", "40", "", "3  "),
        ("6", "", "", "5-6  "),
        ("7", "", "", None),
        ("", "", "TEA!", "  Tea"),
        ("", "", "Rain", None),
        ("", "", "", "  Tea"),
        ("", "Extra", "", None),
    ],
)
def test_a_chapter_is_found(volume: str, number: str, title: str, file: str | None) -> None:
    key = key_of(volume, number, title, anew=False)
    assert HOLDS.find(key, volume, number, title) == file


@pytest.mark.parametrize(
    ("volume", "number", "file"),
    [
        ("2", "1", "2 1 "),
        ("3", "1", "3  "),
        ("7", "1", None),
        ("4", "9", "4 8-9 "),
        ("7", "9", None),
    ],
)
def test_where_each_volume_counts_anew(volume: str, number: str, file: str | None) -> None:
    key = key_of(volume, number, "", anew=True)
    assert HOLDS.find(key, volume, number, "") == file
