"""Settings from the environment."""

from pathlib import Path

import pytest

from kiremisu.lib import env

pytestmark = pytest.mark.quick


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    return lambda value: monkeypatch.setenv("KIREMISU_TRIED", value)


def test_text_is_trimmed_and_has_a_default(say) -> None:  # type: ignore[no-untyped-def]
    assert env.text("KIREMISU_TRIED", "else") == "else"
    say("  so ")
    assert env.text("KIREMISU_TRIED", "else") == "so"


@pytest.mark.parametrize(
    ("raw", "meant"), [("YES", True), ("1", True), ("off", False), ("", False)]
)
def test_flags_read_as_people_write_them(say, raw: str, meant: bool) -> None:  # type: ignore[no-untyped-def]
    say(raw)
    assert env.flag("KIREMISU_TRIED") is meant


def test_a_flag_that_is_neither_is_refused_by_name(say) -> None:  # type: ignore[no-untyped-def]
    say("perhaps")
    with pytest.raises(env.Misconfigured, match="KIREMISU_TRIED"):
        env.flag("KIREMISU_TRIED")


def test_numbers_have_a_default_and_a_least(say) -> None:  # type: ignore[no-untyped-def]
    assert env.integer("KIREMISU_TRIED", 7) == 7
    say("12")
    assert env.integer("KIREMISU_TRIED", 7) == 12


@pytest.mark.parametrize("raw", ["0", "-1", "many", "1.5"])
def test_numbers_that_make_no_sense_are_refused(say, raw: str) -> None:  # type: ignore[no-untyped-def]
    say(raw)
    with pytest.raises(env.Misconfigured):
        env.integer("KIREMISU_TRIED", 7, least=1)


def test_lists_drop_empty_parts(say) -> None:  # type: ignore[no-untyped-def]
    say("a, b,,c ")
    assert env.listing("KIREMISU_TRIED") == ["a", "b", "c"]


def test_a_secret_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush\n")
    monkeypatch.setenv("KIREMISU_TRIED_FILE", str(tmp_path / "secret"))
    assert env.secret("KIREMISU_TRIED") == "hush"


def test_a_secret_file_that_cannot_be_read_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIREMISU_TRIED_FILE", "/nowhere/at/all")
    with pytest.raises(env.Misconfigured, match="KIREMISU_TRIED_FILE"):
        env.secret("KIREMISU_TRIED")


def test_a_path_may_begin_at_home(say) -> None:  # type: ignore[no-untyped-def]
    say("~/manga")
    assert env.path("KIREMISU_TRIED", Path("/else")) == Path.home() / "manga"
