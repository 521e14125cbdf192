"""The access version: what ends a person's links, and how processes learn of it."""

import pytest
from django.db import transaction

from kiremisu.accounts import access, people
from kiremisu.accounts.models import User
from kiremisu.lib.errors import Invalid
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nothing_known() -> None:
    access.forget(access.EVERYBODY)


def test_a_version_is_remembered(bob: User) -> None:
    assert access.remembered(bob.pk) is None
    assert access.version_of(bob.pk) == 1
    assert access.remembered(bob.pk) == 1


def test_a_raise_is_known_at_once_where_it_was_made(bob: User) -> None:
    access.version_of(bob.pk)
    access.raise_version(bob)
    assert access.remembered(bob.pk) is None
    assert access.version_of(bob.pk) == bob.access_version == 2


def test_a_raise_that_is_rolled_back_never_was(bob: User) -> None:
    access.version_of(bob.pk)
    with transaction.atomic():
        access.raise_version(bob)
        transaction.set_rollback(True)
    assert access.remembered(bob.pk) == 1


def test_who_may_not_sign_in_has_a_version_that_no_link_carries(bob: User) -> None:
    people.administer(bob, is_active=False)
    assert access.version_of(bob.pk) == 0


def test_everybodys_links_can_be_ended(bob: User, charlie: User) -> None:
    access.version_of(bob.pk)
    access.raise_everybodys()
    assert access.remembered(bob.pk) is None
    assert (access.version_of(bob.pk), access.version_of(charlie.pk)) == (2, 2)


def test_a_new_password_ends_links(bob: User) -> None:
    people.change(bob, password="another harbour", current_password=PASSWORD)
    assert bob.access_version == 2
    assert bob.check_password("another harbour")


def test_a_new_password_wants_the_old_one(bob: User) -> None:
    with pytest.raises(Invalid) as caught:
        people.change(bob, password="another harbour", current_password="wrong")
    assert caught.value.errors[0].field == "current_password"


def test_a_poor_password_is_refused(bob: User) -> None:
    with pytest.raises(Invalid) as caught:
        people.change(bob, password="12345678", current_password=PASSWORD)
    assert caught.value.errors[0].field == "password"
    assert User.objects.get(pk=bob.pk).check_password(PASSWORD)
