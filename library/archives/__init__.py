"""Books as files: ZIP, TAR, RAR, 7z, PDF and image folders behind one small interface.

`open_book` lists the pages, `measure` looks at one page's first bytes, `read_page` gives
one page. Every failure is an `Unreadable` with a code of `CODES`. Pure: no database.
"""

from library.archives.book import Listing, Page
from library.archives.codes import CODES
from library.archives.limits import LIMITS, Limits
from library.archives.naming import is_book_name, is_image_name, is_sidecar_name
from library.archives.probing import Probe, probe
from library.archives.reading import (
    extract_all,
    measure,
    measure_each,
    open_book,
    page_texts,
    read_each,
    read_file,
    read_page,
    read_sidecar,
    render_page,
    showable,
)

__all__ = [
    "CODES",
    "LIMITS",
    "Limits",
    "Listing",
    "Page",
    "Probe",
    "extract_all",
    "is_book_name",
    "is_image_name",
    "is_sidecar_name",
    "measure",
    "measure_each",
    "open_book",
    "page_texts",
    "probe",
    "read_each",
    "read_file",
    "read_page",
    "read_sidecar",
    "render_page",
    "showable",
]
