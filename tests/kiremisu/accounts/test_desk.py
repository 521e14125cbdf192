"""Who may come to the curation desk, and what it lets them ask."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from kiremisu.accounts.desk import Desk, lists
from kiremisu.accounts.models import Role, User
from kiremisu.jobs.models import Job, State
from kiremisu.jobs.queue import enqueue
from library.models import Library
from tests.cast import PASSWORD
from tests.factories import make_library, make_series

pytestmark = [pytest.mark.quick, pytest.mark.django_db]


@pytest.fixture
def dora() -> User:
    return User.objects.create_user("dora", password=PASSWORD, role=Role.CURATOR)


@pytest.fixture
def desk(client: Client, dora: User) -> Client:
    client.force_login(dora)
    return client


def test_curators_come_in_by_the_desk_s_own_door(client: Client, dora: User) -> None:
    told = {"username": "dora", "password": PASSWORD, "next": "/admin/"}
    assert client.post("/admin/login/", told).status_code == 302
    assert client.get("/admin/").status_code == 200


def test_readers_do_not(client: Client, bob: User) -> None:
    told = {"username": "bob", "password": PASSWORD, "next": "/admin/"}
    assert b"not a curator" in client.post("/admin/login/", told).content
    client.force_login(bob)
    assert client.get("/admin/").status_code == 302


def test_nothing_stands_there_that_knows_no_permission() -> None:
    assert all(isinstance(one, Desk) for one in admin.site._registry.values())


@pytest.mark.parametrize(
    "path", ["accounts/user", "accounts/secret", "accounts/auditentry", "metadata/watch"]
)
def test_what_is_the_administrators_is_no_curator_s(desk: Client, path: str) -> None:
    assert desk.get(f"/admin/{path}/").status_code == 403
    assert path.encode() not in desk.get("/admin/").content


def test_curators_are_not_told_where_libraries_lie(desk: Client) -> None:
    library = make_library()
    shown = desk.get(reverse("admin:library_library_changelist")).content
    shown += desk.get(reverse("admin:library_library_change", args=[library.pk])).content
    assert b"Manga" in shown
    assert b"/srv/" not in shown


def test_nor_may_they_find_out_letter_by_letter(desk: Client) -> None:
    make_library()
    assert desk.get("/admin/library/library/?root__startswith=/srv").status_code == 400
    page = desk.get("/admin/library/library/?q=srv")
    assert page.context["cl"].result_count == 0


def test_curators_change_no_library(desk: Client) -> None:
    library = make_library()
    address = reverse("admin:library_library_change", args=[library.pk])
    assert desk.post(address, {"name": "Mine", "kind": "manga"}).status_code == 403
    assert Library.objects.get().name == "Manga"


def test_curators_call_off_what_they_asked_for_alone(desk: Client, dora: User, alice: User) -> None:
    mine, hers = enqueue("check", asked_by=dora), enqueue("check", asked_by=alice)
    told = {"action": "cancel", "_selected_action": [str(mine.pk), str(hers.pk)]}
    said = desk.post(reverse("admin:jobs_job_changelist"), told, follow=True).content
    assert b"not asked for by you" in said
    assert [one.state for one in Job.objects.order_by("pk")] == [State.CANCELLED, State.QUEUED]


def test_what_nobody_can_have_chosen_breaks_nothing(desk: Client) -> None:
    told = {"action": "hide", "_selected_action": ["no id"]}
    assert desk.post("/admin/library/series/", told).status_code == 302


def test_a_new_password_at_the_desk_ends_links(desk: Client, dora: User) -> None:
    new = "another harbour"
    told = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert desk.post("/admin/password_change/", told).status_code == 302
    dora.refresh_from_db()
    assert (dora.access_version, dora.check_password(new)) == (2, True)


def test_a_long_list_has_its_first_and_its_last_rows(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(alice)
    monkeypatch.setattr(lists, "MOST", 100)
    library = make_library()
    for number in range(130):
        make_series(library, f"Tale {number:03}")

    def shown(page: str) -> list[str]:
        found = client.get(f"/admin/library/series/?p={page}").context["cl"]
        return [found.result_list[0].title[-3:], found.result_list[-1].title[-3:]]

    assert [shown("1"), shown("2")] == [["000", "049"], ["050", "099"]]
    assert [shown("-1"), shown("-2")] == [["080", "129"], ["030", "079"]]
    assert b"More than 100 series" in client.get("/admin/library/series/").content
    assert client.get("/admin/library/series/?p=3").status_code == 302


def test_a_list_is_sorted_by_what_has_an_index(client: Client, alice: User) -> None:
    client.force_login(alice)
    library = make_library()
    for title, many in (("Iron", 3), ("Moss", 9), ("Salt", 6)):
        make_series(library, title, chapter_count=many)
    columns = client.get("/admin/library/series/").context["cl"].list_display

    def sorted_by(name: str) -> list[str]:
        asked = f"/admin/library/series/?o=-{columns.index(name)}"
        return [one.title for one in client.get(asked).context["cl"].result_list]

    assert sorted_by("here") == ["Moss", "Salt", "Iron"]
    assert sorted_by("rating") == ["Iron", "Moss", "Salt"]
