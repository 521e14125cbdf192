"""The first administrator."""

import pytest

from kiremisu.accounts import setup
from kiremisu.accounts.models import Role, User
from kiremisu.lib.errors import Conflict, Invalid, NotThere

pytestmark = [pytest.mark.django_db, pytest.mark.quick]


def test_the_token_makes_the_first_administrator() -> None:
    user = setup.create_first_administrator(setup.issue_token(), "mika", "a quiet harbour")
    assert user.role == Role.ADMIN
    assert user.check_password("a quiet harbour")
    assert not setup.is_needed()


def test_a_token_works_once() -> None:
    token = setup.issue_token()
    setup.create_first_administrator(token, "mika", "a quiet harbour")
    assert not setup.token_fits(token)


def test_a_newer_token_replaces_the_older() -> None:
    older, newer = setup.issue_token(), setup.issue_token()
    assert not setup.token_fits(older)
    assert setup.token_fits(newer)


def test_a_wrong_token_makes_nobody() -> None:
    setup.issue_token()
    with pytest.raises(NotThere):
        setup.create_first_administrator("guessed", "mika", "a quiet harbour")
    assert not User.objects.exists()


def test_there_is_only_one_first_administrator(bob: User) -> None:
    token = setup.issue_token()
    with pytest.raises(Conflict):
        setup.create_first_administrator(token, "mika", "a quiet harbour")


@pytest.mark.parametrize(
    ("name", "password", "field"),
    [
        ("mika", "short", "password"),
        ("no spaces", "a quiet harbour", "username"),
        ("", "a quiet harbour", "username"),
    ],
)
def test_an_unfit_account_says_which_field(name: str, password: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        setup.create_first_administrator(setup.issue_token(), name, password)
    assert field in {error.field for error in refused.value.errors}
    assert setup.is_needed()
