"""Hostile files: whatever stands in them, the answer is pages or an error with a code."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest

from kiremisu.lib.errors import Unreadable
from library.archives import measure, open_book, probe, read_page
from tests.files import image, make_7z, make_pdf, make_rar, make_tar, make_zip

_CORPUS = Path(__file__).parents[3].parent / "shared" / "corpus" / "make_hostile.py"
_GROUPS = "zip,name,image,meta,pdf,rar,fs"
_MIXED = {
    "1.png": image(1),
    "2.jpg": image(2, "JPEG"),
    "3.webp": image(3, "WEBP"),
    "4.avif": image(4, "AVIF"),
    "5.gif": image(5, "GIF"),
}


def noisy(data: bytes, random: Random) -> bytes:
    """The data with a few bytes changed, most of them where the structure is."""
    made, near = bytearray(data), min(300, len(data))
    for _ in range(random.choice([1, 1, 2, 5, 20])):
        places = [random.randrange(len(data)), random.randrange(near), -1 - random.randrange(near)]
        made[random.choice(places)] = random.choice([0, 0xFF, 0x80, random.randrange(256)])
    if random.random() < 0.25:
        del made[random.randrange(len(made)) :]
    return bytes(made)


def open_and_read(book: str) -> None:
    """Everything one may ask of a book; only `Unreadable` may come out."""
    try:
        found = open_book(book)
    except Unreadable:
        return
    for number in range(1, min(len(found.pages), 5) + 1):
        for ask in (measure, read_page):
            try:
                ask(book, found.format, found.pages, number)
            except Unreadable:
                continue


@pytest.mark.quick
@pytest.mark.parametrize("seed", range(8))
def test_noise_in_a_book_never_escapes(tmp_path: Path, seed: int) -> None:
    random, book = Random(seed), tmp_path / "book"
    sources = [
        *[make_zip(tmp_path / f"{method}.cbz", _MIXED, method) for method in (0, 8, 12, 14)],
        *[make_rar(tmp_path / f"{version}.cbr", _MIXED, version=version) for version in (4, 5)],
        make_tar(tmp_path / "book.cbt", _MIXED),
    ]
    for source in sources:
        for _ in range(40):
            book.write_bytes(noisy(source.read_bytes(), random))
            open_and_read(str(book))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_noise_in_a_book_that_a_child_reads_never_escapes(tmp_path: Path, seed: int) -> None:
    random, book = Random(seed), tmp_path / "book"
    for source in (make_7z(tmp_path / "book.cb7", _MIXED), make_pdf(tmp_path / "book.pdf")):
        for _ in range(8):
            book.write_bytes(noisy(source.read_bytes(), random))
            open_and_read(str(book))


# The judge: a generator of hostile files with the outcome of each.


def agrees(case: dict[str, Any], path: Path) -> str:
    """What is wrong with the answer on this case, or nothing."""
    started = time.monotonic()
    found = probe(str(path))
    if time.monotonic() - started > 10:
        return f"{case['file']}: took more than 10 s"
    outcome = "skipped_entries" if found.skipped else "readable"
    outcome = "error" if found.status == "error" else outcome
    # The pages told are those of the outcome expected; where another leaves some out, fewer.
    least = (case["pages"] or 0) if outcome == case["expect"] else 1
    most = case.get("pages_max", sys.maxsize if case["pages"] is None else case["pages"])
    allowed = {case["expect"], *case.get("also", ())}
    if outcome not in allowed or not (outcome == "error" or least <= found.pages <= most):
        return f"{case['file']}: {outcome}, {found.pages} pages, {found.code}"
    return ""


def everything(folder: Path) -> set[str]:
    return {os.path.join(at, name) for at, _, names in os.walk(folder) for name in names}


@pytest.mark.skipif(not _CORPUS.exists(), reason="the generator of hostile files is not here")
@pytest.mark.slow
def test_the_hostile_corpus_is_answered_as_its_manifest_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = tmp_path / "corpus"
    subprocess.run(
        [sys.executable, str(_CORPUS), str(corpus), "--group", _GROUPS],
        check=True,
        capture_output=True,
    )
    cases = [json.loads(line) for line in (corpus / "manifest.jsonl").read_text().splitlines()]
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temp"))
    (tmp_path / "temp").mkdir()
    before = everything(tmp_path)
    wrong = list(filter(None, (agrees(case, corpus / case["file"]) for case in cases)))
    assert (len(cases), everything(tmp_path)) == (128, before)
    assert not list(Path("/tmp").glob("kire_slip*"))
    assert wrong == []
