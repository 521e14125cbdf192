"""Files that tell of a book or a series: ComicInfo.xml, series.json, details.json, and what a
PDF says of itself.

`tell` makes plain values of a file's bytes, so that processes without much of a library can do
it; `library.sidecars.patches` makes the `Patch` of them. Every failure is a `Misread` with
a code of `SENTENCES`. Pure: no database.
"""

from library.sidecars.inside import told_beside, told_inside
from library.sidecars.reading import (
    COVER,
    KINDS,
    SENTENCES,
    Misread,
    kind_of,
    tell,
    tell_of_pdf,
)
from library.sidecars.told import About, Source, Told

__all__ = [
    "COVER",
    "KINDS",
    "SENTENCES",
    "About",
    "Misread",
    "Source",
    "Told",
    "kind_of",
    "tell",
    "tell_of_pdf",
    "told_beside",
    "told_inside",
]
