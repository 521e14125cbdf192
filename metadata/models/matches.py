"""Which of a provider's works our series are."""

from typing import Self, override

from django.db import models

from kiremisu.accounts.models import User
from kiremisu.accounts.ratings import Rating, RatingField
from kiremisu.lib.ids import uuid7
from kiremisu.lib.shapes import Shaped
from library.models import Series
from library.models.series import WEAK, OfSeriesQuery
from metadata.shapes import Before, Weighed


class Match(models.Model):
    """Which work of a provider a series is, where it is known (its `match_state` says whether).

    `by`: who said so; None where it was matched by itself. `told` is when its facts were asked
    for last, and `due` when they are next.
    """

    series = models.OneToOneField(Series, models.CASCADE, primary_key=True, related_name="match")
    provider = models.CharField(max_length=40)
    provider_id = models.CharField(max_length=100)
    score = models.PositiveSmallIntegerField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    told = models.DateTimeField()
    due = models.DateTimeField(db_index=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    objects = OfSeriesQuery["Match"].as_manager()

    class Meta:
        ordering = ("series",)
        verbose_name_plural = "matches"
        indexes = (
            models.Index(fields=["provider", "provider_id"], name="matches_by_work"),
            models.Index(
                fields=["score", "series"],
                condition=models.Q(by=None, score__lt=WEAK),
                name="matches_weak",
            ),
        )

    def __str__(self) -> str:
        return f"{self.provider} {self.provider_id}"


class CandidateQuery(OfSeriesQuery["Candidate"]):
    @override
    def visible_to(self, user: User) -> Self:
        """Those of the series that this person may see, rated no higher than they may see."""
        return super().visible_to(user).filter(user.rating_allows())


class Candidate(models.Model):
    """A work that a series may be, with its score. One that was rejected never comes again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    series = models.ForeignKey(Series, models.CASCADE, related_name="candidates")
    provider = models.CharField(max_length=40)
    provider_id = models.CharField(max_length=100)
    score = models.PositiveSmallIntegerField()
    # What nobody rated there is as if rated highest.
    content_rating = RatingField(default=Rating.PORNOGRAPHIC)
    raw_weighed = models.JSONField(default=dict, db_column="weighed", editable=False)
    told = models.DateTimeField()
    rejected_at = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    weighed = Shaped("raw_weighed", Weighed)

    objects = CandidateQuery.as_manager()

    class Meta:
        ordering = ("series", "-score", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["series", "provider", "provider_id"], name="one_candidate_per_work"
            ),
        )

    def __str__(self) -> str:
        return self.weighed.title or self.provider_id


class Decision(models.Model):
    """What was decided about a series, and what stood before: it can be undone."""

    class Kind(models.TextChoices):
        MATCHED = "matched", "Matched by itself"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Not this one"
        NONE = "none", "No match exists"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    series = models.ForeignKey(Series, models.CASCADE, related_name="decisions")
    candidate = models.ForeignKey(Candidate, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    # Facts were learnt in it, and are undone with it.
    run = models.UUIDField()
    raw_before = models.JSONField(default=dict, db_column="before", editable=False)
    undone_at = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    before = Shaped("raw_before", Before)

    objects = OfSeriesQuery["Decision"].as_manager()

    class Meta:
        ordering = ("-created", "-id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=("matched", "accepted", "rejected", "none")),
                name="decision_is_known",
            ),
        )
        indexes = (
            models.Index(fields=["series", "-created"], name="decisions_of_series"),
            models.Index(fields=["by", "-created"], name="decisions_by_person"),
        )

    def __str__(self) -> str:
        return self.get_kind_display()
