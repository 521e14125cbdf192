"""Who waits for new chapters of what, what providers' feeds said, and what was told to whom."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kiremisu.accounts.models import User
from kiremisu.lib.ids import uuid7
from kiremisu.lib.queries import Rows
from kiremisu.lib.shapes import Shaped
from library.models import Series
from library.models.series import OfSeriesQuery
from metadata.shapes import Groups


class OwnQuery[M: models.Model](Rows[M]):
    """Rows of one person about a series."""

    def visible_to(self, user: User) -> Self:
        """This person's own, of the series that they may see."""
        return self.filter(user=user, series__in=Series.objects.visible_to(user))


class Watch(models.Model):
    """Somebody wants to hear of new chapters of a series: of those that came since `since`, in
    these languages (BCP 47) and by these groups (their ids there), or in any."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="watches", db_index=False)
    series = models.ForeignKey(Series, models.CASCADE, related_name="watches")
    since = models.DateTimeField()
    paused = models.BooleanField(default=False)
    languages = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    groups = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    objects = OwnQuery["Watch"].as_manager()

    class Meta:
        ordering = ("-created", "id")
        verbose_name_plural = "watches"
        constraints = (
            models.UniqueConstraint(fields=["user", "series"], name="one_watch_of_a_series"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} on {self.series_id}"


class Subscription(models.Model):
    """The address at which somebody's feed reader finds what is new to them: its secret part as a
    hash. It ends when they sign out everywhere, which a new password does too: theirs is another
    `sign_in_version` then."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="subscription")
    digest = models.CharField(max_length=64, unique=True)
    sign_in_version = models.PositiveIntegerField()
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("user_id",)

    def __str__(self) -> str:
        return f"feed of {self.user_id}"


class Feed(models.Model):
    """The list of chapters that a provider keeps of a watched series. It is asked for from `due`
    on. `pace`: seconds between two chapters, null where none shows. The next is expected around
    `expected`, give or take `within` seconds; null where nobody can say."""

    series = models.OneToOneField(Series, models.CASCADE, primary_key=True, related_name="feed")
    provider = models.CharField(max_length=40)
    provider_id = models.CharField(max_length=100)
    due = models.DateTimeField(db_index=True)
    checked = models.DateTimeField(null=True)
    pace = models.PositiveIntegerField(null=True)
    expected = models.DateTimeField(null=True)
    within = models.PositiveIntegerField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True)
    updated = models.DateTimeField(auto_now=True)

    objects = OfSeriesQuery["Feed"].as_manager()

    class Meta:
        ordering = ("series_id",)

    def __str__(self) -> str:
        return f"{self.provider} {self.provider_id}"


class Release(models.Model):
    """A chapter in a feed. It stays when the feed forgets it: `gone` is since when. `published` is
    when it could first be read, as its provider says."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    series = models.ForeignKey(Series, models.CASCADE, related_name="releases", db_index=False)
    provider = models.CharField(max_length=40)
    provider_id = models.CharField(max_length=100)
    # Which chapter it is: see metadata.watching.reconciling.
    key = models.CharField(max_length=120)
    volume = models.CharField(max_length=40, blank=True)
    number = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=20, blank=True)
    raw_groups = models.JSONField(default=dict, db_column="groups")
    address = models.CharField(max_length=2000)
    is_external = models.BooleanField(default=False)
    published = models.DateTimeField()
    gone = models.DateTimeField(null=True)
    created = models.DateTimeField(auto_now_add=True)

    groups = Shaped("raw_groups", Groups)

    objects = OfSeriesQuery["Release"].as_manager()

    class Meta:
        ordering = ("-published", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=["series", "provider", "provider_id"], name="one_release_per_id"
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} of {self.series_id}"

    @property
    def name(self) -> str:
        """ "Chapter 12.5", "Volume 3", else its title."""
        if self.number:
            return f"Chapter {self.number}"
        return f"Volume {self.volume}" if self.volume else self.title or "Oneshot"


class Notice(models.Model):
    """A chapter that is new to somebody, told once: one row for each chapter, whoever translated
    it."""

    class State(models.TextChoices):
        NEW = "new", "New"
        IGNORED = "ignored", "Ignored"
        READ = "read", "Read"
        WITHDRAWN = "withdrawn", "Not there any more"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="notices", db_index=False)
    series = models.ForeignKey(Series, models.CASCADE, related_name="notices")
    key = models.CharField(max_length=120)
    release = models.ForeignKey(Release, models.CASCADE, related_name="notices")
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    seen = models.DateTimeField(null=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    objects = OwnQuery["Notice"].as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=["user", "series", "key"], name="told_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=("new", "ignored", "read", "withdrawn")),
                name="notice_state_is_known",
            ),
        )
        indexes = (models.Index(fields=["user", "state", "-id"], name="notices_of_a_person"),)

    def __str__(self) -> str:
        return f"{self.key} to {self.user_id}"
