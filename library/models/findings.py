"""What people looked at and found to be right as it is."""

from django.db import models

from kiremisu.accounts.models import User
from kiremisu.lib.ids import uuid7


class Dismissal(models.Model):
    """A finding (of this kind, about this row) that somebody said is fine so, as long as what it
    says stands as in `state`: see library.findings."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20)
    subject = models.UUIDField()
    state = models.CharField(max_length=200)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", db_index=False)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=["kind", "subject"], name="one_dismissal_of_a_finding"),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.subject}"
