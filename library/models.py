"""What we have: libraries, series, chapters, and the contents they hold."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import MD5

from kiremisu.accounts.models import User
from kiremisu.lib.ids import uuid7
from kiremisu.lib.paths import on_disk
from kiremisu.lib.shapes import Shaped
from library.shapes import PageList, SourceMetadata, UserMetadata, WatchingConfig

# Chapters without a volume come after those with one; a whole volume before its chapters.
NO_VOLUME = 999_999
NO_NUMBER = -1


class LibraryQuery(models.QuerySet["Library"]):
    def visible_to(self, user: User) -> Self:
        """The libraries this person may open."""
        if user.is_administrator:
            return self
        return self.filter(models.Q(open_to_all=True) | models.Q(access__user=user)).distinct()


class Library(models.Model):
    """A folder that people pointed us at. `version` counts up with every change inside."""

    class Kind(models.TextChoices):
        MANGA = "manga", "Manga"
        WEBTOON = "webtoon", "Webtoon"
        COMIC = "comic", "Comic"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)
    root = models.TextField(unique=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.MANGA)
    open_to_all = models.BooleanField(default=True)
    version = models.PositiveBigIntegerField(default=1)
    scanned_at = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    objects = LibraryQuery.as_manager()

    class Meta:
        ordering = ("name", "id")
        verbose_name_plural = "libraries"

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> str:
        """The root as the file system knows it."""
        return on_disk(self.root)


class Access(models.Model):
    """Who may open a library that is not open to all."""

    library = models.ForeignKey(Library, models.CASCADE, related_name="access")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        verbose_name_plural = "access"
        constraints = (
            models.UniqueConstraint(fields=["library", "user"], name="access_given_once"),
        )

    def __str__(self) -> str:
        return f"{self.user} may open {self.library}"


class Content(models.Model):
    """The pages themselves, whichever files hold them: one row per signature (16 bytes).

    Progress, bookmarks and notes hang here. The cover's files are named by the signature.
    """

    class CoverState(models.TextChoices):
        PENDING = "pending", "Not made yet"
        READY = "ready", "Ready"
        FAILED = "failed", "Could not be made"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    signature = models.BinaryField(max_length=16, unique=True, editable=True)
    page_count = models.PositiveIntegerField()
    cover_state = models.CharField(max_length=10, choices=CoverState, default=CoverState.PENDING)
    cover_width = models.PositiveIntegerField(null=True, blank=True)
    cover_height = models.PositiveIntegerField(null=True, blank=True)
    # The cover's main colour, as #rrggbb.
    tint = models.CharField(max_length=7, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(page_count__gt=0), name="content_has_pages"),
        )
        indexes = (
            models.Index(
                fields=["created"],
                condition=models.Q(cover_state="pending"),
                name="contents_without_cover",
            ),
        )

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """The signature as 32 hexadecimal digits."""
        return bytes(self.signature).hex()


class SeriesQuery(models.QuerySet["Series"]):
    def visible_to(self, user: User) -> Self:
        if user.is_administrator:
            return self
        return self.filter(library__in=Library.objects.visible_to(user))

    def titled(self, words: str) -> Self:
        """Those whose title holds every one of these words."""
        found = self
        for word in words.split()[:10]:
            found = found.filter(title__icontains=word)
        return found


class Series(models.Model):
    """A work. `key` is its folded name, by which files find it; the counts are kept by scanning."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(Library, models.CASCADE, related_name="series")
    key = models.CharField(max_length=500)
    title = models.CharField(max_length=500)
    sort_title = models.CharField(max_length=500)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    language = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=20, blank=True)
    summary = models.TextField(max_length=5000, blank=True)
    cover = models.ForeignKey(
        Content, models.SET_NULL, null=True, blank=True, related_name="covers"
    )
    chapter_count = models.PositiveIntegerField(default=0)
    volume_count = models.PositiveIntegerField(default=0)
    page_count = models.PositiveIntegerField(default=0)
    missing_count = models.PositiveIntegerField(default=0)
    problem_count = models.PositiveIntegerField(default=0)
    last_added = models.DateTimeField(null=True, blank=True)
    source_metadata = models.JSONField(default=dict, blank=True)
    user_metadata = models.JSONField(default=dict, blank=True)
    watching_config = models.JSONField(default=dict, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    said = Shaped("source_metadata", SourceMetadata)
    set_by_people = Shaped("user_metadata", UserMetadata)
    watching = Shaped("watching_config", WatchingConfig)

    objects = SeriesQuery.as_manager()

    class Meta:
        ordering = ("sort_title", "id")
        verbose_name_plural = "series"
        constraints = (
            models.UniqueConstraint(fields=["library", "key"], name="one_series_per_key"),
        )
        indexes = (
            models.Index(fields=["library", "sort_title", "id"], name="series_by_title"),
            models.Index(fields=["library", "-last_added", "id"], name="series_by_last_added"),
            GinIndex(fields=["source_metadata"], name="series_source_metadata"),
            GinIndex(fields=["user_metadata"], name="series_user_metadata"),
            GinIndex(name="series_title_trigrams", fields=["title"], opclasses=["gin_trgm_ops"]),
        )

    def __str__(self) -> str:
        return self.title


class ChapterQuery(models.QuerySet["Chapter"]):
    def visible_to(self, user: User) -> Self:
        if user.is_administrator:
            return self
        return self.filter(library__in=Library.objects.visible_to(user))

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
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

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
                fields=["library"], condition=~models.Q(problem=""), name="chapters_with_problem"
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
