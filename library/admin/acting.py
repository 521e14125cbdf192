"""Doing something to many series at the desk: what it is, what it would change, and undoing it."""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import batched
from typing import Any, override
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db import OperationalError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from pydantic import ValidationError

from kiremisu.accounts.models import User
from kiremisu.lib.errors import Refused
from kiremisu.lib.ids import uuid7
from library import batches
from library.batches.schemas import BatchWanted
from library.merging import FIELDS
from library.models import Deed, Series

# So many at once, of which so many are previewed. A form may have 1000 fields: the chosen, and what
# is filled in.
MOST, SHOWN = 900, settings.BATCH_MOST
_PLAIN = (
    *("status", "year", "language", "demographic", "content_rating", "direction", "summary"),
    *("last_chapter", "last_volume"),
)


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


# Of settings.SERIES_OPERATIONS, those of the desk: what each is called, and its options.
ACTS: Mapping[str, tuple[str, type[Nothing]]] = {
    "set_fields": ("Set a field", Value),
    "tag": ("Give genres and tags", Names),
    "untag": ("Take genres and tags away", Names),
    "lock": ("Lock fields", Fields),
    "unlock": ("Unlock fields", Fields),
    "match": ("Look for matches", Nothing),
    "refresh": ("Ask for facts again", Nothing),
    "mark_read": ("Mark read for yourself", Nothing),
    "mark_unread": ("Mark unread for yourself", Nothing),
    "hide": ("Hide", Nothing),
    "restore": ("Show hidden ones again", Nothing),
}

type Action = Callable[[Any, HttpRequest, QuerySet[Series]], HttpResponse | None]


def _action(name: str) -> Action:
    def act(desk: Any, request: HttpRequest, chosen: QuerySet[Series]) -> HttpResponse | None:
        ids = list(chosen.order_by("sort_title", "id").values_list("pk", flat=True)[: MOST + 1])
        if len(ids) > MOST:
            desk.message_user(request, f"Choose {MOST} at most.", messages.ERROR)
            return None
        label, kind = ACTS[name]
        step = request.POST.get("step", "")
        form = kind(request.POST) if step else kind()
        told: dict[str, Any] = {
            **desk.admin_site.each_context(request),
            "title": label,
            "name": name,
            "form": form,
            "ids": ids,
            "opts": Series._meta,
            "total": len(ids),
            "shown": SHOWN,
        }
        try:
            if step and form.is_valid():
                told |= _told(request, name, ids, form.options(), step)
        except (Refused, ValidationError) as wrong:
            reason = wrong.detail if isinstance(wrong, Refused) else "That is no such value."
            told["refused"] = reason
        return render(request, "admin/act.html", told)

    act.__name__ = name
    return admin.action(description=ACTS[name][0])(act)


def _told(
    request: HttpRequest, name: str, ids: Sequence[UUID], options: dict[str, Any], step: str
) -> dict[str, Any]:
    """What was done, or what would be."""
    user = request.user
    assert isinstance(user, User)
    return (_done if step == "do" else _previewed)(user, name, ids, options)


def _previewed(
    user: User, name: str, ids: Sequence[UUID], options: dict[str, Any]
) -> dict[str, Any]:
    wanted = _wanted(name, ids[:SHOWN], options)
    found = batches.preview(user, wanted)
    titles = dict(Series.objects.filter(pk__in=wanted.ids).values_list("pk", "title"))
    facts, words = found["changes"], found["words"]
    named = {
        kind: [one | {"title": titles[one["series"]]} for one in some]
        for kind, some in (("changes", facts), ("words", words))
    }
    return {**named, "failed": found["failed"], "is_previewed": True}


def _done(user: User, name: str, ids: Sequence[UUID], options: dict[str, Any]) -> dict[str, Any]:
    """In parts, each whole for itself: where one is refused, what was done before stays, and can
    be taken back."""
    run, many, failed, refused = uuid7(), 0, [], ""
    try:
        for some in batched(ids, settings.BATCH_MOST, strict=False):
            answer = batches.perform(user, _wanted(name, some, options), run)
            many += len(answer["done"])
            failed += answer["failed"]
    except (Refused, OperationalError) as wrong:
        if not many:
            raise
        reason = wrong.detail if isinstance(wrong, Refused) else "The database was too busy."
        refused = f"{reason} The others were not done."
    undoes = Deed.objects.filter(pk=run).first()
    told = {"done": many, "failed": failed, "refused": refused, "undoes": undoes}
    return told | {"is_done": True}


def _wanted(name: str, ids: Sequence[UUID], options: dict[str, Any]) -> BatchWanted:
    return BatchWanted(ids=list(ids), operation=name, options=options, mode="each", preview=False)


# For the list of series.
ACTIONS = tuple(map(_action, ACTS))
