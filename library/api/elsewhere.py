"""Answers that lie elsewhere, behind a signed address."""

from django.http import HttpResponse, HttpResponseRedirect

from kiremisu.lib.errors import FieldError, Invalid


def check_width(width: int, widths: tuple[int, ...]) -> None:
    """Raises Invalid for a width that nobody makes."""
    if width not in widths:
        wrong = FieldError("width", f"One of {', '.join(map(str, widths))}.")
        raise Invalid("There is no such width.", errors=(wrong,))


def sent_on(address: str) -> HttpResponse:
    # The link is one reader's own and changes by the week: nobody may keep the way to it.
    return HttpResponseRedirect(address, headers={"Cache-Control": "no-store"})
