"""Who asks: people and their roles."""

import uuid
from datetime import datetime
from typing import ClassVar, Self, override

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from pydantic import Field

from kiremisu.accounts.ratings import EVERYTHING, Rating, RatingField
from kiremisu.lib.ids import uuid7
from kiremisu.lib.queries import Rows
from kiremisu.lib.shapes import Shape, Shaped


class Role(models.TextChoices):
    ADMIN = "admin", "Administrator"
    CURATOR = "curator", "Curator"
    READER = "reader", "Reader"


class People(UserManager["User"]):
    use_in_migrations = False

    def visible_to(self, user: "User") -> models.QuerySet["User"]:
        """Administrators know of everybody, others of themselves."""
        return self.all() if user.is_administrator else self.filter(pk=user.pk)


class User(AbstractUser):
    """A person, who sees what is rated up to `highest_rating`; administrators see all.

    `access_version` is carried by every signed link and raised to end them all;
    `sign_in_version` by every session and token. `watches_any`: they wait for something new, so
    that it is worth looking whether there is any; written through kiremisu.accounts.people.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    role = models.CharField(max_length=10, choices=Role, default=Role.READER)
    highest_rating = RatingField(default=EVERYTHING)
    access_version = models.PositiveIntegerField(default=1)
    sign_in_version = models.PositiveIntegerField(default=1)
    watches_any = models.BooleanField(default=False, editable=False)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    objects: ClassVar[People] = People()

    class Meta(AbstractUser.Meta):
        ordering = ("username",)
        constraints = (
            models.UniqueConstraint(Lower("username"), name="one_user_per_name_caseless"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="user_role_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(highest_rating__in=Rating.values), name="user_rating_is_known"
            ),
        )

    @property
    def is_administrator(self) -> bool:
        return self.role == Role.ADMIN or self.is_superuser

    @property
    def curates(self) -> bool:
        """May start scans and change what is shown of the libraries."""
        return self.is_administrator or self.role == Role.CURATOR

    def ranks(self, least: Role) -> bool:
        """Has this role or a higher one."""
        enough = {Role.ADMIN: self.is_administrator, Role.CURATOR: self.curates}
        return enough.get(least, True)

    @override
    def set_password(self, raw_password: str | None) -> None:
        """As Django does. What was opened under the one before ends with its `sign_in_version`."""
        super().set_password(raw_password)
        if not self._state.adding:
            self.sign_in_version += 1

    @override
    def check_password(self, raw_password: str | None) -> bool:
        """As Django does, but that one that is kept anew, in a better way, is no new password."""

        def keep(raw: str) -> None:
            self.password = make_password(raw)
            self.save(update_fields=["password"])

        return check_password(raw_password, self.password, keep)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Django asks a session for it, which so ends with the version as well.
        said = f"{self.sign_in_version}:{self.password}"
        return salted_hmac("kiremisu.session", said, secret=secret, algorithm="sha256").hexdigest()

    @property
    def sees_every_rating(self) -> bool:
        return self.is_administrator or self.highest_rating == EVERYTHING

    def rating_allows(self, column: str = "content_rating") -> models.Q:
        """The condition that what a column rates is not too much for them."""
        if self.sees_every_rating:
            return models.Q()
        return models.Q(**{f"{column}__lte": self.highest_rating})


class Scope(models.TextChoices):
    """What a key may be used for, within what its owner may do. `admin` is all of it."""

    READ = "read", "Read"
    PROGRESS = "progress", "Progress"
    CURATE = "curate", "Curate"
    ADMIN = "admin", "Everything"


class ApiKeys(Rows["ApiKey"]):
    def visible_to(self, user: User) -> Self:
        """A person's own, nobody else's."""
        return self.filter(user=user)


class ApiKey(models.Model):
    """A program's way in as its owner. Of the key itself only a hash and its beginning are kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope))
    expires = models.DateTimeField(null=True)
    last_used = models.DateTimeField(null=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    objects = ApiKeys.as_manager()

    class Meta:
        ordering = ("-created", "-id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(scopes__contained_by=Scope.values)
                & models.Q(scopes__len__gte=1),
                name="key_scopes_are_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def labels(self) -> list[str]:
        """What it may be used for, as people say it."""
        return [Scope(scope).label for scope in self.scopes]

    @property
    def opens_everything(self) -> bool:
        return Scope.ADMIN in self.scopes


class Rate(models.Model):
    """How often something was done until when it counts; `key` is a hash of what and who."""

    key = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.count} times until {self.until:%Y-%m-%d %H:%M}"


class Ticket(models.Model):
    """A person's way into one WebSocket, kept as a hash until it is used or too old."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    access_version = models.PositiveIntegerField()
    expires = models.DateTimeField(db_index=True)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"ticket until {self.expires:%Y-%m-%d %H:%M:%S}"


class SetupToken(models.Model):
    """The one-time key to the set-up page, kept as a hash while there is no user."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"set-up token of {self.created:%Y-%m-%d %H:%M}"


class Changed(Shape):
    """One field of what an act was about."""

    field: str
    before: str
    after: str


class Changes(Shape):
    version: int = 1
    fields: list[Changed] = Field(default_factory=list)


class AuditQuery(models.QuerySet["AuditEntry"]):
    def visible_to(self, user: User) -> Self:
        return self if user.is_administrator else self.none()


class AuditEntry(models.Model):
    """Something that somebody did, as it was then: names are copies, ids point nowhere.

    The database refuses to change or delete a row.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    act = models.CharField(max_length=40)
    who = models.UUIDField(null=True)
    who_name = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=100, blank=True)
    about = models.UUIDField(null=True)
    about_name = models.CharField(max_length=200, blank=True)
    raw_changes = models.JSONField(default=dict, blank=True, db_column="changes")
    request_id = models.CharField(max_length=64, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    changes = Shaped("raw_changes", Changes)

    objects = AuditQuery.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "audit log"
        indexes = (
            models.Index(fields=["act", "-id"], name="audit_by_act"),
            models.Index(fields=["who", "-id"], name="audit_by_person"),
            models.Index(fields=["about", "-id"], name="audit_by_subject"),
            models.Index(fields=["created"], name="audit_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.act} {self.about_name}".strip()

    @property
    def updated(self) -> datetime:
        """Never after it was made."""
        return self.created


class Secret(models.Model):
    """A secret of another service that is used again, encrypted: see kiremisu.accounts.vault."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField()
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
