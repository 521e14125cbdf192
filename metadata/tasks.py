"""The kinds of job that look after what other servers said."""

from collections.abc import Iterator

from kiremisu.jobs.running import Step, Work
from metadata import artwork, remembering


def forget_old_answers(work: Work) -> Iterator[Step]:  # noqa: ARG001 - every kind takes its job
    """Forget answers and covers of other servers that are too old, or too many."""
    gone = remembering.forget_old() + artwork.forget_old()
    yield Step(gone, gone, f"{gone} forgotten" if gone else "Nothing was too old", last=True)
