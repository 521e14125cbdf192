"""Changing what is known of a person."""

from collections.abc import Callable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from kiremisu.accounts import access
from kiremisu.accounts.models import Role, User
from kiremisu.lib.errors import FieldError, Invalid


@transaction.atomic
def change(
    user: User,
    email: str | None = None,
    password: str | None = None,
    current_password: str | None = None,
) -> User:
    """Change what a person may change of themself; None leaves it. Raises Invalid."""
    if email is not None:
        _check("email", lambda: validate_email(email) if email else None)
        user.email = email
        user.save(update_fields=["email", "updated"])
    if password is not None:
        if not user.check_password(current_password or ""):
            wrong = FieldError("current_password", "This is not the password in use.")
            raise Invalid("The password in use does not fit.", errors=(wrong,))
        set_password(user, password)
    return user


@transaction.atomic
def set_password(user: User, password: str) -> None:
    """A new password: sessions, tokens and signed links of before end. Raises Invalid."""
    _check("password", lambda: validate_password(password, user))
    user.set_password(password)
    user.save(update_fields=["password", "updated"])
    access.raise_version(user)


@transaction.atomic
def set_standing(user: User, role: Role, is_active: bool) -> None:
    """What they may do, and whether they may come in at all; their links of before end."""
    user.role, user.is_active = role, is_active
    # Django's own pages ask for these.
    user.is_staff = user.is_superuser = role == Role.ADMIN
    user.save(update_fields=["role", "is_active", "is_staff", "is_superuser", "updated"])
    access.raise_version(user)


def is_last_administrator(user: User) -> bool:
    """Nobody else could look after this server."""
    others = User.objects.filter(role=Role.ADMIN, is_active=True).exclude(pk=user.pk)
    return user.is_active and user.is_administrator and not others.exists()


def _check(field: str, look: Callable[[], object]) -> None:
    try:
        look()
    except ValidationError as error:
        wrong = tuple(FieldError(field, message) for message in error.messages)
        raise Invalid(error.messages[0], errors=wrong) from None
