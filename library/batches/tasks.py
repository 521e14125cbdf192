"""The jobs that do to more series than a batch takes, and that forget what was done long ago."""

from collections.abc import Iterator, Sequence
from typing import Any

from kiremisu.jobs.running import Step, Work
from library import batches
from library.batches import undoing
from library.batches.schemas import BatchWanted
from library.models import Deed

# Series in one transaction: it ends within some seconds whatever is done to them.
_AT_ONCE = 50
# Acts in one transaction, each with a line for each of its series.
_FORGOTTEN = 20


def act(work: Work) -> Iterator[Step]:
    """Do one operation to many series, each for itself, as one act of whoever asked. Arguments:
    `operation`, `options`, and the ids of the `series`."""
    by = work.job.asked_by
    ids = work.arguments["series"] if by else []
    done = work.cursor.get("done", 0)
    while some := ids[done : done + _AT_ONCE]:

        def apply(some: Sequence[Any] = some) -> None:
            wanted = BatchWanted(
                ids=list(some),
                operation=work.arguments["operation"],
                options=work.arguments["options"],
                mode="each",
                preview=False,
            )
            assert by is not None
            failed = batches.perform(by, wanted, work.job.pk)["failed"]
            work.cursor["refused"] = work.cursor.get("refused", 0) + len(failed)
            work.cursor["why"] = failed[0]["detail"] if failed else work.cursor.get("why", "")

        done += len(some)
        work.cursor["done"] = done
        yield Step(done, len(ids), "Series by series", apply=apply, pausable=True)
    refused = work.cursor.get("refused", 0)
    told = f"{done - refused} series done"
    told += f", {refused} not: {work.cursor['why']}" if refused else ""
    yield Step(done, len(ids), told, last=True)


def forget_old(work: Work) -> Iterator[Step]:  # noqa: ARG001 - as every kind of job
    """Forget acts, with how it stood before them, that are older than is kept."""
    done, total = 0, undoing.old().count()
    while some := list(undoing.old().values_list("pk", flat=True)[:_FORGOTTEN]):
        done += len(some)
        forget = Deed.objects.filter(pk__in=some).delete
        yield Step(done, max(total, done), "Forgetting old acts", apply=forget)
    yield Step(done, done, f"{done} forgotten" if done else "Nothing was too old", last=True)
