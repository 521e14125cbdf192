"""How people say that names of files are to be read."""

from typing import Self

from django.db import models

from kiremisu.accounts.models import User
from kiremisu.lib.ids import uuid7
from kiremisu.lib.queries import Rows
from library.models.libraries import Library
from library.models.series import Series


class NameRuleQuery(Rows["NameRule"]):
    def visible_to(self, user: User) -> Self:
        """Administrators see all of them: they may name any series, however it is rated."""
        return self if user.is_administrator else self.none()


class NameRule(models.Model):
    """A pattern (`library.names.patterns`) by which names of a library's files are read, or of one
    of its series'. The first in order of `place` that fits counts. `run`: the act that made it as
    it is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(Library, models.CASCADE, related_name="name_rules")
    series = models.ForeignKey(
        Series, models.CASCADE, null=True, blank=True, related_name="name_rules"
    )
    pattern = models.CharField(max_length=300)
    is_on = models.BooleanField(default=True)
    place = models.PositiveSmallIntegerField(default=0)
    run = models.UUIDField(null=True, editable=False)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    objects = NameRuleQuery.as_manager()

    class Meta:
        ordering = ("place", "id")

    def __str__(self) -> str:
        return self.pattern
