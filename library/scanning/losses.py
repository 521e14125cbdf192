"""What a scan keeps of losses that wait for a person's word."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from library.models import Library, Loss
from library.scanning.judging import Verdict, Word


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
            loss.state = Loss.State.OVER
            loss.save(update_fields=["state", "updated"])
        elif is_waiting and (still != {*loss.paths} or loss.reason != verdict.reason):
            # Other files than were shown are another question.
            loss.delete()
    if verdict.hold:
        held = {"reason": verdict.reason, "paths": sorted(verdict.hold), "known": known}
        Loss.objects.get_or_create(
            {**held, "count": len(verdict.hold)}, library=library, state=Loss.State.WAITING
        )


def close(library: Library) -> None:
    """What was approved has been marked."""
    Loss.objects.filter(library=library, state=Loss.State.APPROVED).update(state=Loss.State.OVER)
