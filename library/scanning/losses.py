"""What a scan keeps of losses that wait for a person's word."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any

from django.utils import timezone

from library.models import Library, Loss
from library.scanning.judging import Verdict, Word

_EXAMPLES = 20


def standing(library: Library) -> list[Loss]:
    """What waits or was said of files of this library, and is not over."""
    return list(Loss.objects.filter(library=library).exclude(state=Loss.State.OVER).order_by("id"))


def word_in(standing: Iterable[Loss]) -> Word:
    """What people said of files that were gone."""
    paths: dict[str, set[str]] = {state: set() for state in Loss.State}
    for loss in standing:
        paths[loss.state].update(loss.paths)
    return Word(paths[Loss.State.APPROVED], paths[Loss.State.REJECTED])


def note(library: Library, verdict: Verdict, gone: AbstractSet[str], known: int) -> None:
    """Have what is held wait, as it is now; what came back waits no longer, nor does anybody's
    word on it stand."""
    said = Loss.State.WAITING, Loss.State.REJECTED
    for loss in Loss.objects.select_for_update().filter(library=library, state__in=said):
        is_waiting = loss.state == Loss.State.WAITING
        still = verdict.hold if is_waiting else gone & {*loss.paths}
        if not still:
            _end([loss])
        elif is_waiting and (still != {*loss.paths} or loss.reason != verdict.reason):
            # Other files than were shown are another question.
            loss.delete()
        elif still != {*loss.paths}:
            # A word on what came back does not stand for the next time.
            Loss.objects.filter(pk=loss.pk).update(**_of(still))
    if verdict.hold:
        held = {"reason": verdict.reason, "known": known, **_of(verdict.hold)}
        Loss.objects.get_or_create(held, library=library, state=Loss.State.WAITING)


def close(standing: Iterable[Loss]) -> None:
    """What had been approved of these has been marked."""
    _end(loss for loss in standing if loss.state == Loss.State.APPROVED)


def _end(losses: Iterable[Loss]) -> None:
    over = Loss.objects.filter(pk__in=[loss.pk for loss in losses])
    over.update(state=Loss.State.OVER, paths=[], updated=timezone.now())


def _of(paths: AbstractSet[str]) -> dict[str, Any]:
    some = sorted(paths)
    return {"paths": some, "examples": some[:_EXAMPLES], "count": len(some)}
