"""What is done in the background with what a scan found."""

from library import covers, measuring, texts
from library.models import Library


def ask(library: Library, *, full: bool) -> None:
    """Have covers made, texts read and pages measured where they still lack; `full`: also where
    that failed before."""
    if full:
        covers.forget_failures(library)
        texts.forget_failures(library)
        measuring.forget_failures(library)
    covers.request(library)
    texts.request(library)
    # Whatever the scan found: what an older version took in was never measured.
    measuring.request(library)
