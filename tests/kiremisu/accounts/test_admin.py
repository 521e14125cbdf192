"""People on the curation desk."""

import pytest
from django.test import Client
from django.urls import reverse

from kiremisu.accounts.models import Role, User
from tests.cast import PASSWORD

pytestmark = pytest.mark.quick


@pytest.fixture
def desk(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


def standing(user: User, **changes: str) -> dict[str, str]:
    kept = {"username": user.username, "email": "", "role": user.role, "is_active": "on"}
    kept["highest_rating"] = user.highest_rating
    return {**kept, **changes}


def test_people_are_listed_with_their_role(desk: Client, bob: User) -> None:
    assert "Reader" in desk.get(reverse("admin:accounts_user_changelist")).content.decode()


def test_a_new_person_reads_unless_said_otherwise(desk: Client) -> None:
    form = {"username": "dora", "role": "reader", "password1": PASSWORD, "password2": PASSWORD}
    form |= {"usable_password": "true", "highest_rating": "safe"}
    assert desk.post(reverse("admin:accounts_user_add"), form).status_code == 302
    dora = User.objects.get(username="dora")
    assert (dora.role, dora.highest_rating, dora.is_staff) == (Role.READER, "safe", False)


def test_a_new_role_ends_links_and_opens_the_desk(desk: Client, bob: User) -> None:
    url = reverse("admin:accounts_user_change", args=[bob.pk])
    assert desk.post(url, standing(bob, role="admin")).status_code == 302
    bob.refresh_from_db()
    assert (bob.role, bob.is_staff, bob.access_version) == (Role.ADMIN, True, 2)


def test_a_new_address_ends_nothing(desk: Client, bob: User) -> None:
    url = reverse("admin:accounts_user_change", args=[bob.pk])
    assert desk.post(url, standing(bob, email="bob@example.org")).status_code == 302
    bob.refresh_from_db()
    assert (bob.email, bob.access_version) == ("bob@example.org", 1)


def test_a_new_password_ends_links(desk: Client, bob: User) -> None:
    url = reverse("admin:auth_user_password_change", args=[bob.pk])
    form = {"password1": "another harbour", "password2": "another harbour"}
    assert desk.post(url, form | {"usable_password": "true"}).status_code == 302
    bob.refresh_from_db()
    assert bob.check_password("another harbour")
    assert bob.access_version == 2


def test_links_can_be_ended_from_the_list(desk: Client, bob: User) -> None:
    url = reverse("admin:accounts_user_changelist")
    desk.post(url, {"action": "end_links", "_selected_action": [str(bob.pk)]})
    bob.refresh_from_db()
    assert bob.access_version == 2


def test_readers_have_no_desk(bob: User) -> None:
    client = Client()
    client.force_login(bob)
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 302


def test_a_filter_with_a_nul_breaks_nothing(desk: Client) -> None:
    url = reverse("admin:accounts_user_changelist")
    assert desk.get(f"{url}?role__exact=%00").status_code == 400


@pytest.mark.parametrize("changes", [{"role": "reader"}, {"is_active": ""}])
def test_the_last_administrator_stays_one(
    desk: Client, alice: User, changes: dict[str, str]
) -> None:
    url = reverse("admin:accounts_user_change", args=[alice.pk])
    assert b"Make another one first" in desk.post(url, standing(alice, **changes)).content
    alice.refresh_from_db()
    assert (alice.role, alice.is_active) == (Role.ADMIN, True)


def test_the_last_administrator_cannot_be_removed(desk: Client, alice: User, bob: User) -> None:
    def removed(user: User) -> int:
        url = reverse("admin:accounts_user_delete", args=[user.pk])
        return desk.post(url, {"post": "yes"}).status_code

    assert removed(alice) == 403
    people = {"action": "delete_selected", "_selected_action": [str(alice.pk)], "post": "yes"}
    desk.post(reverse("admin:accounts_user_changelist"), people)
    assert User.objects.filter(pk=alice.pk).exists()
    assert removed(bob) == 302


def test_of_two_administrators_one_may_go(desk: Client, alice: User, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(role=Role.ADMIN)
    url = reverse("admin:accounts_user_change", args=[alice.pk])
    assert desk.post(url, standing(alice, role="reader")).status_code == 302
