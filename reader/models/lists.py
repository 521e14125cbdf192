"""Lists of series and chapters, made by hand or found by a filter."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce

from kiremisu.accounts.models import User
from kiremisu.lib.ids import uuid7
from kiremisu.lib.queries import Rows
from kiremisu.lib.shapes import Shaped
from library.models import Chapter, Series
from reader.shapes import Sought

# Of one person; of one list.
LISTS, ENTRIES = 500, 10_000
NAME = 200


class ListQuery(Rows["List"]):
    def visible_to(self, user: User) -> Self:
        """Their own, and what others share with the household."""
        return self.filter(models.Q(user=user) | models.Q(is_shared=True))

    def of(self, user: User) -> Self:
        """Those that are theirs to change."""
        return self.filter(user=user)


class List(models.Model):
    """A reading list, which holds what its owner put into it in the owner's order, or a smart
    list, which holds the series that a saved filter finds for whoever looks."""

    class Kind(models.TextChoices):
        READING = "reading", "Reading list"
        SMART = "smart", "Smart list"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=NAME)
    kind = models.CharField(max_length=7, choices=Kind, default=Kind.READING)
    is_shared = models.BooleanField("shared with the household", default=False)
    raw_sought = models.JSONField(default=dict, db_column="sought", blank=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    sought = Shaped("raw_sought", Sought)

    objects = ListQuery.as_manager()

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=("reading", "smart")), name="list_kind_is_known"
            ),
        )
        indexes = (
            models.Index(fields=["user", "name", "id"], name="lists_of_a_person"),
            models.Index(
                fields=["name", "id"],
                condition=models.Q(is_shared=True),
                name="lists_of_the_household",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_smart(self) -> bool:
        return self.kind == self.Kind.SMART


class ListEntryQuery(Rows["ListEntry"]):
    def visible_to(self, user: User) -> Self:
        """Those of lists they see, about what they may see."""
        about = models.Q(series__in=Series.objects.visible_to(user)) | models.Q(
            chapter__in=Chapter.objects.visible_to(user)
        )
        return self.filter(about, list__in=List.objects.visible_to(user))

    def of(self, user: User) -> Self:
        """Those that are theirs to change."""
        return self.filter(list__user=user)

    def in_order(self) -> Self:
        return self.order_by("place", "id")

    def series(self) -> models.QuerySet[Any, Any]:
        """The ids of the series that they are, or that their chapters are of."""
        either = Coalesce("series_id", "chapter__series_id")
        found: models.QuerySet[Any, Any] = self.order_by().annotate(of_series=either)
        return found.values("of_series")


class ListEntry(models.Model):
    """A series or a chapter in a reading list. `place` orders them and counts nothing; what its
    owner noted about it is read by all who see the list."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    list = models.ForeignKey(List, models.CASCADE, related_name="entries", db_index=False)
    series = models.ForeignKey(Series, models.CASCADE, null=True, blank=True, related_name="+")
    chapter = models.ForeignKey(Chapter, models.CASCADE, null=True, blank=True, related_name="+")
    place = models.PositiveBigIntegerField()
    note = models.TextField(blank=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    objects = ListEntryQuery.as_manager()

    class Meta:
        ordering = ("place", "id")
        verbose_name_plural = "list entries"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(series__isnull=True) ^ models.Q(chapter__isnull=True),
                name="entry_is_a_series_or_a_chapter",
            ),
            models.UniqueConstraint(fields=["list", "series"], name="series_listed_once"),
            models.UniqueConstraint(fields=["list", "chapter"], name="chapter_listed_once"),
        )
        indexes = (models.Index(fields=["list", "place"], name="entries_in_order"),)

    def __str__(self) -> str:
        return f"{self.series_id or self.chapter_id} in {self.list_id}"
