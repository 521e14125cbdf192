"""What is written down for good: who came in, and who changed what others may do."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from kiremisu.accounts import attempts, audit, keys, people
from kiremisu.accounts.models import AuditEntry, User
from kiremisu.lib.errors import Conflict
from library import curation
from library.models import Library
from tests.asking import ROOT, Asker
from tests.cast import PASSWORD
from tests.factories import make_series

pytestmark = pytest.mark.quick


def acts() -> list[str]:
    """What was written down, the oldest first."""
    return list(AuditEntry.objects.order_by("id").values_list("act", flat=True))


def last() -> AuditEntry:
    return AuditEntry.objects.latest("id")


# ----------------------------------------------------------------------------- only grows


@pytest.mark.parametrize(
    "statement",
    ["UPDATE accounts_auditentry SET act = 'x'", "DELETE FROM accounts_auditentry"],
)
def test_the_database_refuses_to_change_it(bob: User, statement: str) -> None:
    audit.note("user.made", bob)
    with (
        pytest.raises(DatabaseError, match="only added to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert acts() == ["user.made"]


def test_it_outlives_whom_it_is_about(alice: User, bob: User) -> None:
    Asker(alice).delete(f"users/{bob.pk}")
    entry = last()
    assert (entry.act, entry.about, entry.about_name) == ("user.removed", bob.pk, "bob")
    assert (entry.who, entry.who_name) == (alice.pk, "alice")


def test_what_is_undone_was_never_written(alice: User) -> None:
    with pytest.raises(Conflict):
        people.administer(alice, email="a@example.org", is_active=False)
    assert acts() == []


# --------------------------------------------------------------------------- what is kept


def test_it_says_who_from_where_about_what_and_in_which_request(alice: User, bob: User) -> None:
    client = Client(REMOTE_ADDR="192.0.2.7")
    client.force_login(alice)
    body = {"role": "curator", "password": "a lamp at sea"}
    answer = client.patch(f"{ROOT}/users/{bob.pk}", body, "application/json")
    assert answer.status_code == 200
    entry = AuditEntry.objects.get(act="user.changed")
    assert (entry.who, entry.address, entry.about) == (alice.pk, "192.0.2.7", bob.pk)
    (changed,) = entry.changes.fields
    assert (changed.field, changed.before, changed.after) == ("role", "reader", "curator")
    assert entry.request_id
    assert "user.password" in acts()
    assert "lamp" not in str(list(AuditEntry.objects.values()))


def test_sign_ins_are_kept_passed_failed_and_guarded(bob: User) -> None:
    wrong = {"username": "bob", "password": "wrong"}
    Asker().post("auth/token", {**wrong, "password": PASSWORD})
    assert (last().act, last().who) == ("sign-in.passed", bob.pk)
    for _ in range(attempts.AT_ONE_NAME):
        Asker().post("auth/token", wrong, 401)
    assert (last().act, last().who, last().about) == ("sign-in.failed", None, bob.pk)
    for _ in range(3):
        Asker().post("auth/token", wrong, 429)
    assert acts().count("sign-in.guarded") == 1
    assert last().address == "127.0.0.1"


def test_what_was_typed_for_a_name_is_not_kept(bob: User) -> None:
    Asker().post("auth/token", {"username": "my secret phrase", "password": "x"}, 401)
    assert (last().act, last().about, last().about_name) == ("sign-in.failed", None, "")
    assert "phrase" not in str(list(AuditEntry.objects.values()))


def test_a_sign_in_over_the_pages_is_kept(bob: User, client: Client) -> None:
    client.post("/login", {"username": "bob", "password": "wrong"})
    client.post("/login", {"username": "bob", "password": PASSWORD})
    assert acts() == ["sign-in.failed", "sign-in.passed"]


def test_keys_are_kept_without_their_text(bob: User) -> None:
    key, text = keys.make(bob, "Script", ["read"])
    keys.revoke(key)
    assert acts() == ["key.made", "key.revoked"]
    assert text not in str(list(AuditEntry.objects.values()))
    assert last().about_name.startswith("Script")


@pytest.mark.parametrize(
    ("method", "path", "body", "act"),
    [
        ("patch", "libraries/{library}", {"open_to_all": True}, "library.changed"),
        ("delete", "libraries/{library}", None, "library.forgotten"),
        ("delete", "series/{series}", None, "series.hidden"),
        ("patch", "users/{bob}", {"libraries": []}, "user.libraries"),
        ("post", "users", {"username": "dora", "password": PASSWORD}, "user.made"),
        ("patch", "users/{bob}", {"is_active": False}, "user.signed-out"),
    ],
)
def test_what_changes_what_others_may_do_is_kept(
    alice: User, bob: User, private: Library, method: str, path: str, body: Any, act: str
) -> None:
    ids = {"library": private.pk, "series": make_series(private).pk, "bob": bob.pk}
    client = Asker(alice).client
    send = getattr(client, method)
    answer = send(f"{ROOT}/{path.format(**ids)}", body or {}, content_type="application/json")
    assert answer.status_code < 300
    assert (last().act, last().who_name) == (act, "alice")


def test_a_library_that_is_added_is_kept_and_who_added_it(alice: User, tmp_path: Path) -> None:
    Asker(alice).post("libraries", {"root": str(tmp_path)}, 201)
    assert (last().act, last().who) == ("library.added", alice.pk)


def test_a_restored_series_is_kept(alice: User, private: Library) -> None:
    series = make_series(private)
    curation.hide_series(series)
    curation.restore_series(alice, series.pk)
    assert acts() == ["series.hidden", "series.restored"]
    assert (last().who, last().about_name) == (None, series.title)


# ----------------------------------------------------------------------------- looking at it


def test_administrators_read_it_the_newest_first(alice: User, bob: User) -> None:
    audit.note("user.made", bob, who=alice, changed={"role": ("", "reader")})
    audit.note("key.made", bob)
    told = Asker(alice).get("audit", per_page=1, page=2)
    assert (told["total"], told["has_next"]) == (2, False)
    (entry,) = told["items"]
    assert (entry["act"], entry["who"], entry["about"]) == ("user.made", str(alice.pk), str(bob.pk))
    assert entry["changed"] == [{"field": "role", "before": "", "after": "reader"}]
    assert entry["created"] == entry["updated"]


def test_it_can_be_asked_about_acts_people_and_times(alice: User, bob: User) -> None:
    audit.note("user.made", bob, who=alice)
    audit.note("key.made", alice, who=bob)
    later = (timezone.now() + timedelta(minutes=1)).isoformat()
    for query, count in (
        ({"act": "key.made"}, 1),
        ({"who": str(alice.pk)}, 1),
        ({"about": str(alice.pk)}, 1),
        ({"since": later}, 0),
        ({"until": later}, 2),
    ):
        assert Asker(alice).get("audit", **query)["total"] == count
    for wrong in ({"who": "bob"}, {"since": "yesterday"}, {"page": 0}):
        Asker(alice).get("audit", 422, **wrong)


def test_nobody_else_reads_it(bob: User) -> None:
    Asker(bob).get("audit", 403)
    Asker().get("audit", 401)
    audit.note("user.made", bob)
    assert not AuditEntry.objects.visible_to(bob).exists()


def test_the_desk_shows_it_and_lets_nobody_change_it(alice: User, bob: User) -> None:
    audit.note("user.changed", bob, who=alice, changed={"role": ("reader", "curator")})
    desk, place = Asker(alice).client, "/admin/accounts/auditentry/"
    assert "reader → curator" in desk.get(place).content.decode()
    entry = f"{place}{last().pk}/"
    assert b"user.changed" in desk.get(f"{entry}change/").content
    assert desk.get(f"{place}add/").status_code == 403
    assert desk.post(f"{entry}change/", {"act": "x"}).status_code == 403
    assert desk.post(f"{entry}delete/", {"post": "yes"}).status_code == 403


def test_what_is_done_on_the_desk_is_kept(alice: User, charlie: User, private: Library) -> None:
    place = f"/admin/library/library/{private.pk}/change/"
    access = {"access-TOTAL_FORMS": 1, "access-INITIAL_FORMS": 0, "access-0-user": charlie.pk}
    form = {"name": "Private", "kind": "manga", "access-0-library": private.pk}
    answer = Asker(alice).client.post(place, form | access)
    assert answer.status_code == 302
    (changed,) = last().changes.fields
    assert (last().act, last().who) == ("library.people", alice.pk)
    assert (changed.before, changed.after) == ("bob", "bob, charlie")
    assert [User.objects.get(pk=user.pk).access_version for user in (alice, charlie)] == [1, 2]
