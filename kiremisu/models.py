"""What the API's root keeps: requests that may come again."""

from django.conf import settings
from django.db import models

from kiremisu.lib.ids import uuid7


class KeyedRequest(models.Model):
    """A request with an idempotency key. `status` is null while it is under way."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    # Of method, address and body: the same key with another request is a mistake.
    digest = models.BinaryField(max_length=16)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.BinaryField(default=b"")
    media_type = models.CharField(max_length=100, blank=True)
    created = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "key"], name="one_request_per_key"),)

    def __str__(self) -> str:
        return f"{self.key} of {self.user_id}"
