"""Tokens that somebody made up, changed, or kept too long open nothing."""

from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.utils import timezone
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from kiremisu.accounts.models import User
from kiremisu.accounts.sessions import user_of
from tests.asking import Asker
from tests.kiremisu.accounts.test_api import sign_in, with_token

pytestmark = pytest.mark.quick

Claims = dict[str, Any]
OTHER = "another key, long enough for every algorithm that there is, and not ours"


def claims(token: str) -> Claims:
    """What a genuine token says."""
    told: Claims = jwt.decode(token, options={"verify_signature": False})
    return told


def parts(token: str) -> list[str]:
    return token.split(".")


def by_rsa(told: Claims) -> str:
    return jwt.encode(told, rsa.generate_private_key(65537, 2048), "RS256")


def with_its_key(told: Claims) -> str:
    """Signed with the key that its own header brings along."""
    key = {"kty": "oct", "k": "YW5vdGhlciBrZXk"}
    return jwt.encode(told, OTHER, "HS256", headers={"jwk": key, "kid": "../../dev/null"})


def named_rsa(told: Claims) -> str:
    """Our own algorithm, under the name of one whose key is public."""
    head = parts(jwt.encode(told, rsa.generate_private_key(65537, 2048), "RS256"))[0]
    body, signature = parts(jwt.encode(told, settings.SECRET_KEY, "HS256"))[1:]
    return f"{head}.{body}.{signature}"


FORGERIES: dict[str, Callable[[Claims], str]] = {
    "no algorithm": lambda told: jwt.encode(told, None, "none"),
    "no algorithm, spelt otherwise": lambda told: (
        "eyJhbGciOiJOb05lIiwidHlwIjoiSldUIn0." + parts(jwt.encode(told, OTHER))[1] + "."
    ),
    "RSA": by_rsa,
    "ours, called RSA": named_rsa,
    "a longer hash": lambda told: jwt.encode(told, settings.SECRET_KEY * 2, "HS512"),
    "a key of its own": with_its_key,
    "another key": lambda told: jwt.encode(told, OTHER, "HS256"),
    "an empty key": lambda told: jwt.encode(told, "\0" * 64, "HS256"),
    "no signature": lambda told: ".".join(parts(jwt.encode(told, OTHER))[:2]) + ".",
    "another token's signature": lambda told: ".".join(
        [*parts(jwt.encode(told, OTHER))[:2], parts(str(AccessToken()))[2]]
    ),
    "another server's": lambda told: jwt.encode(told | {"iss": "x"}, settings.SECRET_KEY, "HS256"),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_token_that_we_did_not_sign_opens_nothing(bob: User, forge: Callable[..., str]) -> None:
    tokens = sign_in()
    access, refresh = (forge(claims(tokens[kind])) for kind in ("access", "refresh"))
    assert with_token(access).get("me", 401)["code"] == "dead_token"
    assert user_of([(b"authorization", f"Bearer {access}".encode())]) is None
    assert Asker().post("auth/token/refresh", {"refresh": refresh}, 401)["code"] == "dead_token"
    with_token(tokens["access"]).get("me")


def test_a_token_that_says_something_else_opens_nothing(bob: User, alice: User) -> None:
    token = sign_in()["access"]
    head, _, signature = parts(token)
    other = parts(jwt.encode(claims(token) | {"user_id": str(alice.pk)}, OTHER))[1]
    with_token(f"{head}.{other}.{signature}").get("me", 401)


def signed(told: Claims) -> str:
    return jwt.encode(told, settings.SECRET_KEY, "HS256")


def test_what_is_signed_anew_as_it_was_opens(bob: User) -> None:
    """The others here are refused for what they say, not for how they are made."""
    with_token(signed(claims(sign_in()["access"]))).get("me")


HOUR = 3600
TIMES: dict[str, Callable[[float], Claims]] = {
    "over": lambda now: {"exp": now - 1},
    "not begun": lambda now: {"nbf": now + HOUR},
    "issued tomorrow": lambda now: {"iat": now + 24 * HOUR},
    "of another owner": lambda _: {"user_id": "019a4c1e-8f3b-7d20-9c55-3e1f60a7b842"},
    "of no owner": lambda _: {"user_id": None},
    "of a key that is none": lambda _: {"user_id": "' OR 1=1 --"},
    "of an older password": lambda _: {"hash_password": "x"},
    "from before a sign-out everywhere": lambda _: {"sign_in": 0},
    "of no kind": lambda _: {"token_type": None},
}


@pytest.mark.parametrize("change", TIMES.values(), ids=TIMES)
def test_a_token_that_does_not_hold_now_opens_nothing(
    bob: User, change: Callable[[float], Claims]
) -> None:
    tokens, now = sign_in(), timezone.now().timestamp()
    told = {kind: signed(claims(tokens[kind]) | change(now)) for kind in tokens}
    assert with_token(told["access"]).get("me", 401)["code"] == "dead_token"
    Asker().post("auth/token/refresh", {"refresh": told["refresh"]}, 401)


def test_a_refresh_token_that_no_sign_in_gave_is_none(bob: User) -> None:
    """Ours by its signature, and known to nobody: as after a restore of an older backup."""
    token = RefreshToken.for_user(bob)
    token.blacklist()
    Asker().post("auth/token/refresh", {"refresh": str(token)}, 401)
