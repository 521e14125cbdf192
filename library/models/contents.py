"""The pages themselves, whichever files hold them."""

from typing import NamedTuple, Self

from django.db import models

from kiremisu.lib.ids import uuid7


class Picture(NamedTuple):
    """What stands on a cover. By `key` its files are named; `is_made`: they are there."""

    key: str
    tint: str
    is_made: bool

    @classmethod
    def of(
        cls, content_key: str, state: str, tint: str, page: int | None, page_tint: str
    ) -> Self | None:
        """Of a content whose cover has this state and tint, or of the page that was picked."""
        if page is not None:
            return cls(f"{content_key}-{page}", page_tint, True)
        if state == Content.CoverState.FAILED:
            return None
        return cls(content_key, tint, state == Content.CoverState.READY)


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
    # When the text of its pages was read as far as it can be; only that of PDFs ever is.
    text_read = models.DateTimeField(null=True, blank=True, editable=False)
    # When its pages were measured as far as they can be: see PageGeometries.
    measured = models.DateTimeField(null=True, blank=True, editable=False)
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
            models.Index(
                fields=["id"], condition=models.Q(measured=None), name="contents_unmeasured"
            ),
        )

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """The signature as 32 hexadecimal digits."""
        return bytes(self.signature).hex()
