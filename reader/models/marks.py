"""What people mark and write beside pages."""

from typing import Self
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from kiremisu.accounts.models import User
from kiremisu.lib.ids import uuid7
from kiremisu.lib.queries import Rows
from library.models import Chapter, Content

# Of one person; of one note.
NOTES, NOTE, TAGS, TAG = 20_000, 10_000, 20, 64


class MarkQuery[M: models.Model](Rows[M]):
    """Bookmarks, or notes."""

    def visible_to(self, user: User) -> Self:
        """Their own, in what they may open."""
        chapters = Chapter.objects.visible_to(user).filter(content=models.OuterRef("content"))
        return self.filter(models.Exists(chapters.order_by()), user=user)

    def within(self, series: UUID) -> Self:
        chapters = Chapter.objects.filter(content=models.OuterRef("content"), series=series)
        return self.filter(models.Exists(chapters.order_by()))


class Bookmark(models.Model):
    """A page (1-based) that a person wants to find again; in every file of these pages."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    content = models.ForeignKey(Content, models.PROTECT, related_name="+")
    page = models.PositiveIntegerField()
    at = models.DateTimeField()
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    objects = MarkQuery["Bookmark"].as_manager()

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=["user", "content", "page"], name="one_bookmark_per_page"
            ),
            models.CheckConstraint(condition=models.Q(page__gte=1), name="bookmark_on_a_page"),
        )
        indexes = (models.Index(fields=["user", "-at", "-id"], name="bookmarks_newest_first"),)

    def __str__(self) -> str:
        return f"page {self.page}"


class Note(models.Model):
    """What a person wrote beside a page (1-based); in every file of these pages."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    content = models.ForeignKey(Content, models.PROTECT, related_name="+")
    page = models.PositiveIntegerField()
    text = models.TextField()
    tags = ArrayField(models.CharField(max_length=TAG), default=list, blank=True)
    at = models.DateTimeField()
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    objects = MarkQuery["Note"].as_manager()

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.CheckConstraint(condition=models.Q(page__gte=1), name="note_on_a_page"),
        )
        indexes = (
            models.Index(fields=["user", "-at", "-id"], name="notes_newest_first"),
            models.Index(fields=["user", "content", "page"], name="notes_of_a_content"),
            GinIndex(fields=["tags"], name="notes_tags"),
        )

    def __str__(self) -> str:
        return f"page {self.page}: {self.text[:40]}"
