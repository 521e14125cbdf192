"""A browser whose connection is cut comes back by itself and misses nothing."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page

from kiremisu.accounts.models import User
from kiremisu.jobs.events import announce
from library.models import Library
from tests.cutting import Way, way_to
from tests.factories import make_library
from tests.kiremisu.jobs.streams import cookie_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOLLOWING = {
    "EventSource": """() => {
        window.heard = [];
        const events = new EventSource("/api/v1/events");
        events.addEventListener("library", ({ data }) => heard.push(JSON.parse(data).id));
        return new Promise((open) => { events.onopen = open; }).then(() => true);
    }""",
    # As docs/api.md shows it.
    "WebSocket": """() => new Promise((followed) => {
        window.heard = [];
        let last = "";
        (function connect() {
            const socket = new WebSocket(`ws://${location.host}/ws/events`);
            socket.onopen = () => socket.send(JSON.stringify(
                { type: "subscribe", topics: ["library"], ...(last && { since: last }) }));
            socket.onmessage = ({ data }) => {
                const told = JSON.parse(data);
                const counts = told.type === "resync" || told.type === "event";
                if (counts || !last) last = told.id ?? last;
                if (told.type === "event") heard.push(told.data.id);
                if (told.type === "subscribed") followed(true);
            };
            socket.onclose = ({ code }) => { if (code !== 1008) setTimeout(connect, 200); };
        })();
    })""",
}


@pytest.fixture
def way(live: str) -> Iterator[Way]:
    with way_to(int(live.rpartition(":")[2])) as way:
        yield way


@pytest.fixture
def bobs(page: Page, desktop: BrowserContext, way: Way, bob: User) -> Page:
    """A page on which Bob is signed in, reached by the way."""
    name, _, value = cookie_of(bob).partition("=")
    base = f"http://127.0.0.1:{way.port}"
    assert name == settings.SESSION_COOKIE_NAME
    desktop.add_cookies([{"name": name, "value": value, "url": base}])
    page.goto(f"{base}/notes")
    return page


@pytest.fixture
def libraries(db: None) -> list[Library]:
    return [make_library(f"Manga {number}") for number in range(3)]


def heard(page: Page, ids: list[UUID]) -> None:
    """Waits until the page has heard these, in this order, and nothing else."""
    wanted = [str(each) for each in ids]
    page.wait_for_function("wanted => heard.length >= wanted.length", arg=wanted)
    assert page.evaluate("heard") == wanted


@pytest.mark.parametrize("kind", FOLLOWING)
def test_a_browser_that_comes_back_has_missed_nothing(
    bobs: Page, way: Way, libraries: list[Library], kind: str
) -> None:
    first, second, third = (library.pk for library in libraries)
    bobs.evaluate(FOLLOWING[kind])
    announce("library", first)
    heard(bobs, [first])
    way.cut()
    announce("library", second)
    way.mend()
    heard(bobs, [first, second])
    announce("library", third)
    heard(bobs, [first, second, third])
