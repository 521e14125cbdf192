"""What sources say exists of a series."""

from django.db import models

from kiremisu.lib.shapes import Shaped
from library.models.series import OfSeriesQuery, Series
from library.shapes import Listed


class Outline(models.Model):
    """The volumes and chapters that a source lists of a series, wherever those may be read.
    `told`: when it said so. Written through library.outlines."""

    series = models.OneToOneField(Series, models.CASCADE, primary_key=True, related_name="outline")
    source = models.CharField(max_length=40)
    raw_listed = models.JSONField(default=dict, db_column="listed")
    told = models.DateTimeField(db_index=True)

    listed = Shaped("raw_listed", Listed)

    objects = OfSeriesQuery["Outline"].as_manager()

    class Meta:
        ordering = ("series_id",)

    def __str__(self) -> str:
        return f"{self.source} on {self.series_id}"
