"""Which pages may open a WebSocket with somebody's session cookie."""

import pytest
from pytest_django import Settings

from kiremisu.accounts.origins import is_ours

pytestmark = pytest.mark.quick
HOST = "manga.example:5473"


@pytest.mark.parametrize(
    "origin",
    ["http://manga.example:5473", "https://manga.example:5473", "http://MANGA.example:5473"],
)
def test_a_page_under_the_same_name_is_ours(origin: str) -> None:
    assert is_ours(origin, HOST)


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "http://evil.example",
        "http://manga.example",
        "http://manga.example:5473.evil.example",
        "http://evil.example/manga.example:5473",
        "http://manga.example:5473@evil.example",
        "file://manga.example:5473",
        "//manga.example:5473",
        "http://[",
    ],
)
def test_any_other_page_is_not(origin: str) -> None:
    assert not is_ours(origin, HOST)


def test_no_host_is_nobodys() -> None:
    assert not is_ours("http://", "")


def test_where_people_come_by_https_only_a_page_by_http_is_not_ours(settings: Settings) -> None:
    settings.SESSION_COOKIE_SECURE = True
    assert is_ours("https://manga.example:5473", HOST)
    assert not is_ours("http://manga.example:5473", HOST)


def test_a_trusted_origin_is_ours(settings: Settings) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://read.example", "https://*.manga.example"]
    for origin in ("https://read.example", "https://a.manga.example"):
        assert is_ours(origin, HOST)
    for origin in ("http://read.example", "https://manga.example.evil.example"):
        assert not is_ours(origin, HOST)
