"""What series are called, as one looks for them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from kiremisu.lib.ids import uuid7
from library.models.series import OfSeriesQuery, Series


class TitleForm(models.Model):
    """One title of a series in one language; `folded` and `words` by library.folding."""

    class Kind(models.TextChoices):
        SHOWN = "shown", "Its title"
        NAME = "name", "The name of its files"
        ALTERNATIVE = "alternative", "Also known as"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    series = models.ForeignKey(Series, models.CASCADE, related_name="title_forms")
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.CharField(max_length=500)
    language = models.CharField(max_length=20, blank=True)
    script = models.CharField(max_length=10, blank=True)
    folded = models.CharField(max_length=2000)
    # Each once, and all of them in one, for those who set the spaces otherwise.
    words = ArrayField(models.CharField(max_length=100))

    objects = OfSeriesQuery["TitleForm"].as_manager()

    class Meta:
        ordering = ("series", "kind", "text")
        constraints = (
            models.UniqueConstraint(fields=["series", "kind", "text"], name="one_form_per_title"),
        )
        indexes = (
            GinIndex(fields=["words"], name="titles_words"),
            GinIndex(fields=["folded"], name="titles_trigrams", opclasses=["gin_trgm_ops"]),
        )

    def __str__(self) -> str:
        return self.text


class TitleWord(models.Model):
    """A word that some title has or had, by which misspelt words find the right ones."""

    word = models.CharField(max_length=100, primary_key=True)
    shortened = ArrayField(models.CharField(max_length=20))

    class Meta:
        ordering = ("word",)
        indexes = (GinIndex(fields=["shortened"], name="words_shortened"),)

    def __str__(self) -> str:
        return self.word
