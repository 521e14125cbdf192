"""How pages write times, numbers and icons."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone

from reader.drawings import DRAWINGS
from reader.templatetags.marks import counted, roughly, script, thousands, took, when

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ("ago", "words"),
    [(timedelta(), "today 15:30"), (timedelta(days=1), "yesterday")],
)
def test_near_days_have_names(monkeypatch: pytest.MonkeyPatch, ago: timedelta, words: str) -> None:
    now = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)

    assert when(now - ago) == words


def test_other_days_have_dates_and_a_year_when_it_is_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 20, tzinfo=UTC))

    assert when(datetime(2026, 11, 2, tzinfo=UTC)) == "2 Nov"
    assert when(datetime(2024, 11, 2, tzinfo=UTC)) == "2 Nov 2024"
    assert when(None) == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (0, ""),
        (60, "about a minute"),
        (300, "about 5 min"),
        (2380, "about 40 min"),
        (7200, "about 2 h"),
    ],
)
def test_time_left_is_rough(seconds: float | None, words: str) -> None:
    assert roughly(seconds) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (None, ""),
        (timedelta(milliseconds=400), "under a second"),
        (timedelta(seconds=19), "19 s"),
        (timedelta(seconds=72), "1 min 12 s"),
        (timedelta(hours=2, minutes=5), "2 h 5 min"),
    ],
)
def test_time_spent_is_exact(span: timedelta | None, words: str) -> None:
    assert took(span) == words


def test_numbers_come_with_their_unit() -> None:
    assert thousands(12906) == "12,906"
    assert counted(1, "chapter,chapters") == "1 chapter"
    assert counted(0, "chapter,chapters") == "0 chapters"


@pytest.mark.parametrize(
    ("title", "language"),
    [("塩の道日記", "ja"), ("銀河", "ja"), ("달빛 기사", "ko"), ("Salt Road Diary", "")],
)
def test_a_title_tells_its_script(title: str, language: str) -> None:
    assert script(title) == language


@pytest.mark.parametrize("name", sorted(DRAWINGS))
def test_every_icon_is_hidden_from_screen_readers(name: str) -> None:
    drawn = Template("{% icon name %}").render(Context({"name": name}))

    assert 'aria-hidden="true"' in drawn
    assert "style" not in drawn
