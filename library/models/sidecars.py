"""Files in folders that tell of a series."""

from django.db import models
from django.db.models.functions import MD5

from kiremisu.lib.ids import uuid7
from library.models.contents import Content
from library.models.libraries import Library
from library.models.series import OfSeriesQuery, Series


class Sidecar(models.Model):
    """A series.json, details.json, ComicInfo.xml or picture of the cover beside the files of a
    series.

    `path` is below the library's root; size and time of change tell whether a scan reads it
    again. `problem` is a code of `library.sidecars`: why nothing was learnt of it. It is of no
    series where the files that lie with it are of none or of several. A cover is a content of
    its own, which no chapter has.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(Library, models.CASCADE, related_name="sidecars")
    series = models.ForeignKey(
        Series, models.SET_NULL, null=True, blank=True, related_name="sidecars"
    )
    content = models.ForeignKey(
        Content, models.SET_NULL, null=True, blank=True, related_name="sidecars"
    )
    source = models.CharField(max_length=20)
    path = models.TextField()
    size = models.PositiveBigIntegerField()
    mtime_ns = models.BigIntegerField()
    problem = models.CharField(max_length=40, blank=True)
    problem_detail = models.CharField(max_length=500, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    objects = OfSeriesQuery["Sidecar"].as_manager()

    class Meta:
        ordering = ("path", "id")
        constraints = (
            # By its hash, because an index row cannot hold the longest paths.
            models.UniqueConstraint(models.F("library"), MD5("path"), name="one_sidecar_per_path"),
        )
        indexes = (
            models.Index(
                fields=["library"], condition=~models.Q(problem=""), name="sidecars_with_problem"
            ),
        )

    def __str__(self) -> str:
        return self.path
