"""Doing something to many series, or chapters, at the desk: what it is, what it would change, and
undoing it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from pydantic import ValidationError

from kiremisu.accounts import links
from kiremisu.accounts.models import User
from kiremisu.lib.errors import Refused
from library import batches
from library.admin.options import Directed, Fields, Names, Nothing, Pictured, Rated, Value
from library.admin.shaping import Into, Moving, Splitting, Titled
from library.batches import undoing
from library.batches.schemas import BatchWanted
from library.models import Deed, Series

# So many at once, of which so many series are previewed. A form may have 1000 fields: the chosen,
# and what is filled in.
MOST, SHOWN = 900, settings.BATCH_MOST

type Table = Mapping[str, tuple[str, type[Nothing]]]

# Of settings.SERIES_OPERATIONS, those of the desk: what each is called, and the form that asks for
# its options. A new one is a line here; where it wants options of its own, a small form in
# library.admin.options whose `options()` are what the operation takes. Its preview and its undo
# follow from what the operation answers (library.acts.Done).
ACTS: Table = {
    "set_fields": ("Set a field", Value),
    "set_rating": ("Set the rating", Rated),
    "set_direction": ("Set the reading direction", Directed),
    "set_cover": ("Give a cover", Pictured),
    "tag": ("Give genres and tags", Names),
    "untag": ("Take genres and tags away", Names),
    "lock": ("Lock fields", Fields),
    "unlock": ("Unlock fields", Fields),
    "match": ("Look for matches", Nothing),
    "refresh": ("Ask for facts again", Nothing),
    "mark_read": ("Mark read for yourself", Nothing),
    "mark_unread": ("Mark unread for yourself", Nothing),
    "rescan": ("Scan again", Nothing),
    "merge_into": ("Merge into another series", Into),
    "move_chapters": ("Move chapters to another series", Moving),
    "split_off": ("Split chapters off as a new series", Splitting),
    "purge_missing": ("Purge missing chapters", Nothing),
    "hide": ("Hide", Nothing),
    "restore": ("Show hidden ones again", Nothing),
}
# Those for which chapters are chosen: they are told as the option `chapters`, and each is done to
# the series of these.
CHAPTER_ACTS: Table = {
    "mark_read": ("Mark read for yourself", Nothing),
    "mark_unread": ("Mark unread for yourself", Nothing),
    "lock_numbers": ("Lock volume and number", Nothing),
    "unlock_numbers": ("Unlock volume and number", Nothing),
    "move_chapters": ("Move to another series", Into),
    "split_off": ("Split off as a new series", Titled),
}

type Action = Callable[[Any, HttpRequest, QuerySet[Any]], HttpResponse | None]


class Chosen(NamedTuple):
    """What was ticked in a list: the rows' ids, the series that are acted on, in the order of their
    titles, and what an operation is told besides its own options."""

    ids: Sequence[UUID]
    series: Sequence[UUID]
    options: Mapping[str, Any]


def _series(rows: QuerySet[Any]) -> Chosen:
    ids = list(rows.order_by("sort_title", "id").values_list("pk", flat=True)[: MOST + 1])
    return Chosen(ids, ids, {})


def _chapters(rows: QuerySet[Any]) -> Chosen:
    ordered = rows.order_by("series__sort_title", "series_id", "id")
    found = list(ordered.values_list("pk", "series")[: MOST + 1])
    ids = [pk for pk, _ in found]
    told = {"chapters": [str(pk) for pk in ids]}
    return Chosen(ids, list(dict.fromkeys(series for _, series in found)), told)


def _action(name: str, table: Table, choose: Callable[[QuerySet[Any]], Chosen]) -> Action:
    label, kind = table[name]

    def act(desk: Any, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse | None:
        chosen = choose(rows)
        if len(chosen.ids) > MOST:
            desk.message_user(request, f"Choose {MOST} at most.", messages.ERROR)
            return None
        step = request.POST.get("step", "")
        form = kind(request.POST, request.FILES) if step else kind()
        told = _page(desk, request, chosen) | {"title": label, "name": name, "form": form}
        try:
            if step and form.is_valid():
                user, options = request.user, form.options()
                assert isinstance(user, User)
                do = _done if step == "do" else _previewed
                told |= do(user, name, chosen.series, {**options, **chosen.options})
                if "is_asked" in told:
                    desk.message_user(request, "A job does it.")
                    return redirect("admin:library_deed_change", told["deed"].pk)
                if isinstance(form, Pictured):
                    told["picture_url"] = links.cover_url(user, form.picture_key(), 200)
        except (Refused, ValidationError) as wrong:
            reason = wrong.detail if isinstance(wrong, Refused) else "That is no such value."
            told["refused"] = reason
        return render(request, "admin/act.html", told)

    act.__name__ = name
    return admin.action(description=label)(act)


def _page(desk: Any, request: HttpRequest, chosen: Chosen) -> dict[str, Any]:
    opts = desk.opts
    return {
        **desk.admin_site.each_context(request),
        "opts": opts,
        "list_url": reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist"),
        "ids": chosen.ids,
        "many": len(chosen.series),
        "shown": SHOWN,
    }


def _previewed(
    user: User, name: str, ids: Sequence[UUID], options: dict[str, Any]
) -> dict[str, Any]:
    found = batches.preview(user, _wanted(name, ids[:SHOWN], options))
    told = {kind: _titled(found[kind], "series") for kind in ("changes", "words")}
    return {**told, "failed": _titled(found["failed"], "id"), "is_previewed": True}


def _done(user: User, name: str, ids: Sequence[UUID], options: dict[str, Any]) -> dict[str, Any]:
    """At once, or by a job where they are more than a batch takes."""
    some = _wanted(name, ids[: settings.BATCH_MOST], options)
    if len(ids) > settings.BATCH_MOST:
        return {"deed": batches.request(user, some, ids), "is_asked": True}
    answer = batches.perform(user, some)
    deed = Deed.objects.filter(pk=answer["run"]).first()
    told = {"done": len(answer["done"]), "failed": _titled(answer["failed"], "id"), "deed": deed}
    return told | {"is_done": True, "is_undoable": deed and undoing.is_undoable(deed)}


def _titled(lines: Sequence[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    """These, each with the title of the series that it names."""
    ids = {line[key] for line in lines}
    titles = dict(Series.objects.filter(pk__in=ids).values_list("pk", "title"))
    return [line | {"title": titles.get(line[key], "")} for line in lines]


def _wanted(name: str, ids: Iterable[UUID], options: dict[str, Any]) -> BatchWanted:
    return BatchWanted(ids=list(ids), operation=name, options=options, mode="each", preview=False)


# For the lists of series and of chapters.
ACTIONS = tuple(_action(name, ACTS, _series) for name in ACTS)
CHAPTER_ACTIONS = tuple(_action(name, CHAPTER_ACTS, _chapters) for name in CHAPTER_ACTS)
