"""Doing something to many series at the desk: what it is, what it would change, and undoing it."""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import batched
from typing import Any, override
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.urls.resolvers import URLPattern
from pydantic import ValidationError

from kiremisu.accounts.models import User
from kiremisu.lib.errors import Refused
from kiremisu.lib.ids import uuid7
from library import batches, history
from library.batches.schemas import BatchWanted
from library.merging import FIELDS
from library.models import Series

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
}
# What these change is no fact of the series, which alone are undone by their run.
_NOT_UNDONE = {"match", "refresh", "mark_read", "mark_unread"}

type Action = Callable[[Any, HttpRequest, QuerySet[Series]], HttpResponse | None]


class Acting(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    """A list whose chosen rows are acted on: options first, then what would change, then it is
    done."""

    @override
    def get_urls(self) -> list[URLPattern]:
        undo = self.admin_site.admin_view(self.undo)
        own = [path("undo/<uuid:run>/", undo, name="library_series_undo")]
        return [*own, *super().get_urls()]

    def undo(self, request: HttpRequest, run: UUID) -> HttpResponse:
        """Take back what a run changed."""
        if request.method == "POST":
            assert isinstance(request.user, User)
            history.request_undo(request.user, run=run)
            self.message_user(request, "A job takes it back, but for what was changed since.")
        return redirect("admin:library_series_changelist")


def _action(name: str) -> Action:
    def act(desk: Acting, request: HttpRequest, chosen: QuerySet[Series]) -> HttpResponse | None:
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
    user, run = request.user, uuid7()
    assert isinstance(user, User)
    if step != "do":
        wanted = _wanted(name, ids[:SHOWN], options)
        found = batches.preview(user, wanted)
        titles = dict(Series.objects.filter(pk__in=wanted.ids).values_list("pk", "title"))
        changes = [change | {"title": titles[change["series"]]} for change in found["changes"]]
        return {"changes": changes, "failed": found["failed"], "is_previewed": True}
    done = [
        batches.perform(user, _wanted(name, some, options), run)
        for some in batched(ids, settings.BATCH_MOST, strict=False)
    ]
    many = sum(len(each["done"]) for each in done)
    failed = [one for each in done for one in each["failed"]]
    undoes = None if name in _NOT_UNDONE else run
    return {"done": many, "failed": failed, "undoes": undoes, "is_done": True}


def _wanted(name: str, ids: Sequence[UUID], options: dict[str, Any]) -> BatchWanted:
    return BatchWanted(ids=list(ids), operation=name, options=options, mode="each", preview=False)


# For the list of series.
ACTIONS = tuple(map(_action, ACTS))
