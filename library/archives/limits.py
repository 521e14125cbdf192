"""How large a book may be."""

from dataclasses import dataclass

_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one book; each is the last value that is still let through."""

    entries: int = 20_000
    pages: int = 10_000
    page_bytes: int = 64 * _MIB
    total_bytes: int = 4096 * _MIB
    ratio: int = 200
    ratio_free_bytes: int = _MIB  # below this size any ratio will do
    name_length: int = 4_096
    sidecar_bytes: int = 2 * _MIB
    directory_bytes: int = 64 * _MIB  # of a ZIP's or 7z's table of contents
    pixels: int = 80_000_000
    pdf_open_seconds: float = 8.0
    pdf_render_seconds: float = 30.0
    pdf_long_side: int = 4_000
    pdf_text_seconds: float = 8.0  # of a part of a book's text, a page at least
    pdf_text_book_seconds: float = 300.0
    page_letters: int = 20_000
    book_letters: int = 5_000_000
    tool_open_seconds: float = 8.0
    tool_seconds: float = 30.0
    extract_seconds: float = 300.0
    child_bytes: int = 512 * _MIB


LIMITS = Limits()
