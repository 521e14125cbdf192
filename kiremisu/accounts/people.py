"""Who may come in and what they may do: accounts made, changed, and taken away."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.module_loading import import_string

from kiremisu.accounts import access, audit
from kiremisu.accounts.models import Role, User
from kiremisu.lib.errors import Conflict, FieldError, Invalid

_RIGHTS = {"role", "is_active", "highest_rating"}


@transaction.atomic
def make(username: str, password: str, libraries: Iterable[UUID] = (), **facts: Any) -> User:
    """An account for somebody; `libraries` they may open besides those open to all.

    Raises Invalid when name or password are not acceptable or there is no such library, Conflict
    when the name is taken.
    """
    user = User(username=username, **facts)
    check(user, password)
    user.set_password(password)
    add(user)
    open_to(user, libraries)
    return user


@transaction.atomic
def add(user: User) -> None:
    """Keep an account that was made up and checked. Raises Conflict when the name is taken."""
    _keep(user)
    rights = {name: ("", getattr(user, name)) for name in sorted(_RIGHTS)}
    audit.note("user.made", user, changed=rights)


@transaction.atomic
def administer(user: User, **changes: Any) -> User:
    """Change what an administrator may of an account: `username`, `email`, `role`, `is_active`,
    `highest_rating`, `libraries`, `password`.

    What of that opens or shuts a door ends links of before; who is shut out, and whose password
    changes, has to sign in again. Raises Invalid, and Conflict when the name is taken or nobody
    would be left to look after the server.
    """
    password, libraries = changes.pop("password", None), changes.pop("libraries", None)
    administrators = _administrators_in_order()
    known = User.objects.select_for_update().get(pk=user.pk)
    changed: dict[str, tuple[object, object]] = {}
    for name, value in changes.items():
        if (before := getattr(known, name)) != value:
            changed[name] = before, value
            setattr(known, name, value)
    if not _looks_after(known) and administrators == [known.pk]:
        raise Conflict(
            "There is no other administrator. Make another one first.", code="last_admin"
        )
    check(known)
    _keep(known)
    if changed:
        audit.note("user.changed", known, changed=changed)
    if libraries is not None:
        open_to(known, libraries)
    if password is not None:
        set_password(known, password)
    if "is_active" in changed and not known.is_active:
        sign_out_everywhere(known)
    elif changed.keys() & _RIGHTS:
        access.raise_version(known)
    user.refresh_from_db()
    return user


@transaction.atomic
def remove(user: User) -> None:
    """Take an account away, with their places and notes. Raises Conflict for the last
    administrator."""
    if _administrators_in_order() == [user.pk]:
        raise Conflict(
            "There is no other administrator. Make another one first.", code="last_admin"
        )
    access.raise_version(user)
    audit.note("user.removed", user)
    user.delete()


@transaction.atomic
def change(
    user: User,
    email: str | None = None,
    password: str | None = None,
    current_password: str | None = None,
) -> User:
    """Change what a person may change of themself; None leaves it. Raises Invalid."""
    if email is not None:
        _refusing("email", lambda: validate_email(email) if email else None)
        user.email = email
        user.save(update_fields=["email", "updated"])
        access.changed(user)
    if password is not None:
        if not user.check_password(current_password or ""):
            wrong = FieldError("current_password", "This is not the password in use.")
            raise Invalid("The password in use does not fit.", errors=(wrong,))
        set_password(user, password)
    return user


@transaction.atomic
def set_password(user: User, password: str) -> None:
    """A new password: sessions, tokens and signed links of before end. Raises Invalid."""
    _refusing("password", lambda: validate_password(password, user))
    user.set_password(password)
    user.save(update_fields=["password", "sign_in_version", "updated"])
    password_was_set(user)


@transaction.atomic
def password_was_set(user: User) -> None:
    """What follows from a new password, whoever has stored it."""
    access.raise_version(user)
    audit.note("user.password", user)


def say_watching(user: User, watches_any: bool) -> None:
    """Remember whether they wait for anything new."""
    User.objects.filter(pk=user.pk).update(watches_any=watches_any)
    user.watches_any = watches_any


@transaction.atomic
def sign_out_everywhere(user: User) -> None:
    """End their sessions, tokens, signed links and event streams. API keys stay."""
    User.objects.filter(pk=user.pk).update(sign_in_version=F("sign_in_version") + 1)
    user.refresh_from_db(fields=["sign_in_version"])
    access.raise_version(user)
    audit.note("user.signed-out", user)


@transaction.atomic
def end_links(user: User) -> None:
    """End their signed links, and nothing else."""
    access.raise_version(user)
    audit.note("user.links-ended", user)


@transaction.atomic
def open_to(user: User, libraries: Iterable[UUID]) -> None:
    """Set which libraries they may open besides those open to all. Raises Invalid."""
    before, after = set(opened_to([user.pk]).get(user.pk, ())), set(libraries)
    if before != after:
        import_string(settings.OPEN_TO)(user, after)
        access.raise_version(user)
        audit.note("user.libraries", user, changed={"libraries": (before, after)})


def opened_to(users: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """For each of these people the libraries that they were given."""
    given: dict[UUID, list[UUID]] = import_string(settings.OPENED_TO)(users)
    return given


def is_last_administrator(user: User) -> bool:
    """Nobody else could look after this server."""
    others = User.objects.filter(role=Role.ADMIN, is_active=True).exclude(pk=user.pk)
    return _looks_after(user) and not others.exists()


def check(user: User, password: str | None = None) -> None:
    """Raises Invalid, naming each field, for an account or a password that cannot be."""
    wrong: list[FieldError] = []
    try:
        user.full_clean(["password"], validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        wrong += [
            FieldError(field, message)
            for field, messages in error.message_dict.items()
            for message in messages
        ]
    try:
        if password is not None:
            validate_password(password, user)
    except ValidationError as error:
        wrong += [FieldError("password", message) for message in error.messages]
    if wrong:
        raise Invalid("The account cannot be like this.", errors=tuple(wrong))


def _administrators_in_order() -> list[UUID]:
    """Those who may come in, locked: of two who would go at once, one stays."""
    found = User.objects.filter(role=Role.ADMIN, is_active=True).order_by("pk")
    return list(found.select_for_update(no_key=True).values_list("pk", flat=True))


def _looks_after(user: User) -> bool:
    return user.is_active and user.role == Role.ADMIN


def _keep(user: User) -> None:
    # Django's own pages ask for these.
    user.is_staff = user.is_superuser = user.role == Role.ADMIN
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise Conflict("There is somebody of this name.", code="duplicate") from None
    access.changed(user)


def _refusing(field: str, look: Callable[[], object]) -> None:
    try:
        look()
    except ValidationError as error:
        wrong = tuple(FieldError(field, message) for message in error.messages)
        raise Invalid(error.messages[0], errors=wrong) from None
