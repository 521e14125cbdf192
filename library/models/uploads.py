"""Files that people send to a library, until they are there."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from kiremisu.accounts.models import User
from kiremisu.lib.ids import uuid7
from library.models.libraries import Library


class UploadQuery(models.QuerySet["Upload"]):
    def visible_to(self, user: User) -> Self:
        """A person's own, until their time is over."""
        return self.filter(user=user, expires__gt=Now())

    def staged(self) -> Self:
        """Those whose bytes lie in the data folder."""
        return self.exclude(state=Upload.State.DONE)


class Upload(models.Model):
    """One file on its way. The first `offset` of its `length` bytes are safely on disk.

    `name` and `folder` are what was asked for, made safe; `path` is where it lies below its
    library's folder once it does. `metadata` is what the client said about it, as it said it.
    """

    class State(models.TextChoices):
        OPEN = "open", "On its way"
        RECEIVED = "received", "Being looked at"
        DONE = "done", "In its library"
        FAILED = "failed", "Refused"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    library = models.ForeignKey(Library, models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    folder = models.TextField(blank=True)
    metadata = models.TextField(blank=True)
    length = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    code = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    path = models.TextField(blank=True)
    expires = models.DateTimeField(db_index=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    objects = UploadQuery.as_manager()

    class Meta:
        ordering = ("-created", "-id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=("open", "received", "done", "failed")),
                name="upload_state_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(offset__lte=models.F("length")),
                name="upload_holds_no_more_than_its_length",
            ),
        )

    def __str__(self) -> str:
        return self.name
