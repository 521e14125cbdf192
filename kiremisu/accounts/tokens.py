"""Bearer tokens: a short access token, and a refresh token that works once."""

from functools import lru_cache
from typing import TypedDict
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from rest_framework.exceptions import APIException
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.serializers import (
    TokenBlacklistSerializer,
    TokenObtainPairSerializer,
    TokenRefreshSerializer,
)
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token, UntypedToken
from rest_framework_simplejwt.utils import get_md5_hash_password

from kiremisu.accounts import access, attempts
from kiremisu.accounts.models import User
from kiremisu.lib import logs
from kiremisu.lib.errors import Unauthenticated

log = logs.get(__name__)


class Pair(TypedDict):
    """30 minutes of access, and what gets the next pair within 7 days."""

    access: str
    refresh: str


class _Obtaining(TokenObtainPairSerializer):
    @classmethod
    def get_token(cls, user: User) -> Token:  # type: ignore[override] # ours alone
        token = super().get_token(user)
        token[_SIGN_IN] = user.sign_in_version
        return token


# The claim that ends a token with all others of its owner.
_SIGN_IN = "sign_in"
_PASSWORD = api_settings.REVOKE_TOKEN_CLAIM
# One sentence for every reason: whether a name exists is nobody's business.
_WRONG = "This name and password do not fit."
_DEAD = "This token is not valid any more. Sign in again."


def issue(username: str, password: str, address: str) -> Pair:
    """A pair of tokens for a name and its password.

    Raises Unauthenticated, and Throttled after too many wrong ones from this address.
    """
    attempts.begin(username, address)
    serializer = _Obtaining(data={"username": username, "password": password})
    try:
        with transaction.atomic():
            serializer.is_valid(raise_exception=True)
            pair = _pair(serializer.validated_data)
    except APIException:
        attempts.failed(username, address)
        raise Unauthenticated(_WRONG, code="wrong_credentials") from None
    attempts.passed(username, address)
    return pair


def renew(refresh: str) -> Pair:
    """A new pair for a refresh token, which is dead after that. Raises Unauthenticated.

    A token that comes again may have been stolen: then all its owner's refresh tokens die.
    """
    try:
        return _renewed(refresh)
    except Unauthenticated:
        _end_replayed(refresh)
        raise


@transaction.atomic
def _renewed(refresh: str) -> Pair:
    try:
        token = RefreshToken(refresh)  # type: ignore[arg-type] # the stubs forget text
        # Two renewals at once: the second waits here, then finds the token dead.
        list(OutstandingToken.objects.select_for_update(of=("self",)).filter(jti=token["jti"]))
        _person(token)
        serializer = TokenRefreshSerializer(data={"refresh": refresh})
        serializer.is_valid(raise_exception=True)
    except (TokenError, APIException, ValidationError, KeyError):
        raise Unauthenticated(_DEAD, code="dead_token") from None
    return _pair(serializer.validated_data)


@transaction.atomic
def _end_replayed(refresh: str) -> None:
    """Kill every refresh token of whose token this is, if it is genuine and was used before."""
    try:
        jti = UntypedToken(refresh)["jti"]  # type: ignore[arg-type] # the stubs forget text
    except (TokenError, KeyError):
        return
    used = BlacklistedToken.objects.filter(token__jti=jti).select_related("token").first()
    if used is None or used.token.user_id is None:
        return
    living = OutstandingToken.objects.filter(user_id=used.token.user_id, blacklistedtoken=None)
    BlacklistedToken.objects.bulk_create(
        [BlacklistedToken(token=token) for token in living.select_for_update(of=("self",))],
        ignore_conflicts=True,
    )
    log.warning("a used refresh token came again", user=str(used.token.user_id))


def revoke(refresh: str) -> None:
    """Kill a refresh token. One that is dead already, or never lived, is no matter."""
    serializer = TokenBlacklistSerializer(data={"refresh": refresh})
    try:
        serializer.is_valid()
    except (TokenError, ValidationError):
        return


def bearer(text: str) -> User:
    """Whose access token this is. Raises Unauthenticated."""
    try:
        token = _genuine(text, settings.SECRET_KEY)
        token.check_exp(current_time=timezone.now())
        known = access.recalled(UUID(str(token["user_id"])))
        # What is remembered may let somebody in; only the database turns them away.
        return known if known is not None and _fits(token, known) else _person(token)
    except (TokenError, APIException, ValidationError, KeyError, ValueError):
        raise Unauthenticated(_DEAD, code="dead_token") from None


def _person(token: AccessToken | RefreshToken) -> User:
    # Looks whether they are still active and their password still the same.
    user = JWTAuthentication().get_user(token)
    assert isinstance(user, User)
    if not _fits(token, user):
        raise TokenError("Its owner has signed out everywhere.")
    return user


def _fits(token: Token, user: User) -> bool:
    """Neither the password has changed since, nor has everybody been signed out."""
    # Tokens without it were issued before anybody could sign out everywhere.
    said = (token.get(_SIGN_IN, 1), token.get(_PASSWORD))
    return said == (user.sign_in_version, get_md5_hash_password(user.password))


@lru_cache(maxsize=1000)
def _genuine(text: str, _key: str) -> AccessToken:
    """A token that was good when it was first seen, signed with this key. Raises TokenError."""
    return AccessToken(text)  # type: ignore[arg-type] # the stubs forget text


def _pair(data: dict[str, str]) -> Pair:
    """What was issued; the database keeps its id alone, because the text opens the door."""
    token = RefreshToken(data["refresh"])  # type: ignore[arg-type] # the stubs forget text
    OutstandingToken.objects.filter(jti=token["jti"]).update(token="")
    return {"access": data["access"], "refresh": data["refresh"]}
