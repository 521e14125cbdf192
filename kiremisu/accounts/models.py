"""Who asks: people and their roles."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower

from kiremisu.lib.ids import uuid7


class Role(models.TextChoices):
    ADMIN = "admin", "Administrator"
    CURATOR = "curator", "Curator"
    READER = "reader", "Reader"


class User(AbstractUser):
    """A person. `access_version` is carried by every signed link and raised to end them all."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    role = models.CharField(max_length=10, choices=Role, default=Role.READER)
    access_version = models.PositiveIntegerField(default=1)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta(AbstractUser.Meta):
        ordering = ("username",)
        constraints = (
            models.UniqueConstraint(Lower("username"), name="one_user_per_name_caseless"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="user_role_is_known"
            ),
        )

    @property
    def is_administrator(self) -> bool:
        return self.role == Role.ADMIN or self.is_superuser

    @property
    def curates(self) -> bool:
        """May start scans and change what is shown of the libraries."""
        return self.is_administrator or self.role == Role.CURATOR


class SetupToken(models.Model):
    """The one-time key to the set-up page, kept as a hash while there is no user."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"set-up token of {self.created:%Y-%m-%d %H:%M}"
