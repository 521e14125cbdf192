"""What the night does about what people did away with."""

from collections.abc import Iterator
from functools import partial

from kiremisu.jobs.running import Step, Work
from library.reshaping import purging

_FEW = 500  # chapters in one transaction


def forget_purged(work: Work) -> Iterator[Step]:  # noqa: ARG001 - as every kind of job
    """Delete the chapters that were purged too long ago to be brought back."""
    done, total = 0, purging.due().count()
    while some := list(purging.due().values_list("pk", flat=True)[:_FEW]):
        done += len(some)
        forget = partial(purging.forget, some)
        yield Step(done, max(total, done), "Forgetting what was purged", apply=forget)
    yield Step(done, done, last=True)
