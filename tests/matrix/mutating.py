"""Where the code asks `visible_to`, and what happens when it does not.

A use is known by its file, its function and the model, so that one can be taken out and the
others left.
"""

import ast
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.db.models import QuerySet

from tests.house.source import ROOT, modules
from tests.matrix.bodies import parameters_of
from tests.matrix.calling import Caller, ask, realms_of
from tests.matrix.judging import faults
from tests.matrix.stage import Stage
from tests.operations import Declared


@dataclass(frozen=True, order=True)
class Use:
    """`model` is "" where the code does not name it."""

    place: str
    function: str
    model: str

    def __str__(self) -> str:
        return f"{self.place}:{self.function} {self.model}".strip()

    def is_of(self, other: "Use") -> bool:
        """Whether it is the same, or one of several that the other stands for."""
        return (self.place, self.function) == (other.place, other.function) and (
            other.model in ("", self.model)
        )


# Named in one function, asked in another.
_HANDED_ON = {
    Use("kiremisu/jobs/seeing.py", "_rule", ""): Use("kiremisu/jobs/seeing.py", "seen_jobs", ""),
}


@dataclass(frozen=True)
class Call:
    one: Declared
    realm: str
    caller: Caller


def written() -> list[Use]:
    """Every use in our code."""
    found = set()
    for module in modules():
        for function in module.functions():
            for node in ast.walk(function):
                if isinstance(node, ast.Attribute) and node.attr == "visible_to":
                    use = Use(module.place, function.name, _named(node.value))
                    found.add(_HANDED_ON.get(use, use))
    return sorted(found)


def _named(manager: ast.expr) -> str:
    match manager:
        # A small letter: whichever model it was given.
        case ast.Attribute(value=ast.Name(id=name), attr="objects") if name[0].isupper():
            return name
    return ""


@contextmanager
def instead(put: Callable[[Use, QuerySet[Any], Callable[[], Any]], Any]) -> Iterator[None]:
    """Every `visible_to` is `put(use, queryset, asked)`, where `asked()` does what it did."""
    with pytest.MonkeyPatch.context() as patch:
        for kind in _kinds():
            asked = kind.visible_to

            def stand_in(self: Any, user: Any, asked: Any = asked) -> Any:
                use = _use(self.model.__name__)
                return put(use, self, lambda: asked(self, user))

            patch.setattr(kind, "visible_to", stand_in)
        yield


def _kinds() -> set[Any]:
    """The querysets that have one of their own."""
    kinds = {type(model._default_manager.all()) for model in apps.get_models()}
    return {base for kind in kinds for base in kind.__mro__ if "visible_to" in vars(base)}


def _use(model: str) -> Use:
    frame: FrameType | None = sys._getframe(2)
    # A manager hands on what it is asked.
    while frame is not None and frame.f_code.co_filename.endswith("db/models/manager.py"):
        frame = frame.f_back
    assert frame is not None
    place = Path(frame.f_code.co_filename)
    within = place.relative_to(ROOT).as_posix() if place.is_relative_to(ROOT) else str(place)
    return Use(within, frame.f_code.co_name, model)


def traced(
    stage: Stage, every: list[Declared], tracers: list[Caller], people: list[Caller]
) -> dict[Use, list[Call]]:
    """Which calls by these people may come by which use: what they call came by it when one of
    the tracers called it."""
    met: dict[Use, list[Call]] = defaultdict(list)
    for one in every:
        for realm in realms_of(stage, one):
            asks = [met_by(partial(_asked, stage, one, realm, caller)) for caller in tracers]
            for use in set().union(*asks):
                met[use] += [Call(one, realm, caller) for caller in people]
    return met


def _asked(stage: Stage, one: Declared, realm: str, caller: Caller) -> None:
    """As it is, and looking for a word of somebody else's."""
    ask(stage, one, realm, caller)
    for name in parameters_of(one) & {"search", "q"}:
        ask(stage, one, realm, caller, **{name: stage.secrets_of(caller.who)[0]})


def met_by(call: Callable[[], object]) -> set[Use]:
    """The uses that this comes by."""
    seen: set[Use] = set()

    def note(use: Use, _: Any, asked: Any) -> Any:
        seen.add(use)
        return asked()

    with instead(note):
        call()
    return seen


def called(stage: Stage, calls: list[Call]) -> Iterator[str]:
    """What is wrong with the answers to these."""
    for call in calls:
        yield from faults(stage, call.one, call.realm, call.caller)


def noticed(uses: list[Use], found: Iterator[str]) -> str:
    """The first fault that is found once these are taken out; "" when there is none."""

    def take_out(met: Use, rows: QuerySet[Any], asked: Any) -> Any:
        return rows.all() if any(map(met.is_of, uses)) else asked()

    # What was kept before would answer rightly, and what is kept now wrongly.
    _forget_kept()
    try:
        with instead(take_out):
            return next(found, "")
    finally:
        _forget_kept()


def _forget_kept() -> None:
    for name in settings.CACHES:
        caches[name].clear()
