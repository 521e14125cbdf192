"""Files and image folders, and where their pages lie."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import MD5, Upper

from kiremisu.accounts.models import User
from kiremisu.accounts.ratings import Rating, RatingField
from kiremisu.lib.ids import uuid7
from kiremisu.lib.paths import on_disk
from kiremisu.lib.queries import Rows
from kiremisu.lib.shapes import Shaped
from library.models.contents import Content
from library.models.libraries import Library, OpenTo
from library.models.series import Series
from library.shapes import PageList, Unruled

# Chapters without a volume come after those with one; a whole volume before its chapters.
NO_VOLUME = 999_999
NO_NUMBER = -1


class ChapterQuery(Rows["Chapter"]):
    def visible_to(self, user: User) -> Self:
        """Those of the series they may see, without looking at series."""
        shown = self.shown()
        if user.is_administrator:
            return shown
        return shown.filter(user.rating_allows(), OpenTo(user))

    def shown(self) -> Self:
        """Those that are there for whoever sees their series."""
        return self.filter(hidden=False)

    def in_order(self) -> Self:
        """As one reads them: specials last."""
        return self.order_by("special", "volume_order", "number_order", "path")

    def readable(self) -> Self:
        """Those with pages, whose file is there."""
        return self.filter(content__isnull=False, missing_since__isnull=True)


class Chapter(models.Model):
    """A file or an image folder. `path` lies below the library's root (see lib.paths)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(Library, models.CASCADE, related_name="chapters")
    series = models.ForeignKey(Series, models.CASCADE, related_name="chapters")
    content = models.ForeignKey(
        Content, models.PROTECT, null=True, blank=True, related_name="chapters"
    )
    path = models.TextField()
    size = models.PositiveBigIntegerField()
    mtime_ns = models.BigIntegerField()
    format = models.CharField(max_length=10, blank=True)
    page_count = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=40, blank=True)
    problem_detail = models.CharField(max_length=500, blank=True)
    missing_since = models.DateTimeField(null=True, blank=True)
    # What is missing was done away with: nobody sees it until its file comes back.
    purged_at = models.DateTimeField(null=True, blank=True, editable=False)

    volume = models.CharField(max_length=40, blank=True)
    number = models.CharField(max_length=40, blank=True)
    volume_order = models.DecimalField(max_digits=12, decimal_places=3, default=NO_VOLUME)
    number_order = models.DecimalField(max_digits=12, decimal_places=3, default=NO_NUMBER)
    title = models.CharField(max_length=500, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    group = models.CharField(max_length=255, blank=True)
    language = models.CharField(max_length=20, blank=True)
    edition = models.CharField(max_length=100, blank=True)
    special = models.BooleanField(default=False)
    # Which of the facts above people set: no scan changes those.
    by_hand = ArrayField(models.CharField(max_length=20), default=list, blank=True, editable=False)
    # What would stand there without name rules.
    raw_unruled = models.JSONField(null=True, blank=True, editable=False)
    # What lies in the file to tell of it (a source), and why that cannot be read.
    sidecar = models.CharField(max_length=20, blank=True, editable=False)
    sidecar_problem = models.CharField(max_length=40, blank=True, editable=False)
    sidecar_detail = models.CharField(max_length=500, blank=True, editable=False)
    # As of the series, kept by library.showing, so that asking for chapters joins no series; what
    # is purged is hidden, too.
    content_rating = RatingField(default=Rating.SAFE, editable=False)
    hidden = models.BooleanField(default=False, editable=False)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    unruled = Shaped("raw_unruled", Unruled)

    objects = ChapterQuery.as_manager()

    class Meta:
        ordering = ("special", "volume_order", "number_order", "path")
        constraints = (
            # Only files that are there hold their path: what is missing may have lost it to
            # another. By its hash, because an index row cannot hold the longest paths.
            models.UniqueConstraint(
                models.F("library"),
                MD5("path"),
                condition=models.Q(missing_since__isnull=True),
                name="one_chapter_per_path",
            ),
            models.CheckConstraint(
                condition=models.Q(purged_at=None) | models.Q(missing_since__isnull=False),
                name="purged_chapter_is_missing",
            ),
        )
        indexes = (
            models.Index(
                fields=["series", "special", "volume_order", "number_order"],
                name="chapters_in_order",
            ),
            models.Index(fields=["library", "-created"], name="chapters_newest_first"),
            # A scan asks for those that are missing at a path.
            models.Index(
                models.F("library"),
                MD5("path"),
                condition=models.Q(missing_since__isnull=False),
                name="chapters_missing",
            ),
            models.Index(
                fields=["purged_at"],
                condition=models.Q(purged_at__isnull=False),
                name="chapters_purged",
            ),
            models.Index(
                fields=["library"], condition=~models.Q(problem=""), name="chapters_with_problem"
            ),
            models.Index(
                fields=["library"],
                condition=~models.Q(sidecar_problem=""),
                name="chapters_misread_sidecars",
            ),
            models.Index(
                fields=["-id"],
                condition=models.Q(number="", volume="", special=False, missing_since=None),
                name="chapters_without_number",
            ),
            models.Index(
                fields=["-id"], condition=~models.Q(problem=""), name="chapters_last_broken"
            ),
            models.Index(
                fields=["-id"],
                condition=models.Q(missing_since__isnull=False),
                name="chapters_last_missing",
            ),
            # Whose text may have to be read.
            models.Index(
                fields=["library", "content"],
                condition=models.Q(format="pdf"),
                name="chapters_of_pdf",
            ),
            GinIndex(
                OpClass(Upper("title"), name="gin_trgm_ops"),
                condition=~models.Q(title=""),
                name="chapters_title_trigrams",
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def file(self) -> str:
        """Where it lies on disk."""
        return f"{self.library.folder.rstrip('/')}/{on_disk(self.path)}"

    @property
    def is_missing(self) -> bool:
        return self.missing_since is not None

    @property
    def label(self) -> str:
        """In a sentence: "Volume 3, chapter 12.5", else its title or file name."""
        parts = []
        if self.volume:
            parts.append(f"{'Volumes' if '-' in self.volume else 'Volume'} {self.volume}")
        if self.number:
            word = "chapters" if "-" in self.number else "chapter"
            parts.append(f"{word if parts else word.capitalize()} {self.number}")
        name = self.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        return ", ".join(parts) or self.title or name


class PageIndex(models.Model):
    """Where each page of a chapter's file lies; apart, so that lists of chapters stay light."""

    chapter = models.OneToOneField(
        Chapter, models.CASCADE, primary_key=True, related_name="page_index"
    )
    raw_pages = models.JSONField(default=dict, db_column="pages")

    list = Shaped("raw_pages", PageList)

    class Meta:
        verbose_name_plural = "page indexes"

    def __str__(self) -> str:
        return f"pages of {self.chapter_id}"
