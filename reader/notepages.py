"""The notes page: bookmarks and notes by series, changing them, taking them along."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Self
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import CharField, QuerySet, Value
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from kiremisu.accounts.models import User
from kiremisu.lib.text import clean
from library.models import Chapter, Series
from reader import notebook, notes
from reader.asking import Asking
from reader.models import TAG, Bookmark, Note

PER_PAGE = 60
# The most series the page offers to choose from.
SERIES = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. Nonsense is read as not said."""

    series: UUID | None = None
    tag: str = ""
    since: datetime | None = None
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        page = query.get("page", "")
        return cls(
            series=_uuid(query.get("series", "")),
            tag=clean(query.get("tag", ""), TAG),
            since=_day(query.get("since", "")),
            page=int(page) if page.isdecimal() and len(page) < 7 else 1,
        )

    @property
    def day(self) -> str:
        """As a date field writes it."""
        return self.since.date().isoformat() if self.since else ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.series or self.tag or self.since)

    def query(self, **changes: Any) -> str:
        """The end of the address that asks so, with some things changed; from its first page."""
        asked = replace(self, **{"page": 1, **changes})
        said = {
            "series": str(asked.series or ""),
            "tag": asked.tag,
            "since": asked.day,
            "page": str(asked.page) if asked.page > 1 else "",
        }
        said = {name: value for name, value in said.items() if value}
        return f"?{urlencode(said)}" if said else ""

    def notes(self, user: User) -> QuerySet[Note]:
        found = Note.objects.visible_to(user)
        if self.series:
            found = found.within(self.series)
        if self.tag:
            found = found.filter(tags__contains=[self.tag])
        return notebook.between(found, self.since, None)

    def bookmarks(self, user: User) -> QuerySet[Bookmark]:
        """A bookmark has no tag."""
        found = Bookmark.objects.visible_to(user)
        if self.tag:
            return found.none()
        if self.series:
            found = found.within(self.series)
        return notebook.between(found, self.since, None)


@dataclass(frozen=True, slots=True)
class Entry:
    """A note or a bookmark, beside its page."""

    mark: Note | Bookmark
    chapter: Chapter
    thumbnail: str

    @property
    def note(self) -> Note | None:
        return self.mark if isinstance(self.mark, Note) else None

    @property
    def tags(self) -> str:
        """As one writes them in a field."""
        return ", ".join(self.note.tags) if self.note else ""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of notes and bookmarks, under their series."""

    asked: Asked
    page: Page[Any]
    groups: list[tuple[Series, list[Entry]]]
    series: list[Series]
    tags: list[tuple[str, str]]

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @property
    def here(self) -> str:
        return self.asked.query(page=self.page.number)

    @property
    def older(self) -> str:
        return self.asked.query(page=self.page.number + 1) if self.page.has_next() else ""

    @property
    def newer(self) -> str:
        return self.asked.query(page=self.page.number - 1) if self.page.has_previous() else ""

    @property
    def without_tag(self) -> str:
        return self.asked.query(tag="") or "?"

    @property
    def filters(self) -> str:
        """For the exports."""
        return self.asked.query()


@login_required
@require_safe
def show(request: Asking) -> HttpResponse:
    """Bookmarks and notes, the newest first, by series."""
    found = listing(request.user, Asked.of(request.GET))
    facts = {"listing": found, "shelved": [series for series, _ in found.groups]}
    return render(request, "reader/notes.html", facts)


def listing(user: User, asked: Asked) -> Listing:
    """What the page shows; past the end one sees the last page."""
    page = Paginator(_both(user, asked), PER_PAGE).get_page(asked.page)
    entries = _entries(user, list(page))
    return Listing(
        asked=asked,
        page=page,
        groups=_by_series(entries),
        series=_series_with_marks(user),
        tags=[(tag, asked.query(tag=tag)) for tag in notebook.tags_of(user) if tag != asked.tag],
    )


def _both(user: User, asked: Asked) -> QuerySet[Any, Any]:
    written = _named(asked.notes(user).order_by(), "note")
    marked = _named(asked.bookmarks(user).order_by(), "bookmark")
    both: QuerySet[Any, Any] = written.union(marked, all=True).order_by("-at", "-id")
    return both


def _named(found: QuerySet[Any], kind: str) -> Any:
    return found.annotate(kind=Value(kind, output_field=CharField())).values("id", "at", "kind")


def _entries(user: User, rows: list[dict[str, Any]]) -> list[Entry]:
    ids = [row["id"] for row in rows]
    marks: dict[UUID, Note | Bookmark] = {
        **Note.objects.visible_to(user).in_bulk(ids),
        **Bookmark.objects.visible_to(user).in_bulk(ids),
    }
    chapters = notebook.chapters_of(user, (mark.content_id for mark in marks.values()))
    found = (marks[key] for key in ids if key in marks)
    return [
        Entry(mark, chapter, notebook.thumbnail(user, chapter, mark.page))
        for mark in found
        if (chapter := chapters.get(mark.content_id))
    ]


def _by_series(entries: list[Entry]) -> list[tuple[Series, list[Entry]]]:
    """The series with the newest first; inside as one reads."""
    order: dict[UUID, int] = {}
    for entry in entries:
        order.setdefault(entry.chapter.series_id, len(order))
    read = sorted(
        entries,
        key=lambda e: (
            order[e.chapter.series_id],
            *(e.chapter.special, e.chapter.volume_order, e.chapter.number_order),
            *(e.chapter.path, e.mark.page),
        ),
    )
    runs = groupby(read, key=lambda entry: entry.chapter.series_id)
    groups = [list(run) for _, run in runs]
    return [(group[0].chapter.series, group) for group in groups]


def _series_with_marks(user: User) -> list[Series]:
    contents = (
        Note.objects.filter(user=user)
        .order_by()
        .values("content")
        .union(Bookmark.objects.filter(user=user).order_by().values("content"))
    )
    chapters = Chapter.objects.visible_to(user).filter(content__in=contents).order_by()
    found = Series.objects.visible_to(user).filter(pk__in=chapters.values("series"))
    return list(found.order_by("sort_title", "id")[:SERIES])


@login_required
@require_POST
def change(request: Asking, note_id: UUID) -> HttpResponse:
    """Change a note's words and tags, or erase it."""
    found = Note.objects.visible_to(request.user).select_related("content")
    note = get_object_or_404(found, pk=note_id)
    if request.POST.get("act") == "erase":
        notes.erase(note)
    else:
        tags = notes.named(request.POST.get("tags", ""))
        notes.rewrite(note, text=request.POST.get("text", ""), tags=tags)
    return _back(request)


