"""Libraries: adding a folder, looking inside one first, moving one to another place."""

import os
from collections import Counter
from time import monotonic
from typing import NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from kiremisu.accounts import audit
from kiremisu.accounts.models import User
from kiremisu.jobs.events import announce
from kiremisu.lib.errors import Conflict, FieldError, Forbidden, Invalid, Refused
from kiremisu.lib.paths import storable
from kiremisu.lib.text import clean
from library.archives import is_book_name
from library.disk import Walk
from library.inspection import facts_of
from library.models import Library

_LOOK_SECONDS = 2.0
_EXAMPLES = 5
_NAMES_READ = 2_000


class Preview(NamedTuple):
    """What adding a folder would find. `is_whole` is false where time ran out on the way."""

    books: int
    folders: int
    bytes: int
    series: int
    examples: list[str]
    formats: dict[str, int]
    unreadable: int
    is_whole: bool

    @property
    def files(self) -> int:
        return self.books


def add(root: str, name: str | None = None, asked_by: User | None = None) -> Library:
    """Make a library of this folder, or answer the one that is there already.

    Raises Invalid when there is no such folder or it may not be one, Forbidden where
    `asked_by` is no administrator.
    """
    if asked_by is not None and not asked_by.is_administrator:
        raise Forbidden("Administrators may add libraries.")
    place = checked_root(root)
    known = Library.objects.filter(root=storable(place)).first()
    if known is not None:
        return known
    _refuse_overlap(place)
    label = clean(name or os.path.basename(place), 200) or storable(place)[:200]
    try:
        with transaction.atomic():
            library = Library.objects.create(name=label, root=storable(place))
            announce("library", library.id)
            audit.note("library.added", library, who=asked_by)
            return library
    except IntegrityError:
        # Somebody else added it in this moment.
        return Library.objects.get(root=storable(place))


@transaction.atomic
def move(library: Library, new_root: str) -> Library:
    """Its folder lies somewhere else now. Chapters keep their ids; a scan follows by itself.

    Raises Invalid for an impossible folder, Conflict when another library has it.
    """
    place = checked_root(new_root)
    if Library.objects.filter(root=storable(place)).exclude(pk=library.pk).exists():
        raise Conflict("Another library has this folder.")
    _refuse_overlap(place, besides=library)
    audit.note("library.moved", library, changed={"root": (library.root, storable(place))})
    Library.objects.filter(pk=library.pk).update(
        root=storable(place), version=F("version") + 1, device=None
    )
    announce("library", library.id)
    library.refresh_from_db()
    return library


def look_inside(root: str) -> Preview:
    """What a scan of this folder would find, as far as two seconds reach. Stores nothing.

    Raises Invalid as `add` does.
    """
    place = checked_root(root)
    until = monotonic() + _LOOK_SECONDS
    walk, is_whole = Walk(place), True
    books = size = 0
    examples: list[str] = []
    series: set[str] = set()
    formats: Counter[str] = Counter()
    try:
        for found in walk:
            books += 1
            size += found.size
            # A folder may be called "Chapter 7.5": only a book's ending names a format.
            is_file = is_book_name(found.path)
            formats[found.path.rpartition(".")[2].lower() if is_file else "folder"] += 1
            if len(examples) < _EXAMPLES:
                is_root = found.path == "."
                examples.append(storable(os.path.basename(place)) if is_root else found.path)
            if books <= _NAMES_READ:
                series.add(facts_of(place, found.path).key)
            if monotonic() > until:
                is_whole = False
                break
    except Refused as refusal:
        raise _invalid(refusal.detail) from refusal
    many = round(len(series) * max(1, books / _NAMES_READ))
    return Preview(
        *(books, walk.folders, size, many, examples, dict(formats.most_common())),
        *(len(walk.unreadable), is_whole),
    )


def checked_root(root: str) -> str:
    """The folder a person means, absolute and without links. Raises Invalid."""
    if not root.strip() or "\0" in root:
        raise _invalid("Say which folder.")
    place = os.path.realpath(os.path.expanduser(root))
    if not os.path.isdir(place):
        raise _invalid(f"There is no folder {storable(place)}.")
    if not os.access(place, os.R_OK | os.X_OK):
        raise _invalid(f"This server is not permitted to read {storable(place)}.")
    allowed = [os.path.realpath(each) for each in settings.LIBRARY_ROOTS]
    if allowed and not any(_is_below(place, each) for each in allowed):
        raise _invalid("Libraries must lie under " + ", ".join(map(storable, allowed)) + ".")
    return place


def _refuse_overlap(place: str, besides: Library | None = None) -> None:
    """One file belongs to one library."""
    others = Library.objects.exclude(pk=besides.pk) if besides else Library.objects.all()
    for other in others.order_by("name", "id"):
        if _is_below(place, other.folder):
            raise _invalid(f"This folder lies in the library {other.name} already.")
        if _is_below(other.folder, place):
            raise _invalid(f"The library {other.name} lies in this folder already.")


def _is_below(path: str, folder: str) -> bool:
    """Whether a path is this folder or in it; compared part by part."""
    return os.path.commonpath((path, folder)) == folder


def _invalid(detail: str) -> Invalid:
    return Invalid(detail, errors=(FieldError("root", detail),))
