"""What series are about and who made them: genres, tags, people."""

from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from kiremisu.accounts.models import User
from kiremisu.lib.ids import uuid7
from kiremisu.lib.text import fold
from library.models.series import OfSeriesQuery, Series

# The most a series may have.
GENRES, TAGS, PEOPLE = 20, 100, 100
# Letters of a name as people write it; folding may lengthen it, and an index row has its limit.
TAG, PERSON, FOLDED = 64, 255, 500


def folded_name(name: str) -> str:
    """By what two spellings of one name are the same."""
    return (fold(name) or name.casefold())[:FOLDED]


class TagQuery(models.QuerySet["Tag"]):
    def visible_to(self, user: User) -> Self:
        """Those that a series has which this person may see."""
        given = Tagging.objects.visible_to(user).filter(tag=models.OuterRef("pk"))
        return self.filter(models.Exists(given))


class Tag(models.Model):
    """A genre or a tag, one row for all its spellings."""

    class Kind(models.TextChoices):
        GENRE = "genre", "Genre"
        TAG = "tag", "Tag"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=5, choices=Kind)
    name = models.CharField(max_length=TAG)
    folded = models.CharField(max_length=FOLDED, editable=False)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    objects = TagQuery.as_manager()

    class Meta:
        ordering = ("folded", "id")
        constraints = (
            models.UniqueConstraint(fields=["kind", "folded"], name="one_tag_per_name"),
            models.CheckConstraint(
                condition=models.Q(kind__in=("genre", "tag")), name="tag_kind_is_known"
            ),
        )
        indexes = (GinIndex(fields=["folded"], name="tags_trigrams", opclasses=["gin_trgm_ops"]),)

    def __str__(self) -> str:
        return self.name


class PersonQuery(models.QuerySet["Person"]):
    def visible_to(self, user: User) -> Self:
        """Those with a part in a series that this person may see."""
        given = Credit.objects.visible_to(user).filter(person=models.OuterRef("pk"))
        return self.filter(models.Exists(given))


class Person(models.Model):
    """Somebody who had a part in a work, one row for all spellings of the name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=PERSON)
    folded = models.CharField(max_length=FOLDED, unique=True, editable=False)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    objects = PersonQuery.as_manager()

    class Meta:
        ordering = ("folded", "id")
        verbose_name_plural = "people"
        indexes = (GinIndex(fields=["folded"], name="people_trigrams", opclasses=["gin_trgm_ops"]),)

    def __str__(self) -> str:
        return self.name


class Tagging(models.Model):
    """A series has a tag."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="taggings", db_index=False)
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="taggings", db_index=False)

    objects = OfSeriesQuery["Tagging"].as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["series", "tag"], name="tagged_once"),)
        indexes = (models.Index(fields=["tag", "series"], name="series_of_a_tag"),)

    def __str__(self) -> str:
        return f"{self.tag} of {self.series_id}"


class Credit(models.Model):
    """A person's part in a series; `place` is where the person stands in its list, from 0."""

    class Role(models.TextChoices):
        AUTHOR = "author", "Author"
        ARTIST = "artist", "Artist"
        INKER = "inker", "Inker"
        COLORIST = "colorist", "Colorist"
        LETTERER = "letterer", "Letterer"
        COVER_ARTIST = "cover_artist", "Cover artist"
        TRANSLATOR = "translator", "Translator"
        EDITOR = "editor", "Editor"

    series = models.ForeignKey(Series, models.CASCADE, related_name="credits", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="credits", db_index=False)
    role = models.CharField(max_length=12, choices=Role)
    place = models.PositiveSmallIntegerField()

    objects = OfSeriesQuery["Credit"].as_manager()

    class Meta:
        ordering = ("series", "place")
        constraints = (
            models.UniqueConstraint(fields=["series", "person", "role"], name="credited_once"),
            models.CheckConstraint(
                condition=models.Q(
                    role__in=(
                        *("author", "artist", "inker", "colorist", "letterer"),
                        *("cover_artist", "translator", "editor"),
                    )
                ),
                name="credit_role_is_known",
            ),
        )
        indexes = (models.Index(fields=["person", "role", "series"], name="series_of_a_person"),)

    def __str__(self) -> str:
        return f"{self.person}, {self.role} of {self.series_id}"
