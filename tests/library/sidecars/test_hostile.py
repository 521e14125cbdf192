"""The judge: hostile sidecars, and what their manifest wants of each."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from library.archives import open_book
from library.sidecars import Misread, told_inside
from library.sidecars.patches import patch_of

_CORPUS = Path(__file__).parents[3].parent / "shared" / "corpus" / "make_hostile.py"
# Those that are refused, each with its code; all others are read.
_REFUSED = {
    "xxe_file": "has_dtd",
    "xxe_network": "has_dtd",
    "billion_laughs": "has_dtd",
    "quadratic": "has_dtd",
    "invalid_utf8": "not_xml",
    "truncated": "not_xml",
    "huge_summary": "too_large",
    "deep_nesting": "too_deep",
    "sql_and_nul": "not_xml",
}


@pytest.mark.skipif(not _CORPUS.exists(), reason="the generator of hostile files is not here")
def test_hostile_sidecars_are_answered_as_their_manifest_says(tmp_path: Path) -> None:
    command = [sys.executable, str(_CORPUS), str(tmp_path), "--group", "meta"]
    subprocess.run(command, check=True, capture_output=True)
    cases = [json.loads(line) for line in (tmp_path / "manifest.jsonl").read_text().splitlines()]
    refused: dict[str, str] = {}
    for case in cases:
        book = open_book(str(tmp_path / case["file"]))
        assert len(book.pages) == case["pages"]
        try:
            told = told_inside(str(tmp_path / case["file"]), book)
        except Misread as error:
            refused[Path(case["file"]).stem] = error.code
            continue
        assert told is not None
        patch = patch_of(told.facts)
        assert told.about.title == case.get("title", told.about.title)
        assert "links" not in patch.model_fields_set
        assert len(patch.genres or ()) <= 20
        assert (told.about.number, told.about.volume, told.about.year) == ("", "", None)
    assert (len(cases), refused) == (17, _REFUSED)
