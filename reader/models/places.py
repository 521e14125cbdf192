"""Where each person is, and how they read."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models

from kiremisu.accounts.models import User
from kiremisu.lib.ids import uuid7
from kiremisu.lib.queries import Rows
from kiremisu.lib.shapes import Shaped
from library.models import Chapter, Content, Series
from reader.shapes import Pairing, ReadingChoices

# Turning back a page after the end is still the same reading of it.
SAME_READING = timedelta(minutes=10)


class ProgressQuery(Rows["Progress"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def unfinished(self) -> Self:
        return self.filter(finished_at__isnull=True)

    def finished(self) -> Self:
        return self.filter(finished_at__isnull=False)


class Progress(models.Model):
    """Where a person is in a content: `page` is 1-based, `fraction` how far down that page.

    `at` is when they were there by their device's clock. Current place and finished are two
    facts: opening it again moves the place and unfinishes nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="progress")
    content = models.ForeignKey(Content, models.PROTECT, related_name="progress")
    # Through which file they read it last; content is what counts.
    chapter = models.ForeignKey(Chapter, models.SET_NULL, null=True, blank=True, related_name="+")
    page = models.PositiveIntegerField(default=1)
    fraction = models.FloatField(default=0)
    at = models.DateTimeField()
    device = models.CharField(max_length=100, blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    objects = ProgressQuery.as_manager()

    class Meta:
        ordering = ("-at",)
        verbose_name_plural = "progress"
        constraints = (
            models.UniqueConstraint(fields=["user", "content"], name="one_place_per_content"),
            models.CheckConstraint(condition=models.Q(page__gte=1), name="pages_count_from_one"),
            models.CheckConstraint(
                condition=models.Q(fraction__gte=0, fraction__lte=1), name="fraction_of_a_page"
            ),
        )
        indexes = (models.Index(fields=["user", "-at"], name="progress_newest_first"),)

    def __str__(self) -> str:
        return f"{self.user} on page {self.page}"

    @property
    def is_finished(self) -> bool:
        """Read to the end at least once."""
        return self.finished_at is not None

    @property
    def is_read_again(self) -> bool:
        """Finished once, begun again since, and not through yet."""
        return self.finished_at is not None and self.started_at > self.finished_at

    @property
    def is_open(self) -> bool:
        """There is something left of the current reading."""
        return self.finished_at is None or self.is_read_again


class Reader(models.Model):
    """A person as a reader; `version` counts up with every change of what they have read."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    version = models.PositiveBigIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.user_id} as a reader"


class Standing(models.Model):
    """How far a person is in a series of which they have opened something that can be read.

    Of what can be read `unread` is how many chapters they have not finished, `read` the share
    they have read (0 to 1). Kept by reader.standing; where there is no row, all is unread.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    series = models.ForeignKey(Series, models.CASCADE, related_name="standings")
    unread = models.PositiveIntegerField()
    read = models.FloatField()
    last_read = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "series"], name="one_standing_per_series"),
        )
        indexes = (
            models.Index(fields=["user", "last_read", "series"], name="standings_by_last_read"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} in {self.series_id}"


class ReadingSettings(models.Model):
    """How a person reads: for one series, or (without series) by default."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    series = models.ForeignKey(Series, models.CASCADE, null=True, blank=True, related_name="+")
    raw_choices = models.JSONField(default=dict, db_column="choices", blank=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    choices = Shaped("raw_choices", ReadingChoices)

    class Meta:
        verbose_name_plural = "reading settings"
        constraints = (
            models.UniqueConstraint(
                fields=["user", "series"], nulls_distinct=False, name="one_way_of_reading"
            ),
        )

    def __str__(self) -> str:
        return f"how {self.user} reads"


class PagePairing(models.Model):
    """What a person corrected in the pairing of a content's pages."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    content = models.ForeignKey(Content, models.PROTECT, related_name="+")
    raw_pairing = models.JSONField(default=dict, db_column="pairing", blank=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    pairing = Shaped("raw_pairing", Pairing)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "content"], name="one_pairing_per_content"),
        )

    def __str__(self) -> str:
        return f"pairing of {self.user}"
