"""docs/api.md begins with a script; here it runs as it is written."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kiremisu.accounts.models import ApiKey, User
from reader.models import Progress
from tests.cast import PASSWORD
from tests.factories import make_chapter, make_library, make_series
from tests.house.source import ROOT

SCRIPT = re.compile(r"## In five minutes\n.*?```python\n(.*?)```", re.DOTALL)


@pytest.mark.django_db(transaction=True)
def test_a_newcomers_first_script_works(live: str, bob: User, tmp_path: Path) -> None:
    chapter = make_chapter(make_series(make_library()), pages=12)
    found = SCRIPT.search((ROOT / "docs/api.md").read_text())
    assert found
    script = tmp_path / "first.py"
    script.write_text(found[1])
    known = {"KIREMISU_URL": live, "KIREMISU_USER": "bob", "KIREMISU_PASSWORD": PASSWORD}
    done = subprocess.run(
        [sys.executable, script], env=os.environ | known, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["Salt Road Diary has 1 chapters", "Now on page 2 of 12"]
    place = Progress.objects.get(user=bob)
    assert (place.chapter_id, place.page, place.device) == (chapter.pk, 2, "My first script")
    assert ApiKey.objects.get(user=bob).scopes == ["read", "progress"]
