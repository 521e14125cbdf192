"""Files that a scan found gone and did not dare to mark as missing."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kiremisu.accounts.models import User
from kiremisu.lib.ids import uuid7
from kiremisu.lib.queries import Rows
from library.models.libraries import Library


class LossQuery(Rows["Loss"]):
    def visible_to(self, user: User) -> Self:
        """Those of libraries this person may open, for who sees every rating: any file may be
        named in one. Without their paths, which are many."""
        seen = self.filter(library__in=Library.objects.visible_to(user)).defer("paths")
        return seen if user.sees_every_rating else self.none()


class Loss(models.Model):
    """What a scan waits with until somebody says that these files are really gone.

    `known` files were in the library, `count` are gone, those at `paths`; `examples` are the first
    of them. What was rejected is not asked again; `over` is what was marked, or came back by
    itself, and has no paths any more.
    """

    class Reason(models.TextChoices):
        MANY = "many", "Many files are gone"
        EMPTY = "empty", "The folder is empty"
        ELSEWHERE = "elsewhere", "The folder lies on another disk"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"
        OVER = "over", "Over"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(Library, models.CASCADE, related_name="losses")
    reason = models.CharField(max_length=10, choices=Reason)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    paths = ArrayField(models.TextField(), default=list)
    examples = ArrayField(models.TextField(), default=list)
    count = models.PositiveIntegerField()
    known = models.PositiveIntegerField()
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    objects = LossQuery.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "losses"
        constraints = (
            models.UniqueConstraint(
                fields=["library"],
                condition=models.Q(state="waiting"),
                name="one_loss_waits_in_a_library",
            ),
        )

    def __str__(self) -> str:
        return f"{self.count} of {self.known} files of {self.library}"

    @property
    def says(self) -> str:
        """Why it waits, in a sentence."""
        gone = f"{self.count:,} of {self.known:,} files {'is' if self.count == 1 else 'are'} gone"
        match self.reason:
            case self.Reason.EMPTY:
                return f"The folder is empty, but {self.known:,} files were in it."
            case self.Reason.ELSEWHERE:
                return f"The folder lies on another disk than before, and {gone}."
        return f"{gone}."
