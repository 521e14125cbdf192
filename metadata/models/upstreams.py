"""Other servers: how calls to them are paced, how they do, what they answered."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kiremisu.lib.ids import uuid7


class Circuit(models.TextChoices):
    """Of a breaker, as the library of that name calls them."""

    CLOSED = "closed", "Working"
    OPEN = "open", "Resting"
    HALF_OPEN = "half-open", "Being tried"


class Upstream(models.Model):
    """Another server, as all processes together call it: one row, see metadata.pace.

    No call begins before `next_at`, and from one of `turns` on only once that moment has come.
    Until `urgent_until` somebody waits for an answer and what runs by itself stands back; until
    `slow_until` all of it is slower, because the server said it was too much.
    """

    name = models.CharField(max_length=40, primary_key=True)
    next_at = models.DateTimeField()
    turns = ArrayField(models.DateTimeField())
    urgent_until = models.DateTimeField()
    slow_until = models.DateTimeField()
    circuit = models.CharField(max_length=10, choices=Circuit, default=Circuit.CLOSED)
    failures = models.PositiveIntegerField(default=0)
    successes = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    # The last thing that went wrong, and when: in words that readers may see.
    problem = models.CharField(max_length=500, blank=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(circuit__in=Circuit.values), name="circuit_is_known"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Answer(models.Model):
    """What a server answered to a question, packed; see metadata.remembering."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    upstream = models.CharField(max_length=40)
    # A hash of the question, and its beginning for people.
    key = models.CharField(max_length=32)
    question = models.CharField(max_length=200)
    packed = models.BinaryField()
    answered = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("-answered", "id")
        constraints = (
            models.UniqueConstraint(fields=["upstream", "key"], name="one_answer_per_question"),
        )

    def __str__(self) -> str:
        return f"{self.upstream}: {self.question}"


class Artwork(models.Model):
    """A provider's cover as we serve it: see metadata.artwork. `key` names its files, as those of
    other covers (library.covers); without one there is nothing to be shown, for the reason in
    `problem`. `bits` tells like ones (metadata.matching.pictures).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    upstream = models.CharField(max_length=40)
    address = models.CharField(max_length=2000)
    # A hash of the address.
    place = models.CharField(max_length=32)
    key = models.CharField(max_length=32, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    tint = models.CharField(max_length=7, blank=True)
    bits = models.DecimalField(max_digits=20, decimal_places=0, null=True)
    problem = models.CharField(max_length=500, blank=True)
    made = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("-made", "id")
        constraints = (
            models.UniqueConstraint(fields=["upstream", "place"], name="one_artwork_per_address"),
        )

    def __str__(self) -> str:
        return self.address
