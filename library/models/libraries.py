"""The folders that people pointed us at, and who may open them."""

from typing import Any, Self, override
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import connection, models

from kiremisu.accounts.models import User
from kiremisu.lib.ids import uuid7
from kiremisu.lib.paths import on_disk
from kiremisu.lib.queries import Rows
from library.schedules import PATTERN

_OPEN = """ANY(ARRAY(
    SELECT id FROM library_library WHERE open_to_all
    UNION ALL SELECT library_id FROM library_access WHERE user_id = %(user)s
))"""
_VERSIONS = """
    SELECT id, version FROM library_library WHERE %(all)s OR id = {open} ORDER BY id
"""


class OpenTo(models.Func):
    """Whether a column names a library that this person may open.

    Written as SQL, because it stands in nearly every question: to have Django make it from the
    models took longer than the database takes to answer. An array, so that it is found once and
    not for each row.
    """

    output_field = models.BooleanField()
    conditional = True

    def __init__(self, user: User, column: str = "library_id") -> None:
        super().__init__(models.F(column), models.Value(user.pk, models.UUIDField()))

    @override
    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, Any]:
        (column, some), (user, more) = map(compiler.compile, self.get_source_expressions())
        return f"{column} = {_OPEN % {'user': user}}", (*some, *more)


class LibraryQuery(Rows["Library"]):
    def visible_to(self, user: User) -> Self:
        """The libraries this person may open."""
        if user.is_administrator:
            return self
        return self.filter(OpenTo(user, "id"))


def versions_open_to(user: User) -> list[tuple[UUID, int]]:
    """The libraries this person may open, each with its version, as `visible_to`; by SQL,
    because every answer that is kept asks for them first."""
    with connection.cursor() as cursor:
        cursor.execute(
            _VERSIONS.format(open=_OPEN), {"all": user.is_administrator, "user": user.pk}
        )
        found: list[tuple[UUID, int]] = cursor.fetchall()
    return found


class Library(models.Model):
    """A folder that people pointed us at. `version` counts up with every change inside."""

    class Kind(models.TextChoices):
        MANGA = "manga", "Manga"
        WEBTOON = "webtoon", "Webtoon"
        COMIC = "comic", "Comic"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)
    root = models.TextField(unique=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.MANGA)
    open_to_all = models.BooleanField(default=True)
    # Whose word on facts counts first; empty: in the order of library.merging.
    fact_sources = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    # When it is scanned by itself (see library.schedules), and when next.
    schedule = models.CharField(
        max_length=40,
        blank=True,
        validators=[RegexValidator(PATTERN, "That is no schedule.")],
        help_text="every 30 minutes, every 6 hours, daily 03:30, weekly sun 04:00; none for never",
    )
    next_scan = models.DateTimeField(null=True, editable=False)
    version = models.PositiveBigIntegerField(default=1)
    # The file system that its folder lay on when it was scanned last.
    device = models.BigIntegerField(null=True, editable=False)
    scanned_at = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    objects = LibraryQuery.as_manager()

    class Meta:
        ordering = ("name", "id")
        verbose_name_plural = "libraries"

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> str:
        """The root as the file system knows it."""
        return on_disk(self.root)


class Access(models.Model):
    """Who may open a library that is not open to all."""

    library = models.ForeignKey(Library, models.CASCADE, related_name="access")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        verbose_name_plural = "access"
        constraints = (
            models.UniqueConstraint(fields=["library", "user"], name="access_given_once"),
        )

    def __str__(self) -> str:
        return f"{self.user} may open {self.library}"
