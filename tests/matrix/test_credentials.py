"""What is a credential in one place is none in another, at any operation."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client

from kiremisu.accounts import keys, links, tokens
from kiremisu.accounts.models import ApiKey
from library.models import Chapter, Series
from tests.matrix.calling import Caller, ask, realms_of
from tests.matrix.stage import PASSWORD, Stage
from tests.operations import declared

pytestmark = pytest.mark.django_db

GUARDED = [one for one in declared() if one.need is not None]


def misused(stage: Stage) -> Iterator[Caller]:
    """Genuine credentials of an administrator, each where another kind belongs."""
    admin = stage.users["admin"]
    pair = tokens.issue("admin", PASSWORD, "192.0.2.7")
    key = keys.make(admin, "misused", ["admin"])[1]
    page = links.page_url(admin, stage.of("open", Chapter).pk, 1).rpartition("/")[2]
    client = Client()
    client.force_login(admin)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    dead = keys.make(admin, "dead", ["admin"])[1]
    ApiKey.objects.filter(name="dead").delete()
    for name, text in {
        "a refresh token": pair["refresh"],
        "an API key": key,
        "a signed link": page,
        "a session's key": session,
        "nothing": "",
    }.items():
        yield Caller(f"{name} as access token", headers={"authorization": f"Bearer {text}"})
    for name, text in {
        "an access token": pair["access"],
        "a refresh token": pair["refresh"],
        "a signed link": page,
        "a session's key": session,
        "a revoked key": dead,
    }.items():
        yield Caller(f"{name} as API key", headers={"x-api-key": text})
    cookie = f"{settings.SESSION_COOKIE_NAME}={pair['access']}"
    yield Caller("an access token as session", headers={"cookie": cookie})


def test_a_credential_in_the_wrong_place_opens_nothing(stage: Stage) -> None:
    wrong = list(misused(stage))
    opened = [
        f"{one} with {caller.name}: {answer.status}"
        for one in GUARDED
        for caller in wrong
        if (answer := ask(stage, one, realms_of(stage, one)[0], caller)).status != 401
    ]
    assert not opened, "\n".join(opened)


@pytest.mark.parametrize("kind", ["access", "key", "link"])
def test_only_a_refresh_token_is_renewed(stage: Stage, kind: str) -> None:
    admin = stage.users["admin"]
    text = {
        "access": lambda: tokens.issue("admin", PASSWORD, "192.0.2.7")["access"],
        "key": lambda: keys.make(admin, "renewed", ["admin"])[1],
        "link": lambda: links.file_url(admin, stage.of("open", Chapter).pk).rpartition("/")[2],
    }[kind]()
    answer = Client().post(
        "/api/v1/auth/token/refresh", {"refresh": text}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "dead_token")


def test_a_session_changes_nothing_without_its_csrf_token(stage: Stage) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(stage.users["admin"])
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    caller = Caller("a session alone", headers={"cookie": cookie})
    for one in GUARDED:
        answer = ask(stage, one, realms_of(stage, one)[0], caller)
        if one.method != "GET":
            assert (answer.status, answer.json["code"]) == (403, "csrf_failed"), one


def test_the_stage_has_something_of_everything(stage: Stage) -> None:
    assert stage.of("hidden", Series).title.endswith(stage.realms["hidden"].word)
    assert len({realm.word for realm in stage.realms.values()}) == len(stage.realms)
