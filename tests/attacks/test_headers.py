"""What every answer says to the browser that gets it, whoever gives the answer."""

import pytest
from django.conf import LazySettings

from kiremisu.outer.headers import guarded
from tests.attacks.asking import Sender
from tests.raw import scope

LIVE = pytest.mark.django_db(transaction=True)


@LIVE
def test_every_answer_is_guarded(as_alice: Sender, addresses: dict[str, str]) -> None:
    """Not framed, not guessed at, and telling other sites nothing of where one was."""
    for kind, address in addresses.items():
        for method in ("GET", "HEAD", "OPTIONS", "DELETE"):
            answer = as_alice.send(method, address)
            told, where = answer.headers, f"{kind}, {method}: {answer.status}"
            assert told["x-content-type-options"] == "nosniff", where
            assert told["referrer-policy"] in {"same-origin", "no-referrer"}, where
            assert told["x-frame-options"] == "DENY", where
            assert "frame-ancestors 'none'" in told["content-security-policy"], where
            assert "unsafe" not in told["content-security-policy"], where
            assert "strict-transport-security" not in told, where
            assert told["server"] == "granian", where


@LIVE
def test_an_answer_that_is_in_the_browser_already_is_guarded_too(
    as_alice: Sender, addresses: dict[str, str]
) -> None:
    for kind in ("the API", "a style sheet", "a page of a book"):
        known = as_alice.get(addresses[kind]).headers["etag"]
        again = as_alice.get(addresses[kind], if_none_match=known)
        assert (again.status, again.body) == (304, b""), kind
        assert {"x-content-type-options", "x-frame-options"} <= again.headers.keys(), kind


@LIVE
def test_what_nobody_may_keep_is_not_kept(as_alice: Sender, addresses: dict[str, str]) -> None:
    """No proxy between, and no browser after somebody else comes in, has what was one's own."""
    for kind in ("the API", "an export", "events", "a page of a book", "a book's file", "a cover"):
        assert "public" not in (told := as_alice.get(addresses[kind]).headers["cache-control"])
        assert "private" in told or "no-store" in told, kind


@LIVE
@pytest.mark.parametrize("kind", ["a page of a book", "a cover", "a book's file"])
def test_what_comes_out_of_a_book_may_do_nothing_when_opened_itself(
    as_alice: Sender, addresses: dict[str, str], kind: str
) -> None:
    told = as_alice.get(addresses[kind]).headers
    assert told["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert told["x-content-type-options"] == "nosniff"
    if kind == "a book's file":
        assert told["content-disposition"].startswith("attachment;")
    else:
        assert told["content-type"] in {"image/png", "image/webp"}


def secure(settings: LazySettings, **told: str) -> dict[bytes, bytes]:
    settings.SECURE_HSTS_SECONDS = 3600
    return dict(guarded([], scope("/", **told)))


def test_by_https_a_browser_is_told_to_keep_to_it(settings: LazySettings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    name = b"strict-transport-security"
    assert secure(settings, x_forwarded_proto="https")[name] == b"max-age=3600"
    assert name not in secure(settings, x_forwarded_proto="http")
    assert name not in secure(settings)


def test_what_anybody_says_of_https_is_not_believed(settings: LazySettings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = None
    assert b"strict-transport-security" not in secure(settings, x_forwarded_proto="https")


def test_an_answer_keeps_what_it_says_itself() -> None:
    own = [(b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; sandbox")]
    told = guarded(own, scope("/"))
    assert told[0] == own[0]
    assert len({name for name, _ in told}) == len(told)
