"""Where a chapter's pages stand, as far as how they look tells."""

from collections.abc import Sequence
from typing import Literal

from library.pairing import Faced, Run, laid_out
from library.shapes import PageEntry, PageGeometry
from library.shelving import is_wide

type Direction = Literal["rtl", "ltr"]


def runs(
    pages: Sequence[PageEntry], looks: Sequence[PageGeometry], direction: Direction
) -> list[Run]:
    """The runs between wide pages of which something is sure, read in this direction. None while a
    page's size or look is not known: what lies behind it could not be counted."""
    if len(looks) != len(pages) or not all(page.width and page.height for page in pages):
        return []
    return laid_out(
        [
            Faced(
                ratio=(page.width or 1) / (page.height or 1),
                wide=is_wide(page),
                grey=each.grey,
                blank=each.blank,
                continues=each.rtl if direction == "rtl" else each.ltr,
            )
            for page, each in zip(pages, looks, strict=True)
        ]
    )
