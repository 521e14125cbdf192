"""Which series are wanted: a tree of conditions becomes one condition of the database."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, reduce
from operator import and_, or_

import orjson
from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string
from pydantic import ValidationError

from kiremisu.accounts.models import User
from kiremisu.lib.errors import FieldError, Invalid
from library.filters.fields import FIELDS, Field
from library.filters.language import And, Condition, Not, Operator, Or, placed, read

type Tree = And | Or | Not | Condition

__all__ = ["Tree", "asked", "check", "condition", "decoded", "fields", "hangs_on", "of_json"]


def decoded(text: str, place: str = "filter") -> Tree:
    """The filter that this JSON says. Raises Invalid, naming the places of what is wrong."""
    try:
        raw = orjson.loads(text)
    except orjson.JSONDecodeError:
        wrong = FieldError(place, "This is no JSON.", "json_invalid")
        raise Invalid("The filter cannot be read.", errors=(wrong,)) from None
    return of_json(raw, place)


def of_json(raw: object, place: str = "filter") -> Tree:
    """The filter that this decoded JSON says. Raises Invalid likewise."""
    tree = read(raw, place)
    check(tree, place)
    return tree


def asked(plain: Mapping[str, Sequence[str]], text: str = "") -> list[Tree]:
    """The trees that plain parameters (any of the values for each field) and a filter in JSON
    say; all of them are meant. Raises Invalid; the place of a parameter is its name."""
    either = [
        Condition(field=name, op=Operator.IN, value=tuple(values)) for name, values in plain.items()
    ]
    _refuse(error for one in either for error in _wrong_value(one, one.field))
    return [*either, decoded(text)] if text else [*either]


def check(tree: Tree, place: str = "filter") -> None:
    """Raises Invalid unless every field is one there is and takes its operator and value."""
    _refuse(error for one, where in placed(tree, place) for error in _wrong(one, where))


def condition(user: User, tree: Tree) -> Q:
    """What a filter comes to for this person. To be put on top of what they may see."""
    match tree:
        case Condition():
            field = fields()[tree.field]
            value = field.values[tree.op].validate_python(tree.value)
            return field.condition(user, tree.op, value)
        case Not():
            return ~condition(user, tree.part)
        case And():
            return reduce(and_, (condition(user, part) for part in tree.parts))
        case Or():
            return reduce(or_, (condition(user, part) for part in tree.parts))


def hangs_on(user: User, trees: Iterable[Tree]) -> list[object] | None:
    """What the answer hangs on besides the libraries: nothing, or this person and the versions
    of what they have read or keep. None where no version tells, as of the time: no such answer
    may be kept."""
    found: dict[str, object] = {}
    for tree in trees:
        for asked_for, _ in placed(tree, ""):
            if asked_for.op is Operator.WITHIN:
                return None
            version = fields()[asked_for.field].version
            if version is not None and asked_for.field not in found:
                found[asked_for.field] = version(user)
                if found[asked_for.field] is None:
                    return None
    return [user.pk, *found.values()] if found else []


def fields() -> Mapping[str, Field]:
    """Every field there is: those of the library and of settings.SERIES_FILTERS."""
    return _with(tuple(settings.SERIES_FILTERS.items()))


@lru_cache(maxsize=4)
def _with(named: tuple[tuple[str, str], ...]) -> Mapping[str, Field]:
    return {**FIELDS, **{name: import_string(path) for name, path in named}}


def _wrong(asked: Condition, place: str) -> Iterator[FieldError]:
    field = fields().get(asked.field)
    if field is None:
        sentence = f"One of {', '.join(fields())}."
        yield FieldError(f"{place}.field", sentence, "unknown_field")
    elif asked.op not in field.values:
        sentence = f"Here one of {', '.join(field.values)}."
        yield FieldError(f"{place}.op", sentence, "unknown_operator")
    else:
        yield from _wrong_value(asked, f"{place}.value")


def _wrong_value(asked: Condition, place: str) -> Iterator[FieldError]:
    try:
        fields()[asked.field].values[asked.op].validate_python(asked.value)
    except ValidationError as error:
        for one in error.errors():
            # Of the types a value may have, the number says which; a person asked only for one.
            at = [str(step) for step in one["loc"] if isinstance(step, int)]
            yield FieldError(".".join([place, *at]), one["msg"], one["type"])


def _refuse(errors: Iterable[FieldError]) -> None:
    wrong = tuple(errors)
    if wrong:
        raise Invalid("The filter asks what cannot be asked.", errors=wrong)
