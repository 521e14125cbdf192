"""Generated libraries whose right answers are known, and a folder of hostile files."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from library.models import Chapter
from tests.factories import make_library
from tests.library.scanning.driving import Shelf
from tests.library.scanning.judging import FIELDS, judge

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus"
needs_corpus = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the generators of test libraries are not here"
)
ENOUGH = 0.97


def generate(script: str, *arguments: str) -> None:
    # Its pool of processes must not be measured: ending one that is hangs now and then.
    plain = {name: value for name, value in os.environ.items() if "COV" not in name}
    command = [sys.executable, str(CORPUS / script), *arguments]
    subprocess.run(command, check=True, timeout=300, env=plain)


@needs_corpus
@pytest.mark.slow
@pytest.mark.parametrize("seed", ["default", "20261"])
def test_a_generated_library_is_understood(db: None, tmp_path: Path, seed: str) -> None:
    chosen = () if seed == "default" else ("--seed", seed)
    size = ("--series", "100", "--chapters-per-series", "3", "--tiny")
    generate("make_library.py", str(tmp_path / "out"), *size, *chosen)
    manifest = (tmp_path / "out/manifest.jsonl").rename(tmp_path / "manifest.jsonl")
    shelf = Shelf(make_library(root=str(tmp_path / "out/library")), tmp_path / "out/library")
    shelf.scan()
    verdict = judge(shelf.library, manifest)
    print(verdict.table())
    assert not verdict.lost
    assert not verdict.wrong_pages
    assert all(verdict.share(field) >= ENOUGH for field in FIELDS), verdict.wrong
    assert shelf.scan().changes == 0


@needs_corpus
@pytest.mark.slow
def test_a_folder_of_hostile_files_is_scanned_to_its_end(db: None, tmp_path: Path) -> None:
    root = tmp_path / "hostile"
    generate("make_hostile.py", str(root))
    shelf = Shelf(make_library(root=str(root)), root)
    tally = shelf.scan()
    assert tally.done == tally.files
    assert tally.added > 40
    assert shelf.scan().changes == 0
    assert Chapter.objects.exclude(problem="").filter(problem_detail="").count() == 0
    outside = [name for name in os.listdir(tmp_path) if "slip" in name]
    assert not outside
