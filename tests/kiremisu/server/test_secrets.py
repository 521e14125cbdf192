"""The key of a data folder."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kiremisu.lib.env import Misconfigured
from kiremisu.server.secrets import secret_key

pytestmark = pytest.mark.quick


def test_a_key_is_made_once_and_kept(tmp_path: Path) -> None:
    first = secret_key(tmp_path / "new")
    assert len(first) >= 50
    assert secret_key(tmp_path / "new") == first


def test_only_the_owner_may_read_the_key(tmp_path: Path) -> None:
    secret_key(tmp_path)
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_two_folders_have_two_keys(tmp_path: Path) -> None:
    assert secret_key(tmp_path / "a") != secret_key(tmp_path / "b")


def test_many_at_once_get_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(secret_key, [tmp_path] * 50))
    assert len(keys) == 1
    assert [found.name for found in tmp_path.iterdir()] == ["secret.key"]


@pytest.mark.parametrize("key", ["", "changeme", "x" * 64, "insecure-default"])
def test_a_key_that_can_be_guessed_is_refused(tmp_path: Path, key: str) -> None:
    (tmp_path / "secret.key").write_text(key)
    with pytest.raises(Misconfigured, match="too simple"):
        secret_key(tmp_path)


def test_a_key_that_is_no_text_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_bytes(b"\xff" * 64)
    with pytest.raises(Misconfigured, match="cannot be read"):
        secret_key(tmp_path)
