"""What became of the facts of series, kept for good."""

from django.conf import settings
from django.db import models

from kiremisu.lib.ids import uuid7
from kiremisu.lib.shapes import Shaped
from library.merging import Stood
from library.models.series import OfSeriesQuery, Series


class FactChange(models.Model):
    """A field of a series became another, by the word of `source`, in one run of a job or one
    act of a person (`by`). Rows are only ever added."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    series = models.ForeignKey(Series, models.CASCADE, related_name="history", db_index=False)
    field = models.CharField(max_length=20)
    raw_before = models.JSONField(db_column="before")
    raw_after = models.JSONField(db_column="after")
    source = models.CharField(max_length=40)
    run = models.UUIDField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    created = models.DateTimeField(auto_now_add=True)

    before = Shaped("raw_before", Stood)
    after = Shaped("raw_after", Stood)

    objects = OfSeriesQuery["FactChange"].as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=["series", "-id"], name="history_of_a_series"),
            models.Index(fields=["run", "series", "field", "id"], name="history_of_a_run"),
            models.Index(fields=["created"], name="history_of_a_day"),
            models.Index(
                fields=["by"],
                condition=models.Q(by__isnull=False),
                name="history_of_a_person",
            ),
        )

    def __str__(self) -> str:
        return f"{self.field} of {self.series_id}"
