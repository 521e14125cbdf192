"""What is done in the background with what a scan found."""

from library import covers, measuring, texts
from library.models import Library


def ask(library: Library, *, full: bool, found_any: bool) -> None:
    """Have covers made, texts read and pages measured where they still lack; `full`: also where
    that failed before. `found_any`: the scan wrote something."""
    if full:
        covers.forget_failures(library)
        texts.forget_failures(library)
        measuring.forget_failures(library)
    lacks_covers = covers.request(library)
    texts.request(library)
    # What is new lacks a cover as well: a scan that found nothing need not ask for more.
    if lacks_covers or found_any or full:
        measuring.request(library)
