"""Names that people and programs send, kind and unkind."""

import os
from contextlib import suppress

import pytest

from kiremisu.lib.errors import Invalid
from library.archives import is_book_name
from library.uploads.names import DEEPEST, LONGEST, file_name, folder_path, numbered

pytestmark = pytest.mark.quick

# Ways out of a folder, as lists of attacks know them: plain, doubled, mixed, absolute, of
# Windows, encoded once and twice, in other characters, with a NUL, with blanks.
CLIMBING = [
    "..", ".", "../", "./", "../..", "../../..", "../../../etc", "a/..", "a/../..", "a/../../b",
    "a/./b", "a//b", "/", "//", "/etc", "//etc/x", "///x", "/../x", "..\\", "..\\..\\x", "a\\b",
    "a/..\\b", "\\", "\\\\host\\share", "C:\\x", "C:/../x", "..\0", "a\0/../b", "a/\0", " ../x",
    "a/ .. /b", "a/.. ", ". ./x", "．．/x", "a/．．/b", "‥/x", "a/\u202e../b", "a/..\u200e/b",
    "a/...", "a/ /b", "....//x", "a/\t../b", "a/.\n./b", "a/b/c/d/e", "~/../x", "..;/x/../",
]  # fmt: skip
# What only looks like one: a name like any other to a file system.
HARMLESS = [
    "%2e%2e%2fx.cbz", "..%2fx.cbz", "%252e%252e%252fx.cbz", "..%c0%afx.cbz", "．．／x.cbz",
    "..x.cbz", "…x.cbz", "$(reboot).cbz", "`x`.cbz", "a;rm -rf b.cbz", "-rf.cbz", "C:x.cbz",
    "x.cbz:stream.cbz", "<img src=x>.cbz", "a&b.cbz", "🦊.cbz", "塩の道 第03巻.cbz",
]  # fmt: skip


def stays(path: str) -> bool:
    """Whether a path below a folder lies below it, whoever reads it."""
    inside = os.path.normpath(f"/srv/manga/{path}")
    return inside.startswith("/srv/manga/") and inside == f"/srv/manga/{path}"


def test_there_are_forty_ways_out() -> None:
    assert len(CLIMBING) >= 40


@pytest.mark.parametrize("told", CLIMBING)
def test_no_folder_leads_out_of_the_library(told: str) -> None:
    with pytest.raises(Invalid) as caught:
        folder_path(told)
    assert caught.value.errors[0].field == "folder"


@pytest.mark.parametrize("told", CLIMBING)
@pytest.mark.parametrize("ending", ["/x.cbz", "x.cbz", ".cbz"])
def test_no_file_name_leads_out_of_its_folder(told: str, ending: str) -> None:
    with suppress(Invalid):
        name = file_name(told + ending)
        assert "/" not in name
        assert stays(name)


@pytest.mark.parametrize("told", HARMLESS)
def test_what_only_looks_like_a_way_out_is_a_name(told: str) -> None:
    name = file_name(told)
    assert stays(name)
    assert is_book_name(name)
    assert not set(name) & set('<>:"|?*')


@pytest.mark.parametrize(
    "device",
    ["con", "PRN", "Aux", "nul", "COM1", "com9", "LPT1", "COM²", "CONIN$", "nul.x", "con "],
)
def test_a_device_of_windows_is_no_name(device: str) -> None:
    assert file_name(f"{device}.cbz").startswith("_")
    assert folder_path(device).startswith("_")


@pytest.mark.parametrize("name", ["Console.cbz", "Conan v01.cbz", "com10.cbz", "Nullpo.cbz"])
def test_what_begins_like_a_device_is_none(name: str) -> None:
    assert file_name(name) == name


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("  Salt\tRoad \n c001.cbz ", "Salt Road c001.cbz"),
        ("Salt\x07Road\x1b[31m.cbz", "SaltRoad[31m.cbz"),
        ("Salt Road\u202ezbc.cbz", "Salt Roadzbc.cbz"),
        ("Re: Zero?.cbz", "Re_ Zero_.cbz"),
        (".hack v01.cbz", "hack v01.cbz"),
        ("~Salt.cbz", "Salt.cbz"),
        ("Salt.cbz. . ", "Salt.cbz"),
        ("e\u0301.CBZ", "é.CBZ"),
    ],
)
def test_a_name_is_tidied(told: str, name: str) -> None:
    assert file_name(told) == name


@pytest.mark.parametrize(
    "told",
    ["", " ", "cbz", ".cbz", "...cbz", "Salt.exe", "Salt.cbz.part", "Salt", "Salt.jpg", "a/b.cbz"],
)
def test_what_no_scan_takes_for_a_book_is_refused(told: str) -> None:
    with pytest.raises(Invalid):
        file_name(told)


@pytest.mark.parametrize("letter", ["a", "é", "塩", "🦊"])
def test_a_long_name_is_cut_between_letters(letter: str) -> None:
    name = file_name(letter * 300 + ".cbz")
    size = len(letter.encode())
    assert LONGEST - size < len(name.encode()) <= LONGEST
    assert name == letter * name.count(letter) + ".cbz"
    assert len(numbered(name, 1000).encode()) < 255


def test_folders_lie_so_deep_below_one_another() -> None:
    deep = "/".join("a" * DEEPEST)
    assert folder_path(deep) == deep
    with pytest.raises(Invalid):
        folder_path(f"{deep}/a")


def test_no_folder_is_the_librarys_own() -> None:
    assert folder_path("") == folder_path("  ") == ""


def test_a_second_file_of_a_name_gets_a_number() -> None:
    assert [numbered("Salt v1.5.cbz", n) for n in (1, 2)] == ["Salt v1.5.cbz", "Salt v1.5 (2).cbz"]
