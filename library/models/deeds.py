"""What people did to series, kept so that it can be taken back."""

from typing import Any, Self

from django.conf import settings
from django.db import models

from kiremisu.accounts.models import User
from kiremisu.lib.ids import uuid7
from kiremisu.lib.queries import Rows
from kiremisu.lib.shapes import Shaped
from library.models.series import Series
from library.shapes import Before, Given


def own_go_along(collector: Any, field: Any, deeds: Any, using: str) -> None:
    """With the person goes what was their own business; what else they did stays, by nobody."""
    models.CASCADE(collector, field, deeds.filter(is_own=True), using)
    models.SET_NULL(collector, field, deeds.filter(is_own=False), using)


class DeedQuery(Rows["Deed"]):
    def visible_to(self, user: User) -> Self:
        """What they did themselves; to administrators also what others did, unless it is these
        people's own."""
        mine = models.Q(by=user)
        return self.filter(mine | models.Q(is_own=False) if user.is_administrator else mine)


class Deed(models.Model):
    """One of settings' SERIES_OPERATIONS, done to some series in the run of this id. `is_own`:
    it is no business of others, as what somebody read."""

    id = models.UUIDField(primary_key=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, own_go_along, null=True, related_name="+")
    operation = models.CharField(max_length=50)
    raw_options = models.JSONField(default=dict, db_column="options", editable=False)
    is_own = models.BooleanField(default=False, editable=False)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    options = Shaped("raw_options", Given)

    objects = DeedQuery.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = "act"

    def __str__(self) -> str:
        return self.operation


class Memo(models.Model):
    """A series to which a deed was done: what came of it in words, how it stood before, when that
    was brought back, or why it could not be."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    deed = models.ForeignKey(Deed, models.CASCADE, related_name="memos", db_index=False)
    series = models.ForeignKey(Series, models.CASCADE, related_name="+")
    words = models.CharField(max_length=500, blank=True)
    raw_before = models.JSONField(default=dict, db_column="before", editable=False)
    undone_at = models.DateTimeField(null=True, blank=True)
    refused = models.CharField(max_length=500, blank=True)

    before = Shaped("raw_before", Before)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["deed", "series"], name="one_memo_of_a_series"),
        )

    def __str__(self) -> str:
        return self.words or str(self.series_id)
