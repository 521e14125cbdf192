"""What stands around every command."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiremisu.lib.env import Misconfigured
from kiremisu.server import commands, embedded
from kiremisu.server.commands import main, needs_database, without_data_dir

pytestmark = pytest.mark.quick


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.mark.parametrize(
    ("line", "rest", "folder"),
    [
        (["up", "--data-dir", "d", "path"], ["up", "path"], "d"),
        (["up", "--data-dir=d", "path"], ["up", "path"], "d"),
        (["--data-dir", "d", "scan"], ["scan"], "d"),
        (["scan"], ["scan"], None),
        (["parse", "--", "--data-dir", "x"], ["parse", "--", "--data-dir", "x"], None),
    ],
)
def test_every_command_has_a_data_folder(
    line: list[str], rest: list[str], folder: str | None
) -> None:
    assert without_data_dir(line) == (rest, folder)


def test_the_option_needs_a_folder() -> None:
    with pytest.raises(Misconfigured, match="needs a folder"):
        without_data_dir(["up", "--data-dir"])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (["manage.py"], False),
        (["manage.py", "help"], False),
        (["manage.py", "parse", "a.cbz"], False),
        (["manage.py", "probe", "a.cbz"], False),
        (["manage.py", "check"], False),
        (["manage.py", "scan", "--help"], False),
        (["manage.py", "scan"], True),
        (["manage.py", "up"], True),
        (["manage.py", "shell"], True),
    ],
)
def test_some_commands_need_no_database(line: list[str], expected: bool) -> None:
    assert needs_database(line) is expected


def test_a_command_without_database_starts_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["manage.py", "version", "--data-dir", str(tmp_path)]) == 0
    assert os.environ["KIREMISU_DATA_DIR"] == str(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert capsys.readouterr().out


@pytest.mark.parametrize("error", [embedded.CannotStart("No room."), Misconfigured("No room.")])
def test_what_cannot_be_is_told_in_one_sentence(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(arguments: list[str]) -> None:
        raise error

    monkeypatch.setattr(commands, "_run", fail)
    assert main(["manage.py", "scan"]) == 1
    assert capsys.readouterr().err == "manage.py: No room.\n"


def test_ctrl_c_is_no_error_to_explain(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(arguments: list[str]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "_run", interrupt)
    assert main(["manage.py", "scan"]) == 130
