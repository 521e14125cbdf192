"""What rules make of the facts of a name. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from kiremisu.lib.text import clean
from library.inspection import Facts, first_number, key_of
from library.names.fitting import Fitter, Told, fitter, parts_of

# How long the fields may be, as they are stored; a pattern calls a chapter's number "chapter".
_LONGEST = {
    "series": 500,
    "volume": 40,
    "chapter": 40,
    "title": 500,
    "group": 255,
    "language": 20,
    "edition": 100,
}
# The facts that rules may tell, by their names in `Facts`.
TELLABLE = ("series", "volume", "number", "title", "year", "group", "language", "edition")


class Rule(NamedTuple):
    """A pattern for all names of a library, or for those of one of its series."""

    id: UUID
    pattern: str
    series: UUID | None = None


class Naming:
    """The rules of a library, in their order. Of those of the library the first that fits counts,
    and above it the first of those of the file's series."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self._rules: dict[UUID | None, list[tuple[UUID, Fitter]]] = defaultdict(list)
        for rule in rules:
            self._rules[rule.series].append((rule.id, fitter(rule.pattern)))
        # Which series have rules of their own.
        self.of_series = frozenset(series for series in self._rules if series)

    def __bool__(self) -> bool:
        return bool(self._rules)

    def told(self, path: str, series: UUID | None = None) -> tuple[UUID | None, Told]:
        """Which of the library's rules fits first, or of those of this series, and what the name
        tells by it. A library that is one book (".") has no name below itself."""
        rules = self._rules.get(series) if path != "." else None
        parts = parts_of(path) if rules else []
        for rule, ready in rules or ():
            told = ready.fit(parts)
            if told is not None:
                return rule, told
        return None, {}

    def read(self, path: str, facts: Facts) -> Facts:
        """The facts of a name, as the library's rules have them."""
        return over(facts, self.told(path)[1]) if self._rules else facts

    def read_in(self, series: UUID, path: str, facts: Facts) -> Facts:
        """The same, as the rules of its series have them."""
        return over(facts, self.told(path, series)[1]) if series in self._rules else facts


def over(facts: Facts, told: Told) -> Facts:
    """The facts with what a rule tells above them; they are kept below it."""
    if not told:
        return facts
    changes: dict[str, Any] = {"named": facts.named or facts}
    for field, text in told.items():
        if field == "year":
            changes["year"] = int(text) if text else None
            continue
        is_clean = text.isascii() and text.isprintable() and len(text) <= _LONGEST[field]
        value = text if is_clean else clean(text, _LONGEST[field])
        if field == "series":
            changes |= {"series": value, "key": key_of(value), "is_alone": False}
        elif field == "volume":
            changes |= {"volume": value, "volume_order": first_number(value)}
        elif field == "chapter":
            changes |= {"number": value, "number_order": first_number(value)}
        else:
            changes[field] = value
    return facts._replace(**changes)


def unruled(facts: Facts) -> Mapping[str, Any] | None:
    """What the name tells without rules, where they tell something else."""
    if facts.named is None:
        return None
    below = {name: getattr(facts.named, name) for name in TELLABLE}
    return {name: value for name, value in below.items() if value != getattr(facts, name)} or None
