"""What all operations of the API have in common."""

import pytest
from django.test import Client

from kiremisu.accounts.models import User
from tests.asking import ROOT, Asker

pytestmark = pytest.mark.quick


def test_an_unknown_path_is_a_problem(db: None) -> None:
    assert Asker().get("nothing/here", 404)["code"] == "not_found"


def test_without_credentials_nothing_is_told(db: None) -> None:
    told = Asker().get("series", 401)
    assert told["code"] == "unauthenticated"


def test_the_wrong_method_is_a_problem_that_says_the_right_ones(alice: User) -> None:
    asker = Asker(alice)
    assert asker.delete("series", 405)["code"] == "method_not_allowed"
    assert asker.client.delete(f"{ROOT}/series")["Allow"] == "GET"
