"""What pages say as text, as one looks for it."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from library.models.contents import Content


class PageText(models.Model):
    """The text of one page of a content, in one line; `words` by library.pagewords.

    It is kept beside its words, because what was found is shown with the words around it, and to
    read it from the file again takes a child process. The database cannot mark it: it does not know
    how we fold.
    """

    # Found along the constraint's index.
    content = models.ForeignKey(Content, models.CASCADE, related_name="texts", db_index=False)
    page = models.PositiveIntegerField()
    text = models.TextField()
    words = SearchVectorField()

    class Meta:
        ordering = ("content", "page")
        constraints = (
            models.UniqueConstraint(fields=["content", "page"], name="one_text_per_page"),
        )
        indexes = (GinIndex(fields=["words"], name="texts_words"),)

    def __str__(self) -> str:
        return f"text of page {self.page} of {self.content_id}"
