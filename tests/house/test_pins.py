"""Every version is pinned in pyproject.toml, and no file names where packages come from."""

import importlib.metadata
import re
import tomllib

import pytest

from tests.house.source import ROOT, tracked

pytestmark = pytest.mark.quick

# In two halves, so that this file does not name one either.
HOSTS = re.compile(
    "|".join(["pypi" + r"\.org", "python" + "hosted", "index" + "-url *=", "simple" + "/?$"])
)


def pins() -> dict[str, str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    rows = project["tool"]["uv"]["constraint-dependencies"]
    return dict(row.split(";")[0].strip().split("==") for row in rows)


def test_every_installed_package_is_pinned_to_its_version() -> None:
    installed = {
        re.sub(r"[-_.]+", "-", found.name).lower(): found.version
        for found in importlib.metadata.distributions()
    }
    known = {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in pins().items()}
    loose = {n: v for n, v in installed.items() if known.get(n) != v and n not in {"pip", "uv"}}
    assert not loose, f"run .ci/pin: {loose}"


def test_the_lock_file_stays_out() -> None:
    assert ROOT / "uv.lock" not in tracked()


def test_no_file_names_a_package_index() -> None:
    written = [p for p in tracked() if p.suffix in {".toml", ".md", ".py", ".yaml", ".html", ""}]
    assert len(written) > 100
    assert not [p.name for p in written if HOSTS.search(p.read_text(errors="replace"))]
