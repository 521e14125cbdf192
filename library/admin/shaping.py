"""What is filled in at the desk for what changes the shape of series."""

import re
from typing import Any, override
from uuid import UUID

from django import forms

from kiremisu.accounts import behalf
from library.admin.options import Nothing
from library.models import Series

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Other(forms.CharField):
    """A series that whoever asks may see, by its title, or by its id in the address of its page;
    as its id."""

    @override
    def clean(self, value: Any) -> UUID:
        text = str(super().clean(value))
        if named := _ID.search(text):
            return UUID(named.group())
        user, _ = behalf.whose()
        seen = Series.objects.visible_to(user) if user else Series.objects.none()
        found = seen.filter(title__iexact=text).order_by("id")
        ids = list(found.values_list("pk", flat=True)[:2])
        if not ids:
            raise forms.ValidationError("There is no such series.")
        if len(ids) > 1:
            raise forms.ValidationError("Several are called so: give the address of its page.")
        return ids[0]


def _other() -> Other:
    return Other(label="Into", max_length=500, help_text="Its title, or the address of its page")


def _which() -> forms.CharField:
    return forms.CharField(
        label="Chapters", max_length=500, help_text="By their numbers, as 1-20, 25, v3"
    )


class Into(Nothing):
    target = _other()

    @override
    def options(self) -> dict[str, Any]:
        return {"target": str(self.cleaned_data["target"])}


class Moving(Nothing):
    which = _which()
    target = _other()

    @override
    def options(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {"which": told["which"], "target": str(told["target"])}


class Titled(Nothing):
    title = forms.CharField(label="Its title", max_length=500)

    @override
    def options(self) -> dict[str, Any]:
        return {"title": self.cleaned_data["title"]}


class Splitting(Nothing):
    which = _which()
    title = forms.CharField(label="Its title", max_length=500)

    @override
    def options(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("which", "title")}
