"""Ruff and mypy are part of the one check."""

import re
import subprocess
import sys
from itertools import pairwise

import pytest

from tests.house.source import ROOT, modules

BARE = re.compile(r"# (noqa(: [A-Z0-9, ]+)?|type: ignore(\[[a-z, -]+\])?)$")


def run(*command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


@pytest.mark.quick
def test_ruff_finds_nothing() -> None:
    run("ruff", "check", "--quiet", ".")


@pytest.mark.quick
def test_the_code_is_formatted() -> None:
    run("ruff", "format", "--check", "--quiet", ".")


@pytest.mark.slow
def test_the_types_agree() -> None:
    run("mypy")


@pytest.mark.quick
def test_each_ignore_has_its_reason_beside_or_above_it() -> None:
    pairs = [(m.place, *pair) for m in modules() for pair in pairwise(["", *m.text.splitlines()])]
    ignores = [(place, above, line) for place, above, line in pairs if BARE.search(line)]
    assert len(ignores) > 5
    assert not [
        f"{place}: {line.strip()}"
        for place, above, line in ignores
        if not above.lstrip().startswith("#") and not BARE.search(above)
    ]
