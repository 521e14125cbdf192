"""Ruff and mypy are part of the one check."""

import subprocess
import sys

import pytest

from tests.house.source import ROOT


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
