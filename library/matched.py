"""Writing on series whether it is known which work of a provider they are, and how surely."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from library.models import MatchState, Series
from library.scanning.applying import touch


@transaction.atomic
def weigh(series: UUID, score: int | None) -> None:
    """So sure is it which work this is, of 100; None where nothing is known that it may be."""
    found = Series.objects.filter(pk=series)
    others = found.exclude(match_score=score)
    if others.update(match_score=score, updated=timezone.now()):
        touch(found.values_list("library", flat=True).get())


@transaction.atomic
def mark(series: Iterable[UUID], state: MatchState) -> None:
    """Of these series it is known so from now on."""
    others = Series.objects.filter(pk__in=list(series)).exclude(match_state=state)
    libraries = list(others.order_by().values_list("library", flat=True).distinct())
    others.update(match_state=state, updated=timezone.now())
    for library_id in sorted(libraries):
        touch(library_id)
