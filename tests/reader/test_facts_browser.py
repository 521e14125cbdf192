"""A field, a run and a day are undone in a browser."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job
from kiremisu.jobs.running import run_now
from kiremisu.lib.ids import uuid7
from library.models import FactChange, Series
from tests.factories import make_library, make_series
from tests.library.test_knowing import RUN, learn, shown

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def series(db: None) -> Series:
    """Told of on the first of March, and again in another run."""
    series = make_series(make_library())
    learn(series, year=1999)
    FactChange.objects.update(created=datetime(2026, 3, 1, 12, tzinfo=UTC))
    learn(series, run=uuid7(), year=1999, status="ongoing", summary="About salt.")
    return series


@pytest.fixture
def facts(
    alice: User, client: Client, series: Series, desktop: BrowserContext, page: Page, live: str
) -> Page:
    """The page of its facts, as a curator opens it."""
    client.force_login(alice)
    name = settings.SESSION_COOKIE_NAME
    desktop.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live}])
    page.goto(f"{live}/series/{series.pk}/facts")
    return page


def test_a_field_a_run_and_a_day_are_undone(facts: Page, series: Series) -> None:
    here = facts.url
    facts.get_by_role("button", name="Undo this change of Summary").click()
    expect(facts.get_by_text("4 changes")).to_be_visible()
    assert shown(series, "summary", "status") == ("", "ongoing")
    facts.get_by_role("button", name="Undo all that was changed with Status").click()
    expect(facts).to_have_url(f"{here.split('/series')[0]}/activity")
    run_now(Job.objects.get(kind="undo"))
    assert shown(series, "status", "year") == ("", 1999)
    facts.goto(here)
    facts.get_by_text("Undo a day").click()
    facts.get_by_label("All that was changed in every series on").fill("2026-03-01")
    facts.get_by_role("button", name="Undo that day").click()
    expect(facts.get_by_role("heading", name="Activity").first).to_be_visible()
    run_now(Job.objects.get(kind="undo", raw_arguments__day="2026-03-01"))
    assert shown(series, "year") is None
    assert FactChange.objects.filter(run=RUN).exists()
