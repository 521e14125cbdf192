"""Books made on the spot: every format, small, from pages that can be told apart.

make_zip(tmp_path / "a.cbz", pages(3))
make_rar(tmp_path / "a.cbr", {"001.png": image(1, "PNG")}, version=4)
"""

import io
import os
import struct
import subprocess
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pymupdf
from PIL import Image

from library.archives import tool

EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "AVIF": "avif", "GIF": "gif"}
_DOS_TIME = 0x5822 << 16 | 0x6000  # 2 January 2024, noon

type Members = Mapping[str, bytes]


@cache
@cache
def image(number: int = 1, kind: str = "PNG", size: tuple[int, int] = (60, 90)) -> bytes:
    """A page of one colour, which its number decides."""
    colour = (number * 53 % 200 + 30, number * 97 % 200 + 30, number * 151 % 200 + 30)
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, kind)
    return made.getvalue()


def pages(
    count: int = 3, kind: str = "PNG", size: tuple[int, int] = (60, 90), first: int = 1
) -> dict[str, bytes]:
    """Named pages: 001.png, 002.png …"""
    names = [f"{number:03}.{EXTENSIONS[kind]}" for number in range(1, count + 1)]
    return {name: image(at, kind, size) for at, name in enumerate(names, first)}


def make_zip(path: Path, members: Members | None = None, method: int = zipfile.ZIP_STORED) -> Path:
    """A CBZ; the members are written in their order, with one clock for all."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in (pages() if members is None else members).items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 2, 12, 0, 0)), data, method)
    return path


def make_tar(path: Path, members: Members | None = None, form: int = tarfile.PAX_FORMAT) -> Path:
    """A CBT."""
    with tarfile.open(path, "w", format=form) as archive:
        for name, data in (pages() if members is None else members).items():
            about = tarfile.TarInfo(name)
            about.size = len(data)
            archive.addfile(about, io.BytesIO(data))
    return path


def make_7z(path: Path, members: Members | None = None, *options: str) -> Path:
    """A CB7, solid unless an option such as "-ms=off" says otherwise; needs 7-Zip."""
    with tempfile.TemporaryDirectory() as source:
        make_folder(Path(source), members)
        command = [tool.program(), "a", "-t7z", "-mx=1", *options, str(path.absolute()), "."]
        subprocess.run(command, cwd=source, check=True, capture_output=True)
    return path


def make_folder(path: Path, members: Members | None = None) -> Path:
    """A folder of images."""
    for name, data in (pages() if members is None else members).items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    path.mkdir(parents=True, exist_ok=True)
    return path


def make_pdf(
    path: Path, count: int = 3, box: tuple[int, int] = (240, 340), **options: object
) -> Path:
    """A PDF of coloured pages; options go to its saving (encryption=…, user_pw=…)."""
    document: Any = pymupdf.open()  # type: ignore[no-untyped-call] # it is half typed
    with document:
        for number in range(1, count + 1):
            page = document.new_page(width=box[0], height=box[1])
            page.draw_rect(page.rect, fill=(number * 53 % 200 / 255, 0.5, 0.5))
        document.save(os.fspath(path), **options)
    return path


# RAR: nothing here writes it, so these write just its stored form, as RARLAB's
# technical note and unrar's headers describe it.


def make_rar(
    path: Path,
    members: Members | None = None,
    *,
    version: int = 5,
    flags: int = 0,
    file_flags: int = 0,
) -> Path:
    """A CBR of stored members. Flags are those of the archive's and the files' headers."""
    write = _rar5 if version == 5 else _rar4
    path.write_bytes(write(pages() if members is None else members, flags, file_flags))
    return path


def _rar4(members: Members, flags: int, file_flags: int) -> bytes:
    out = [b"Rar!\x1a\x07\x00", _rar4_block(0x73, flags, bytes(6))]
    for name, data in members.items():
        raw = name.encode()
        crc = zlib.crc32(data)
        body = struct.pack(
            "<IIBIIBBHI", len(data), len(data), 3, crc, _DOS_TIME, 20, 0x30, len(raw), 0o100644
        )
        out += [_rar4_block(0x74, 0x8000 | file_flags, body + raw), data]
    return b"".join([*out, _rar4_block(0x7B, 0x4000, b"")])


def _rar4_block(kind: int, flags: int, body: bytes) -> bytes:
    head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head


def _rar5(members: Members, flags: int, file_flags: int) -> bytes:
    out = [b"Rar!\x1a\x07\x01\x00", _rar5_block(1, 0, _vint(flags))]
    for name, data in members.items():
        raw = name.encode()
        body = _vint(4) + _vint(len(data)) + _vint(0o100644)  # 4: a checksum follows
        body += struct.pack("<I", zlib.crc32(data)) + _vint(0) + _vint(1) + _vint(len(raw)) + raw
        out += [_rar5_block(2, file_flags | 2, body, len(data)), data]
    return b"".join([*out, _rar5_block(5, 0, _vint(0))])


def _rar5_block(kind: int, flags: int, body: bytes, data: int | None = None) -> bytes:
    head = _vint(kind) + _vint(flags) + (b"" if data is None else _vint(data)) + body
    sized = _vint(len(head)) + head
    return struct.pack("<I", zlib.crc32(sized)) + sized


def _vint(number: int) -> bytes:
    """A number in groups of seven bits, the lowest first."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])
