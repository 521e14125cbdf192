"""Choosing a folder of this server: what lies where, for the set-up page."""

import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from kiremisu.lib.errors import Invalid
from kiremisu.lib.paths import on_disk, storable
from kiremisu.lib.text import natural_key
from library.libraries import Preview, checked_root, look_inside

MOST = 300
# Where manga usually lies when nothing else is said; those that exist are offered.
USUAL = ("/data", "/manga", "/media", "/mnt", "/srv", "/home")


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder one may go into. `path` is text, as `storable` makes it."""

    path: str
    name: str
    is_readable: bool = True


@dataclass(frozen=True, slots=True)
class Look:
    """A folder looked into: what is around it, and what adding it would find."""

    path: str
    parent: Folder | None
    folders: list[Folder]
    preview: Preview | None = None
    error: str = ""

    @property
    def formats(self) -> str:
        """ "CBZ 11,840 · CBR 902"."""
        found = self.preview.formats if self.preview else {}
        return " · ".join(
            f"{'folders' if name == 'folder' else name.upper()} {count:,}"
            for name, count in found.items()
        )


def look(path: str) -> Look:
    """What lies at a path (as `storable` makes it), or where one may start without one."""
    if not path.strip():
        return Look("", None, _starts())
    try:
        place = checked_root(on_disk(path))
        return Look(storable(place), _parent(place), _below(place), look_inside(place))
    except Invalid as refused:
        return Look(path, None, _starts(), error=refused.detail)


def _starts() -> list[Folder]:
    usual = (str(Path.home()), *USUAL) if os.path.isdir(Path.home()) else USUAL
    places = [str(root) for root in settings.LIBRARY_ROOTS] or [
        place for place in dict.fromkeys(usual) if os.path.isdir(place)
    ]
    return [Folder(storable(place), storable(place), _is_readable(place)) for place in places]


def _below(place: str) -> list[Folder]:
    """The folders in this one, hidden ones left out."""
    with os.scandir(place) as entries:
        names = [e.name for e in entries if not e.name.startswith(".") and e.is_dir()]
    names.sort(key=lambda name: (natural_key(storable(name)), name))
    paths = [os.path.join(place, name) for name in names[:MOST]]
    return [Folder(storable(p), storable(os.path.basename(p)), _is_readable(p)) for p in paths]


def _parent(place: str) -> Folder | None:
    above = os.path.dirname(place)
    try:
        checked_root(above)
    except Invalid:
        return None
    return Folder(storable(above), storable(above)) if above != place else None


def _is_readable(place: str) -> bool:
    return os.access(place, os.R_OK | os.X_OK)
