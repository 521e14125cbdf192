"""Secrets of other services: kept encrypted, used again, told nobody."""

import base64
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from kiremisu.accounts import vault
from kiremisu.accounts.models import AuditEntry, Secret, User
from kiremisu.lib.env import Misconfigured
from kiremisu.lib.errors import NotThere, Unavailable
from kiremisu.server.secrets import old_keys
from tests.asking import ROOT, Asker
from tests.operations import declared
from tests.saying import heard

pytestmark = pytest.mark.quick

NAME, VALUE = "mangadex_token", "canary-7f3a-of-the-harbour"
PATH = f"server/secrets/{NAME}"
OLD, NEW = "an older key, of forty letters or more 012", "a newer key, of forty letters or more 345"


def test_a_secret_is_kept_and_used_again(db: None) -> None:
    vault.put(NAME, VALUE)
    assert vault.opened(NAME) == VALUE
    vault.put(NAME, "another ☂")
    assert vault.opened(NAME) == "another ☂"
    vault.remove(NAME)
    assert vault.opened(NAME) is None


def test_only_known_secrets_are_kept(db: None) -> None:
    for verb in (lambda: vault.put("else", VALUE), lambda: vault.remove("else")):
        with pytest.raises(NotThere):
            verb()


def test_equal_secrets_do_not_look_alike(db: None) -> None:
    sealed = {bytes(vault.put(NAME, VALUE).sealed) for _ in range(3)}
    assert len(sealed) == 3


# ------------------------------------------------------------------------------- over the API


def test_it_is_told_whether_and_when_never_what(alice: User) -> None:
    (told,) = Asker(alice).get("server/secrets")
    assert (told["name"], told["is_set"], told["updated"]) == (NAME, False, None)
    told = Asker(alice).put(PATH, {"value": VALUE})
    assert (told["is_set"], told["updated"] is None) == (True, False)
    assert Asker(alice).get("server/secrets") == [told]
    Asker(alice).get(PATH, 405)
    Asker(alice).delete(PATH)
    Asker(alice).delete(PATH)
    assert not Secret.objects.exists()


@pytest.mark.parametrize("body", [{}, {"value": ""}, {"value": None}, {"value": "x" * 4097}])
def test_what_is_no_secret_is_refused(alice: User, body: dict[str, object]) -> None:
    Asker(alice).put(PATH, body, 422)
    Asker(alice).put("server/secrets/else", {"value": VALUE}, 404)


def test_nobody_else_looks_or_sets(bob: User) -> None:
    for asker, status in ((Asker(bob), 403), (Asker(), 401)):
        asker.get("server/secrets", status)
        asker.put(PATH, {"value": VALUE}, status)
        asker.delete(PATH, status)


# ----------------------------------------------------------------------------------- nowhere


def leaks(text: str) -> bool:
    plain = VALUE.encode()
    return any(form in text for form in (VALUE, plain.hex(), base64.b64encode(plain).decode()))


def everything_kept() -> Iterator[tuple[str, str]]:
    """Each table, and all its rows as text; bytes are hexadecimal in it."""
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT row::text FROM "{table}" AS row')
            yield table, "\n".join(text for (text,) in cursor.fetchall())


def test_the_database_does_not_hold_it_in_plain(alice: User) -> None:
    Asker(alice).put(PATH, {"value": VALUE})
    change = f"/admin/accounts/secret/{Secret.objects.get().pk}/change/"
    assert Asker(alice).client.post(change, {"value": VALUE}).status_code == 302
    kept = dict(everything_kept())
    assert len(kept) > 20
    assert NAME in kept["accounts_secret"]
    assert not [table for table, text in kept.items() if leaks(text)]
    AuditEntry.objects.create(act="test", about_name=VALUE)
    assert [table for table, text in everything_kept() if leaks(text)] == ["accounts_auditentry"]


