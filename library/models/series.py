"""Works, and the questions one may ask of them."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper

from kiremisu.accounts.models import User
from kiremisu.accounts.ratings import Rating, RatingField
from kiremisu.lib.ids import uuid7
from kiremisu.lib.queries import Rows
from kiremisu.lib.shapes import Shaped
from library.models.contents import Content, Picture
from library.models.libraries import Library, OpenTo
from library.shapes import FactSheet, Labels, SourceMetadata, UserMetadata, WatchingConfig

# A match that was made by itself with less is worth a look.
WEAK = 90


class MatchState(models.TextChoices):
    """Whether we know which work of a provider a series is."""

    UNMATCHED = "unmatched", "Not looked for yet"
    MATCHED = "matched", "Matched"
    REVIEW = "review", "In review"
    NONE = "none", "There is no match"


class SeriesQuery(Rows["Series"]):
    def visible_to(self, user: User) -> Self:
        """Those within their reach that nobody has hidden."""
        return self.within_reach_of(user).filter(hidden_at=None)

    def within_reach_of(self, user: User) -> Self:
        """In the libraries they may open, rated no higher than they may see; hidden or not."""
        if user.is_administrator:
            return self
        return self.filter(user.rating_allows(), OpenTo(user))

    def titled(self, words: str) -> Self:
        """Those whose title holds every one of these words."""
        found = self
        for word in words.split()[:10]:
            found = found.filter(title__icontains=word)
        return found


class Series(models.Model):
    """A work. `key` is its folded name, by which files find it, as by `other_keys`: those that it
    had before. The counts are kept by scanning."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(Library, models.CASCADE, related_name="series")
    key = models.CharField(max_length=500)
    other_keys = ArrayField(
        models.CharField(max_length=500), default=list, blank=True, editable=False
    )
    title = models.CharField(max_length=500)
    sort_title = models.CharField(max_length=500)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    language = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=20, blank=True)
    content_rating = RatingField(default=Rating.SAFE)
    # With its chapters not there for anybody, and not brought back by a scan.
    hidden_at = models.DateTimeField(null=True, blank=True)
    # Its chapters and what comes under its name are of that one now; it is hidden as long. Always
    # in one step: what was merged into a series that is merged follows it.
    merged_into = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        db_index=False,
    )
    summary = models.TextField(max_length=5000, blank=True)
    cover = models.ForeignKey(
        Content, models.SET_NULL, null=True, blank=True, related_name="covers"
    )
    # A page of it (from 1) that people picked, and its main colour. Without one the cover is the
    # first page that can be shown.
    cover_page = models.PositiveIntegerField(null=True, blank=True, editable=False)
    cover_tint = models.CharField(max_length=7, blank=True, editable=False)
    chapter_count = models.PositiveIntegerField(default=0)
    volume_count = models.PositiveIntegerField(default=0)
    page_count = models.PositiveIntegerField(default=0)
    # Of the chapters, those with pages.
    readable_count = models.PositiveIntegerField(default=0)
    missing_count = models.PositiveIntegerField(default=0)
    problem_count = models.PositiveIntegerField(default=0)
    # How many chapters (or volumes) are known to exist and not here, how many are here twice, and
    # when that was looked at: see library.outlines.
    gap_count = models.PositiveIntegerField(default=0, editable=False)
    duplicate_count = models.PositiveIntegerField(default=0, editable=False)
    weighed = models.DateTimeField(null=True, blank=True, editable=False)
    last_added = models.DateTimeField(null=True, blank=True)
    # Written through library.matched. The score, of 100, is that of its match, or of the best that
    # it may be.
    match_state = models.CharField(
        max_length=10, choices=MatchState, default=MatchState.UNMATCHED, editable=False
    )
    match_score = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    demographic = models.CharField(max_length=10, blank=True)
    # How its pages are read.
    direction = models.CharField(max_length=10, blank=True)
    # With which the whole work ends, as one writes it.
    last_chapter = models.CharField(max_length=40, blank=True)
    last_volume = models.CharField(max_length=40, blank=True)
    # The fields that only people change.
    locks = ArrayField(models.CharField(max_length=20), default=list, blank=True, editable=False)
    raw_facts = models.JSONField(default=dict, blank=True, editable=False, db_column="facts")
    raw_labels = models.JSONField(default=dict, blank=True, editable=False, db_column="labels")
    source_metadata = models.JSONField(default=dict, blank=True)
    user_metadata = models.JSONField(default=dict, blank=True)
    watching_config = models.JSONField(default=dict, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    facts = Shaped("raw_facts", FactSheet)
    labels = Shaped("raw_labels", Labels)
    said = Shaped("source_metadata", SourceMetadata)
    set_by_people = Shaped("user_metadata", UserMetadata)
    watching = Shaped("watching_config", WatchingConfig)

    objects = SeriesQuery.as_manager()

    class Meta:
        ordering = ("sort_title", "id")
        verbose_name_plural = "series"
        constraints = (
            models.UniqueConstraint(fields=["library", "key"], name="one_series_per_key"),
            models.CheckConstraint(
                condition=models.Q(content_rating__in=Rating.values),
                name="series_rating_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into=None) | models.Q(hidden_at__isnull=False),
                name="merged_series_is_hidden",
            ),
            models.CheckConstraint(
                condition=models.Q(match_state__in=MatchState.values),
                name="series_match_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(demographic__in=("", "shounen", "shoujo", "seinen", "josei")),
                name="series_demographic_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(direction__in=("", "rtl", "ltr", "vertical")),
                name="series_direction_is_known",
            ),
        )
        indexes = (
            models.Index(fields=["library", "sort_title", "id"], name="series_by_title"),
            models.Index(fields=["library", "-last_added", "id"], name="series_by_last_added"),
            models.Index(fields=["library", "content_rating"], name="series_by_rating"),
            models.Index(fields=["match_state", "library"], name="series_by_match"),
            models.Index(
                fields=["hidden_at"],
                condition=models.Q(hidden_at__isnull=False),
                name="series_hidden",
            ),
            models.Index(
                fields=["merged_into"],
                condition=models.Q(merged_into__isnull=False),
                name="series_merged",
            ),
            models.Index(
                fields=["library", "id"],
                condition=models.Q(weighed=None) | models.Q(weighed__lt=models.F("updated")),
                name="series_to_be_weighed",
            ),
            models.Index(
                fields=["library", "-gap_count"],
                condition=models.Q(gap_count__gt=0),
                name="series_with_gaps",
            ),
            models.Index(
                fields=["library", "-duplicate_count"],
                condition=models.Q(duplicate_count__gt=0),
                name="series_with_duplicates",
            ),
            # Over all libraries; those one sees are told apart within the index.
            models.Index(fields=["sort_title", "id", "library"], name="all_series_by_title"),
            models.Index(fields=["last_added", "id", "library"], name="all_series_by_last_added"),
            models.Index(fields=["created", "id", "library"], name="all_series_by_created"),
            models.Index(fields=["updated", "id", "library"], name="all_series_by_updated"),
            models.Index(fields=["chapter_count", "id", "library"], name="all_series_by_chapters"),
            models.Index(fields=["year", "id", "library"], name="all_series_by_year"),
            models.Index(fields=["readable_count", "id", "library"], name="all_series_by_readable"),
            models.Index(fields=["match_score", "id", "library"], name="all_series_by_score"),
            GinIndex(fields=["source_metadata"], name="series_source_metadata"),
            GinIndex(fields=["user_metadata"], name="series_user_metadata"),
            GinIndex(fields=["other_keys"], name="series_other_keys"),
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="series_titles_trigrams"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def picture(self) -> Picture | None:
        """What stands on its cover; None while nothing of it can be shown."""
        if self.cover is None:
            return None
        state, tint = self.cover.cover_state, self.cover.tint
        return Picture.of(self.cover.key, state, tint, self.cover_page, self.cover_tint)


class OfSeriesQuery[M: models.Model](Rows[M]):
    """Rows that hang on a series."""

    def visible_to(self, user: User) -> Self:
        """Those of the series that this person may see."""
        if user.is_administrator:
            # Not by a join, so that the indexes of these rows serve; few series are hidden.
            return self.exclude(series__in=Series.objects.filter(hidden_at__isnull=False))
        return self.filter(series__in=Series.objects.visible_to(user))
