"""The job that does to more series than a batch takes."""

from collections.abc import Iterator, Sequence
from typing import Any

from kiremisu.jobs.running import Step, Work
from library import batches
from library.batches.schemas import BatchWanted

# Series in one transaction: it ends within some seconds whatever is done to them.
_AT_ONCE = 50


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
