"""The facts of a series as a form: each in one field, lists one to a line."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args, override

from django import forms

from kiremisu.accounts.ratings import Rating
from kiremisu.lib.errors import Invalid
from library.facts import Demographic, Status
from library.merging import Stood
from library.models import Credit
from library.wording import label

STATUSES: Sequence[str] = get_args(Status.__value__)
DIRECTIONS = (("rtl", "Right to left"), ("ltr", "Left to right"), ("vertical", "Downwards"))
_NONE = [("", "–")]
_ROWS = {"summary": 6, "tags": 4, "titles": 4, "people": 3, "genres": 3, "links": 3}
_HELP = {
    "titles": "One to a line, with its language behind a bar: 塩の道 | ja",
    "people": "One to a line, with the role behind a bar: Mina Tidewater | author",
    "genres": "One to a line",
    "tags": "One to a line",
    "links": "One to a line, an id or an address behind a bar: mangadex | a96676e5-…",
}


class Lines(forms.CharField):
    """Several, one to a line."""

    @override
    def to_python(self, value: Any) -> Any:
        lines = value if isinstance(value, list) else str(value or "").splitlines()
        return [tidy for line in lines if (tidy := line.strip())]


class Prose(forms.CharField):
    """Text of several lines, whichever way a browser ends them."""

    @override
    def to_python(self, value: Any) -> Any:
        return "\n".join(str(value or "").strip().splitlines())


def _barred(first: str, second: str) -> tuple[Callable[[Any], str], Callable[[str], Any]]:
    """How a line of two parts is written, and read."""

    def write(line: Mapping[str, str]) -> str:
        is_plain = not line[second] and "|" not in line[first]
        return line[first] if is_plain else f"{line[first]} | {line[second]}".strip()

    def read(text: str) -> dict[str, str]:
        head, bar, tail = text.rpartition("|")
        return {first: head.strip(), second: tail.strip()} if bar else {first: text, second: ""}

    return write, read


def _credit(text: str) -> dict[str, str]:
    """Whoever has no role wrote it."""
    told: dict[str, str] = _barred("name", "role")[1](text)
    role = told["role"].lower().replace(" ", "_") or Credit.Role.AUTHOR
    return told | {"role": role}


# By field: how a line is written, and read. Names of genres and tags are lines as they are.
_LINED: Mapping[str, tuple[Callable[[Any], str], Callable[[str], Any]]] = {
    "titles": _barred("text", "language"),
    "people": (_barred("name", "role")[0], _credit),
    "links": _barred("site", "address"),
    "genres": (str, str),
    "tags": (str, str),
}


class FactForm(forms.Form):
    """Each fact as it stands. What is sent is compared with what the page showed, so that nothing
    is changed back that others changed meanwhile."""

    def __init__(self, stands: Mapping[str, Stood], data: Any = None) -> None:
        super().__init__(data)
        for name, stood in stands.items():
            field = _field(name, stood.value)
            field.show_hidden_initial = True
            field.initial = _written(name, stood.value)
            self.fields[name] = field

    def changes(self) -> dict[str, Any]:
        """What is to stand otherwise, as the API takes it."""
        return {name: _read(name, self.cleaned_data[name]) for name in self.changed_data}

    def refuse(self, wrong: Invalid) -> None:
        """Say beside the fields what is wrong with them."""
        for error in wrong.errors:
            name = error.field.removeprefix("options.").partition(".")[0]
            self.add_error(name if name in self.fields else None, error.message)
        if not wrong.errors:
            self.add_error(None, wrong.detail)


def _field(name: str, value: Any) -> forms.Field:
    told: dict[str, Any] = {"label": label(name), "required": False}
    rows = forms.Textarea({"rows": _ROWS.get(name, 1), "cols": 40})
    if name in _LINED:
        return Lines(**told, widget=rows, help_text=_HELP[name])
    if name == "summary":
        return Prose(**told, widget=rows, max_length=5000)
    if name == "year":
        return forms.IntegerField(**told, min_value=1, max_value=9999)
    if name in (choices := _choices(str(value))):
        return forms.ChoiceField(**told, choices=choices[name])
    return forms.CharField(**told, max_length=500)


def _choices(value: str) -> dict[str, Any]:
    """The fields that are one of some; what stands there is one of them, whatever it is."""
    demographics = get_args(Demographic.__value__)
    known = {
        "status": [*_NONE, *((one, one.capitalize()) for one in STATUSES)],
        "demographic": [*_NONE, *((one, one.capitalize()) for one in demographics)],
        "direction": [*_NONE, *DIRECTIONS],
        "content_rating": Rating.choices,
    }
    if value not in ("", *STATUSES):
        known["status"].append((value, value))
    return known


def _written(name: str, value: Any) -> Any:
    if name in _LINED:
        return "\n".join(map(_LINED[name][0], value))
    return value


def _read(name: str, value: Any) -> Any:
    if name in _LINED:
        return [_LINED[name][1](line) for line in value]
    return value