@login_required
@require_POST
def unmark(request: Asking, bookmark_id: UUID) -> HttpResponse:
    """Take a bookmark off."""
    get_object_or_404(Bookmark.objects.visible_to(request.user), pk=bookmark_id).delete()
    return _back(request)


def _back(request: Asking) -> HttpResponse:
    at = request.POST.get("at", "")
    address = reverse("notes") + (at if at.startswith("?") else "")
    is_ours = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return redirect(address if is_ours else reverse("notes"))


@login_required
@require_safe
def export(request: Asking, kind: str) -> HttpResponse:
    """All that the page's filters leave, as Markdown or JSON, to keep."""
    if kind not in {"md", "json"}:
        raise Http404("Notes are exported as md or json.")
    asked = Asked.of(request.GET)
    written = notebook.shown(request.user, asked.notes(request.user).order_by("-at", "-id"))
    marked = notebook.shown_bookmarks(request.user, asked.bookmarks(request.user))
    if kind == "json":
        text = json.dumps({"notes": written, "bookmarks": marked}, default=str, indent=1)
        answer = HttpResponse(text, content_type="application/json")
    else:
        words = _markdown([*written, *marked])
        answer = HttpResponse(words, content_type="text/markdown; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="kiremisu-notes.{kind}"'
    return answer


def _markdown(rows: list[dict[str, Any]]) -> str:
    """By series, then by chapter and page."""
    by_place = sorted(
        rows, key=lambda r: (r["series_title"], str(r["series"]), r["chapter_label"], r["page"])
    )
    lines = ["# Notes", ""]
    for _, run in groupby(by_place, key=lambda row: row["series"]):
        group = list(run)
        lines += [f"## {group[0]['series_title']}", ""]
        for row in group:
            tags = "".join(f" `{tag}`" for tag in row.get("tags", ()))
            lines += [f"### {row['chapter_label']}, page {row['page']}{tags}", ""]
            said = row.get("text", "").splitlines()
            lines += [*(f"> {line}".rstrip() for line in said), ""] if said else ["Bookmark", ""]
    return "\n".join(lines)


def _day(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
