"""What the desk asks before something is done to many series: the options of each operation."""

import re
from typing import Any, override

from django import forms

from kiremisu.accounts.ratings import Rating
from kiremisu.lib.errors import Invalid
from library import picking
from library.merging import FIELDS

_PLAIN = (
    *("status", "year", "language", "demographic", "content_rating", "direction", "summary"),
    *("last_chapter", "last_volume"),
)

_DIRECTIONS = {"": "As the library has it", "rtl": "Right to left", "ltr": "Left to right"}
_DIRECTIONS |= {"vertical": "One strip"}


class Nothing(forms.Form):
    """An operation without options."""

    def options(self) -> dict[str, Any]:
        return {}


class Value(Nothing):
    """One field, and what is to stand in it; nothing empties it."""

    field = forms.ChoiceField(choices=[(name, name.replace("_", " ")) for name in _PLAIN])
    value = forms.CharField(required=False, max_length=5000)

    @override
    def options(self) -> dict[str, Any]:
        field, value = self.cleaned_data["field"], self.cleaned_data["value"]
        is_year = field == "year"
        if is_year:
            return {field: int(value) if re.fullmatch("[0-9]{1,4}", value) else value or None}
        return {field: value}


class Names(Nothing):
    """Genres and tags, by commas."""

    genres = forms.CharField(required=False, help_text="By commas")
    tags = forms.CharField(required=False, help_text="By commas")

    @override
    def options(self) -> dict[str, Any]:
        told = {name: self.cleaned_data[name].split(",") for name in ("genres", "tags")}
        named = {name: [one.strip() for one in some if one.strip()] for name, some in told.items()}
        return {name: some for name, some in named.items() if some}


class Fields(Nothing):
    fields_ = forms.MultipleChoiceField(
        label="Fields",
        choices=[(name, name.replace("_", " ")) for name in FIELDS],
        widget=forms.CheckboxSelectMultiple,
    )

    @override
    def options(self) -> dict[str, Any]:
        return {"fields": self.cleaned_data["fields_"]}


class Rated(Nothing):
    content_rating = forms.ChoiceField(label="Rating", choices=Rating.choices)

    @override
    def options(self) -> dict[str, Any]:
        return {"content_rating": self.cleaned_data["content_rating"]}


class Directed(Nothing):
    direction = forms.ChoiceField(required=False, choices=list(_DIRECTIONS.items()))

    @override
    def options(self) -> dict[str, Any]:
        return {"direction": self.cleaned_data["direction"]}


class Pictured(Nothing):
    """A picture that is sent once: what was kept of it goes along with the form from then on."""

    sent = forms.FileField(
        label="Picture", required=False, help_text="JPEG, PNG, WebP, GIF or AVIF"
    )
    picture = forms.CharField(required=False, widget=forms.HiddenInput)

    @override
    def options(self) -> dict[str, Any]:
        sent = self.cleaned_data["sent"]
        if sent is not None:
            self.data = {**dict(self.data.items()), "picture": picking.keep(sent.read()).key}
        if not self.data.get("picture"):
            raise Invalid("Choose a picture.")
        return {"picture": self.data["picture"]}

    def picture_key(self) -> str:
        """Under which its files are served."""
        return f"{self.data['picture']}-1"
