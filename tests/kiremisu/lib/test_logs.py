"""Log lines."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import structlog

from kiremisu.lib import logs

pytestmark = pytest.mark.quick


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs._QUIET}
    known = structlog.get_config()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.configure(**known)
    structlog.contextvars.clear_contextvars()


def said(capsys: pytest.CaptureFixture[str], form: str, **values: object) -> str:
    logs.configure(form)
    logs.get("test").info("something happened", **values)
    return capsys.readouterr().err


def test_a_line_of_keys_tells_when_and_what(capsys: pytest.CaptureFixture[str]) -> None:
    line = said(capsys, "keys", count=3)
    assert line.startswith("timestamp=20")
    assert 'level=info event="something happened" count=3' in line


def test_a_line_of_json_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    line = json.loads(said(capsys, "json", count=3))
    assert (line["event"], line["count"], line["level"]) == ("something happened", 3, "info")


def test_a_line_for_people_is_short(capsys: pytest.CaptureFixture[str]) -> None:
    line = said(capsys, "console", count=3)
    assert line[2] == ":"
    assert "something happened" in line
    assert "count=3" in line


def test_without_a_terminal_keys_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert not sys.stderr.isatty()
    assert "event=" in said(capsys, "auto")


@pytest.mark.parametrize("form", ["keys", "json", "console"])
@pytest.mark.parametrize(
    "values",
    [
        {"password": "hush"},
        {"api_key": "hush"},
        {"refresh_token": "hush"},
        {"url": "postgres://reader:hush@db/kiremisu"},
        {"path": "/setup?token=hush&x=1"},
        {"told": "Authorization: Bearer hush"},
        {"path": "/api/v1/eyJhbGciOiJI.eyJ0b2tlbl9.hush"},
        {"told": "Internal Server Error: /feeds/x4Kd-0_9sQm2Lr7TgVbhush.atom"},
    ],
)
def test_no_secret_is_written(
    form: str, values: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert "hush" not in said(capsys, form, **values)


@pytest.mark.parametrize("form", ["keys", "json", "console"])
def test_what_people_name_their_files_cannot_forge_a_line(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = said(capsys, form, path="a\n2026 level=error\x1b[31m\u2028\udcff")
    assert line.count("\n") == 1
    assert "\x1b[31m" not in line


def test_what_is_bound_stands_on_every_line(capsys: pytest.CaptureFixture[str]) -> None:
    with logs.bound(request_id="abc"):
        assert "request_id=abc" in said(capsys, "keys")
    assert "request_id" not in said(capsys, "keys")


def test_binding_lasts_until_it_is_taken_off(capsys: pytest.CaptureFixture[str]) -> None:
    logs.bind(job="7")
    assert "job=7" in said(capsys, "keys")
    logs.unbind("job")
    assert "job=7" not in said(capsys, "keys")


def test_libraries_write_through_the_same_door(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("keys")
    logging.getLogger("somebody").warning("%d things with token=hush", 3)
    assert 'event="3 things with token=[hidden]"' in capsys.readouterr().err


def test_an_error_brings_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")
    try:
        raise RuntimeError("once")
    except RuntimeError:
        logs.get("test").exception("it failed")
    assert "RuntimeError: once" in json.loads(capsys.readouterr().err)["exception"]


def test_quiet_libraries_stay_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("keys")
    logging.getLogger("django.request").warning("Not Found: /x")
    logging.getLogger("django-q").info("a worker is ready")
    assert capsys.readouterr().err == ""


def test_a_request_without_an_id_gets_one_and_keeps_it() -> None:
    with logs.bound():
        structlog.contextvars.clear_contextvars()
        first = logs.request_id()
        assert len(first) == 32
        assert logs.request_id() == first


def test_a_line_that_cannot_be_written_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    full = Path("/dev/full").open("w", buffering=1)  # noqa: SIM115 (closing it fails)
    monkeypatch.setattr(sys, "stderr", full)
    logs.configure("keys")
    logs.get("test").info("nobody reads this")
    with suppress(OSError):
        full.close()
    logs.get("test").info("nor this")
