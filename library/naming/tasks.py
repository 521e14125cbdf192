"""The job that has chapters stand as rules read their names."""

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from kiremisu.jobs.models import Job
from kiremisu.jobs.running import Step, Work
from kiremisu.lib.text import clean
from library import acts, turns
from library.models import Deed, Library, Memo, Series
from library.naming import changing, standing
from library.naming.settling import Settled, settle
from library.naming.weighing import Turn, weigh
from library.shapes import Before

_AT_ONCE = 200  # chapters in one transaction, but for a series that has more


def names(work: Work) -> Iterator[Step]:
    """Have every chapter of a library stand as the rules that are in force read its name. Argument
    `memo`: the change of a rule for which it is done, as the act of this job."""
    library = Library.objects.filter(pk=work.job.subject or UUID(int=0)).first()
    if library is None:
        return
    yield Step(0, None, "Reading names")
    live = Job.objects.live().filter(kind="names", subject=library.pk)
    if live.filter(pk__gt=work.job.pk, raw_arguments__memo__isnull=False).exists():
        # What is changed last is what has something to take back.
        told = "Left to a later change: if that is stopped, the next change of a rule does both"
        yield Step(0, 0, told, last=True)
        return
    # What is done already is no turn any more.
    wanted = weigh(library, standing.of(library.pk)).turns
    done = 0
    for some in _by_series(wanted):
        done += len(some)

        def apply(some: Collection[UUID] = some) -> None:
            with acts.as_one(work.job.pk, work.job.asked_by):
                _keep(work, settle(library, some))

        yield Step(done, len(wanted), "Reading names", apply=apply)
    told = f"{done} {'chapter is' if done == 1 else 'chapters are'} read otherwise"
    yield Step(done, done, told, apply=_put_away, last=True)


def _by_series(wanted: Iterable[Turn]) -> Iterator[list[UUID]]:
    """Whole series, as they come: once one has another name, nothing tells by which name those of
    its chapters came that were not read with the others."""
    some: list[UUID] = []
    for _, group in groupby(wanted, lambda turn: turn.held.series_id):
        ids = [turn.held.id for turn in group]
        if some and len(some) + len(ids) > _AT_ONCE:
            yield some
            some = []
        some = some + ids
    if some:
        yield some


def _keep(work: Work, settled: Settled) -> None:
    """Remember of which series chapters were read otherwise, and what has to stand again where
    that is taken back."""
    if not (told := work.arguments.get("memo")) or not Deed.objects.filter(pk=work.job.pk).exists():
        return
    before = Memo.objects.filter(deed=work.job.pk, series__in=settled.chapters)
    known = {memo.series_id: memo for memo in before}
    for series_id, many in settled.chapters.items():
        row = known.get(series_id) or Memo(deed_id=work.job.pk, series_id=series_id)
        memo = changing.Memo.model_validate(row.before.memo or told)
        memo.chapters += many
        memo.made |= series_id in settled.made
        memo.bound += settled.bound.get(series_id, [])
        row.before = Before(memo=memo.model_dump(mode="json"))
        noun = "chapter is" if memo.chapters == 1 else "chapters are"
        row.words = clean(f"{memo.chapters} {noun} read otherwise.", 500)
        row.save()


def _put_away() -> None:
    """Hide series that were made by rules that do not stand any more, where nothing is in them.
    Their names are free again: by their ids no file comes."""
    # A scan may be filling one of them.
    turns.take()
    made = Q(raw_before__memo__made=True, deed__operation="name_rule")
    taken_back = Memo.objects.filter(made, undone_at__isnull=False)
    empty = Series.objects.filter(
        pk__in=taken_back.values("series"), hidden_at=None, chapters=None, merged=None
    )
    now = timezone.now()
    for series in empty.order_by("id"):
        away = {"key": str(series.pk), "other_keys": [], "hidden_at": now, "updated": now}
        Series.objects.filter(pk=series.pk).update(**away)
