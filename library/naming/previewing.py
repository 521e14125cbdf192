"""What a rule would do, before anybody makes it."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid4

from kiremisu.accounts.models import User
from kiremisu.lib.errors import NotThere
from kiremisu.lib.schemas import Paging, part
from kiremisu.lib.text import natural_key
from library.models import Library, NameRule, Series
from library.naming import changing
from library.naming.rules import Naming, Rule
from library.naming.schemas import RulePreview
from library.naming.weighing import Turn, Weighed, weigh

_NAMED = 100  # series that are told of by name


def listed(user: User, library: Library, paging: Paging) -> dict[str, Any]:
    """A part of the rules of a library, in the order in which they are tried."""
    found = NameRule.objects.visible_to(user).filter(library=library).order_by("place", "id")
    return part([shown(rule) for rule in found[paging.bounds]], found.count(), paging)


def shown(rule: NameRule) -> dict[str, Any]:
    """A rule as the API tells it."""
    return {
        "id": rule.pk,
        "created": rule.created,
        "updated": rule.updated,
        "pattern": rule.pattern,
        "series": rule.series_id,
        "on": rule.is_on,
        "place": rule.place,
        "run": rule.run,
    }


def preview(library: Library, wanted: RulePreview, paging: Paging) -> dict[str, Any]:
    """What the library's names would be read as with this rule, a part of the chapters by path.
    Raises Invalid, and NotThere where the rule that it stands for is not."""
    draft, rules = _with(library, wanted)
    told = weigh(library, Naming(rules))
    turns = sorted(told.turns, key=lambda turn: turn.held.path)
    some = turns[paging.bounds]
    titles = _titles({*told.renamed, *told.emptied, *(turn.held.series_id for turn in some)})
    rows = [_turned(turn, titles) for turn in some]
    return part(rows, len(turns), paging) | _summed(told, draft, titles)


def naming_with(library: Library, wanted: RulePreview) -> Naming:
    """The rules in force with this one. Raises as `preview`."""
    return Naming(_with(library, wanted)[1])


def _with(library: Library, wanted: RulePreview) -> tuple[UUID, list[Rule]]:
    """The draft's id, and the rules in force with it in its place: the last, or that of the one
    it stands for."""
    changing.checked(library, wanted.pattern, wanted.series)
    found = list(NameRule.objects.filter(library=library).order_by("place", "id"))
    if wanted.rule and wanted.rule not in [rule.pk for rule in found]:
        raise NotThere
    draft = Rule(wanted.rule or uuid4(), wanted.pattern, wanted.series)
    rules = [
        draft if rule.pk == draft.id else Rule(rule.pk, rule.pattern, rule.series_id)
        for rule in found
        if (wanted.on if rule.pk == draft.id else rule.is_on)
    ]
    if wanted.on and wanted.rule is None:
        rules.append(draft)
    return draft.id, rules


def _summed(told: Weighed, draft: UUID, titles: dict[UUID, str]) -> dict[str, Any]:
    renamed = [f"{titles[key]} → {name}" for key, name in told.renamed.items()]
    moved = [turn for turn in told.turns if turn.series and turn.place != turn.held.series_id]
    return {
        "names": told.names,
        "fits": told.fits[draft],
        "moved": len(moved),
        "doubled": sum(turn.is_double for turn in told.turns),
        "renamed": _first(renamed),
        "made": _first(told.made),
        "emptied": _first(titles[key] for key in told.emptied),
    }


def _first(names: Iterable[str]) -> list[str]:
    return sorted(names, key=natural_key)[:_NAMED]


def _titles(ids: set[UUID]) -> dict[UUID, str]:
    return dict(Series.objects.filter(pk__in=ids).values_list("pk", "title"))


def _turned(turn: Turn, titles: dict[UUID, str]) -> dict[str, Any]:
    home = titles.get(turn.held.series_id, "")
    changes: Sequence[tuple[str, Any, Any]] = [
        *([("series", home, turn.series)] if turn.series else []),
        *turn.changes,
    ]
    return {
        "chapter": turn.held.id,
        "path": turn.held.path,
        "changes": [
            {"field": name, "before": _text(before), "after": _text(after)}
            for name, before, after in changes
        ],
        "double": turn.is_double,
    }


def _text(value: object) -> str:
    return "" if value is None else str(value)
