"""Whatever people do to the shape of series, in whatever order: no chapter is lost, scans keep to
it, and all of it can be taken back."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from kiremisu.accounts.models import User
from kiremisu.lib.errors import Refused
from library.models import Chapter, Series
from library.reshaping import joining, moving, purging
from reader import progress
from reader.models import Progress
from tests.library.reshaping.conftest import shown
from tests.library.scanning.driving import Shelf

STEPS = 14

type Undo = Callable[[], None]


def places(bob: User) -> list[Any]:
    found = Progress.objects.of(bob).finished().order_by("content")
    return list(found.values_list("content", flat=True))


def series() -> list[Series]:
    return list(Series.objects.filter(hidden_at=None).order_by("id"))


def merge(dice: Random) -> Undo:
    one, other = dice.sample(series(), 2)
    memo = joining.merge(one, other)
    return lambda: joining.part(one.pk, memo)


def some(dice: Random, one: Series) -> list[Chapter]:
    chapters = list(one.chapters.shown().order_by("id"))
    return dice.sample(chapters, dice.randint(1, len(chapters)))


def move(dice: Random) -> Undo:
    one, other = dice.sample([each for each in series() if each.chapter_count], 2)
    memo = moving.move(one, other, some(dice, one))
    return lambda: moving.put_back(one.pk, memo)


def split(dice: Random) -> Undo:
    one = dice.choice([each for each in series() if each.chapter_count])
    memo = moving.split_off(one, f"Ember {dice.random()}", some(dice, one))
    return lambda: moving.put_back(one.pk, memo)


def purge(dice: Random) -> Undo:
    one = dice.choice(series())
    memo, _ = purging.purge(one)
    return lambda: purging.bring_back(one.pk, memo) if memo.chapters else None


@pytest.mark.parametrize("seed", [1])
def test_nothing_is_lost_and_all_is_taken_back(shelf: Shelf, bob: User, seed: int) -> None:
    dice, undos = Random(seed), list[Undo]()
    for first, name in enumerate(("Iron", "Iron", "Moss", "Moss", "Salt", "Salt"), 1):
        shelf.put(f"{name}/{name} c{first}.cbz", first=first * 10)
    shelf.scan()
    shelf.remove("Salt/Salt c6.cbz")
    shelf.scan()
    progress.mark_read(bob, Chapter.objects.order_by("id"))
    before, read, ids = shown(), places(bob), {*Chapter.objects.values_list("pk", flat=True)}
    for _ in range(STEPS):
        step = dice.choice([merge, move, split, purge])
        try:
            undos.append(step(dice))
        except (Refused, ValueError):
            continue
        if dice.random() < 0.3:
            undos.pop()()
        after = shown()
        shelf.scan(full=dice.random() < 0.5)
        assert shown() == after
    while undos:
        undos.pop()()
    shelf.scan(full=True)
    assert (shown(), places(bob)) == (before, read)
    assert {*Chapter.objects.values_list("pk", flat=True)} == ids
