"""What pages of other sites can make a browser do, and names under which nobody asked for us."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, Route

from kiremisu.accounts.models import ApiKey, User
from library.models import Chapter
from tests.asking import ROOT
from tests.attacks.asking import Sender
from tests.pages import filled, ids_of, paths

LIVE = pytest.mark.django_db(transaction=True)
EVIL = "http://evil.example"


# --------------------------------------------------------------------- forms of other sites


ANY = "019a4c1e-8f3b-7d20-9c55-3e1f60a7b842"
PAGES = [filled(path, dict.fromkeys(ids_of(path), ANY)) for path in paths()]


@pytest.mark.quick
def test_there_are_pages_to_post_to() -> None:
    assert len(PAGES) > 20
    assert not [path for path in PAGES if "<" in path]


@pytest.mark.quick
@pytest.mark.parametrize("path", PAGES)
def test_no_page_takes_a_form_that_is_not_ours(alice: User, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    answer = client.post(path, {"act": "erase", "done": "true", "next": "/"})
    assert answer.status_code == 403
    forged = client.post(path, {"csrfmiddlewaretoken": "a" * 64})
    assert forged.status_code == 403


@pytest.mark.quick
@pytest.mark.parametrize("path", ["/admin/", "/admin/accounts/user/add/", "/admin/logout/"])
def test_the_desk_takes_none_either(alice: User, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.post(path, {"username": "mallory"}).status_code == 403


@pytest.mark.quick
def test_the_session_is_no_script_s_and_goes_along_from_nowhere_else(bob: User) -> None:
    client = Client()
    client.post("/login", {"username": "bob", "password": "a quiet harbour"})
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


# ----------------------------------------------------------------------- scripts of others


@LIVE
def test_no_answer_lets_scripts_of_other_sites_read_it(
    as_alice: Sender, addresses: dict[str, str]
) -> None:
    """Neither as asked, nor before a request that changes something."""
    before = {"access_control_request_method": "PATCH", "access_control_request_headers": "x-a"}
    places = [*addresses.values(), f"{ROOT}/me", f"{ROOT}/auth/token", f"{ROOT}/uploads"]
    for origin in (EVIL, "null", "https://127.0.0.1.evil.example"):
        for place in places:
            for method, more in (("GET", {}), ("OPTIONS", before)):
                told = as_alice.send(method, place, origin=origin, **more).headers
                allowed = [name for name in told if name.startswith("access-control-")]
                assert not allowed, f"{method} {place}"


HOSTILE = """<!doctype html><title>evil</title>
<form id="f" method="post" action="{base}/api/v1/auth/logout" enctype="text/plain">
<input name='{{"everywhere": true, "x": "' value='"}}'></form>
<form id="g" method="post" action="{base}/logout"></form>"""
ATTACKS = """async (base) => {
  const tried = [
    ["/api/v1/me", {}],
    ["/api/v1/me", {method: "PATCH", body: '{"email": "m@evil.example"}',
      headers: {"Content-Type": "application/json"}}],
    ["/api/v1/auth/keys", {method: "POST", body: '{"name": "x", "scopes": ["admin"]}',
      headers: {"Content-Type": "text/plain"}, mode: "no-cors"}],
    ["/api/v1/auth/logout", {method: "POST", body: '{"everywhere": true}', mode: "no-cors"}],
  ];
  const read = [];
  for (const [path, options] of tried) {
    try {
      const answer = await fetch(base + path, {credentials: "include", ...options});
      read.push(answer.type === "opaque" ? "" : await answer.text());
    } catch { read.push(""); }
  }
  return read.join("");
}"""


@LIVE
@pytest.mark.browser
def test_a_page_of_another_origin_reads_nothing_and_changes_nothing(
    live: str, alice: User, client: Client, desktop: BrowserContext, page: Page
) -> None:
    """Of the same machine even, so that the browser sends the cookie along."""
    client.force_login(alice)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    desktop.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live}])

    def play(route: Route) -> None:
        route.fulfill(content_type="text/html", body=HOSTILE.format(base=live))

    page.route("http://127.0.0.1:9/**", play)
    page.goto("http://127.0.0.1:9/evil")
    assert page.evaluate(ATTACKS, live) == ""
    for form in ("f", "g"):
        with page.expect_navigation() as told:
            page.evaluate(f"document.getElementById('{form}').submit()")
        assert settings.SESSION_COOKIE_NAME in told.value.request.all_headers()["cookie"]
        assert told.value.status in {403, 415}
        page.goto("http://127.0.0.1:9/evil")
    page.goto(f"{live}/settings/keys")
    assert page.url == f"{live}/settings/keys"
    alice.refresh_from_db()
    assert (alice.email, alice.sign_in_version, ApiKey.objects.count()) == ("", 1, 0)


# --------------------------------------------------------------------------- whose name


@LIVE
@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", ""]
)
def test_nothing_is_told_under_a_name_that_is_not_ours(
    as_alice: Sender, addresses: dict[str, str], host: str
) -> None:
    for kind, address in addresses.items():
        if kind not in {"health", "readiness"}:
            told = as_alice.get(address, host=host)
            assert told.status == 400, f"{kind}: {told.status}"
            assert b"evil" not in told.raw, kind


@LIVE
def test_what_a_request_claims_of_its_host_reaches_no_answer(
    as_alice: Sender, addresses: dict[str, str]
) -> None:
    """So that a cache between cannot be filled with somebody else's address."""
    claims = {
        "x_forwarded_host": "evil.example",
        "x_forwarded_server": "evil.example",
        "x_forwarded_prefix": "/evil.example",
        "x_original_url": "/evil.example",
        "x_rewrite_url": "/evil.example",
        "forwarded": "host=evil.example;proto=https",
    }
    for kind, address in addresses.items():
        plain, told = as_alice.get(address), as_alice.get(address, **claims)
        assert told.status == plain.status, kind
        assert b"evil.example" not in told.raw, kind


@LIVE
def test_an_address_in_the_request_line_is_no_way_around_the_host(anybody: Sender) -> None:
    told = anybody.get("http://evil.example/api/v1/openapi.json")
    assert told.status in {400, 404}
    assert b"evil.example" not in told.raw


def test_a_book_is_opened_by_its_link_alone(
    transactional_db: None, anybody: Sender, addresses: dict[str, str], chapter: Chapter
) -> None:
    """The links stand for their reader: nothing else of a session goes along or comes back."""
    told = anybody.get(addresses["a page of a book"])
    assert told.status == 200
    assert "set-cookie" not in told.headers
    assert chapter.path.encode() not in told.raw