def test_no_answer_and_no_page_tells_it(alice: User) -> None:
    Asker(alice).put(PATH, {"value": VALUE})
    Asker(alice).put(PATH, {"value": VALUE, "more": 1}, 422)
    client = Asker(alice).client
    asked = [one.path for one in declared() if one.method == "GET" and "{" not in one.path]
    paths = [f"{ROOT}{path}" for path in asked]
    paths += [f"{ROOT}/export/{name}.csv" for name in ("series", "chapters", "progress")]
    place = "/admin/accounts/secret/"
    paths += ["/admin/", place, f"{place}add/", f"{place}{Secret.objects.get().pk}/change/"]
    paths += ["/", "/activity", "/settings/keys"]
    assert len(paths) > 15
    for path in paths:
        answer = client.get(path)
        assert answer.status_code < 500
        assert not leaks(b"".join(answer).decode()), path


def test_no_log_line_tells_it(alice: User, caplog: pytest.LogCaptureFixture) -> None:
    with heard() as lines:
        Asker(alice).put(PATH, {"value": VALUE})
        Asker(alice).put(PATH, {"value": VALUE, "more": 1}, 422)
        Asker(alice).put("server/secrets/else", {"value": VALUE}, 404)
        vault.opened(NAME)
    assert not leaks(str(lines) + caplog.text)


def test_the_audit_log_says_that_it_was_set(alice: User) -> None:
    Asker(alice).put(PATH, {"value": VALUE})
    Asker(alice).delete(PATH)
    told = AuditEntry.objects.order_by("id").values_list("act", "about_name", "who_name")
    assert list(told) == [("secret.set", NAME, "alice"), ("secret.removed", NAME, "alice")]


# ------------------------------------------------------------------------------- on the desk


def test_the_desk_sets_changes_and_removes_it(alice: User) -> None:
    desk, place = Asker(alice).client, "/admin/accounts/secret/"
    assert desk.post(f"{place}add/", {"name": NAME, "value": VALUE}).status_code == 302
    assert vault.opened(NAME) == VALUE
    change = f"{place}{Secret.objects.get().pk}/change/"
    assert desk.post(change, {"value": "another"}).status_code == 302
    assert vault.opened(NAME) == "another"
    assert b"This field is required" in desk.post(change, {"value": ""}).content
    desk.post(f"{place}{Secret.objects.get().pk}/delete/", {"post": "yes"})
    assert vault.opened(NAME) is None


# ---------------------------------------------------------------------------------- new keys


def test_a_new_key_opens_what_the_old_one_sealed(db: None, settings: Settings) -> None:
    settings.SECRET_KEY = OLD
    vault.put(NAME, VALUE)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert vault.opened(NAME) == VALUE


def test_once_rotated_the_old_key_is_not_needed(db: None, settings: Settings) -> None:
    settings.SECRET_KEY = OLD
    set_at = vault.put(NAME, VALUE).updated
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    out = StringIO()
    call_command("rotate_secrets", stdout=out)
    assert out.getvalue() == "1 encrypted anew.\n"
    settings.SECRET_KEY_FALLBACKS = []
    assert vault.opened(NAME) == VALUE
    assert Secret.objects.get().updated == set_at


def test_without_its_key_a_secret_is_lost_and_says_so(db: None, settings: Settings) -> None:
    settings.SECRET_KEY = OLD
    vault.put(NAME, VALUE)
    settings.SECRET_KEY = NEW
    with pytest.raises(Unavailable, match="Set it again"):
        vault.opened(NAME)
    with pytest.raises(CommandError, match=NAME):
        call_command("rotate_secrets", stdout=StringIO())


def test_old_keys_are_keys_too() -> None:
    assert old_keys("") == []
    two = ["abcdefghij" * 4, "klmnopqrst" * 4]
    assert old_keys("\n".join(two)) == two
    with pytest.raises(Misconfigured, match="KIREMISU_OLD_SECRET_KEYS"):
        old_keys("too-short")
