"""Whether what cards say is what the rows behind them say. Verbs keep it so; this makes sure."""

from collections.abc import Sequence
from itertools import chain
from uuid import UUID

from django.utils import timezone

from kiremisu.lib import logs
from library import labelling, outlines, showing
from library.models import Series
from library.scanning.applying import touch
from library.scanning.series import after_count, count, miscounted

log = logs.get(__name__)


def after(last: UUID | None, most: int) -> list[UUID]:
    """The next series to look at, by id."""
    found = Series.objects.order_by("pk")
    if last is not None:
        found = found.filter(pk__gt=last)
    return list(found.values_list("pk", flat=True)[:most])


def mend(series: Sequence[UUID]) -> int:
    """Bring what the cards of these series say up to date, within the caller's transaction.
    Answers how many things said something else."""
    mended = labelling.keep(series) + showing.pass_on(series)
    mended += sum(tell(series) for tell in after_count())
    mended += outlines.weigh(series)
    wrong = miscounted(series)
    if wrong:
        count(wrong, timezone.now())
        mended += len(wrong)
    if mended:
        log.warning("cards said something else", things=mended, miscounted=list(map(str, wrong)))
        libraries = Series.objects.filter(pk__in=series).order_by("library_id")
        for library_id in chain(*libraries.values_list("library").distinct()):
            touch(library_id)
    return mended
