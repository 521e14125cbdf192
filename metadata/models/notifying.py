"""Where people hear of new chapters besides the pages, and what is still to be sent there."""

from typing import Self

from django.db import models

from kiremisu.accounts.models import User
from kiremisu.lib.ids import uuid7
from kiremisu.lib.queries import Rows
from metadata.models.watching import Notice


class ChannelQuery(Rows["Channel"]):
    def visible_to(self, user: User) -> Self:
        """A person's own, nobody else's."""
        return self.filter(user=user)


class Channel(models.Model):
    """Somebody's Apprise URL, `sealed` as kiremisu.accounts.vault does; `shown` is what may be said
    of it. `sent`: when something last arrived; `problem`: why the last did not. Nothing is sent
    before `not_before`, after so many `failures` in a row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="channels")
    name = models.CharField(max_length=100)
    sealed = models.BinaryField()
    shown = models.CharField(max_length=200)
    paused = models.BooleanField(default=False)
    sent = models.DateTimeField(null=True)
    problem = models.CharField(max_length=500, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    objects = ChannelQuery.as_manager()

    class Meta:
        ordering = ("-created", "-id")

    def __str__(self) -> str:
        return f"{self.name} ({self.shown})"


class Pending(models.Model):
    """A chapter that a channel is to be told of, found when `created` says. The row goes before the
    message does."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="pending", db_index=False)
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="+")
    created = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["channel", "notice"], name="pending_once"),)

    def __str__(self) -> str:
        return f"{self.notice_id} to {self.channel_id}"
