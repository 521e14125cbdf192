"""What the pages of a content look like, as far as they were measured."""

from django.db import models

from kiremisu.lib.shapes import Shaped
from library.models.contents import Content
from library.shapes import GeometryList


class PageGeometries(models.Model):
    """The pages of a content from the first on, as many as were measured; apart, as page indexes
    are. By content, so that equal files are measured once, and one that moved is not again."""

    content = models.OneToOneField(
        Content, models.CASCADE, primary_key=True, related_name="geometries"
    )
    raw_pages = models.JSONField(default=dict, db_column="pages")

    list = Shaped("raw_pages", GeometryList)

    class Meta:
        verbose_name_plural = "page geometries"

    def __str__(self) -> str:
        return f"geometries of {self.content_id}"
