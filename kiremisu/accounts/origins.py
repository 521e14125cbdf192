"""Which web pages may use a person's session cookie where no CSRF token can come along."""

from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.http import is_same_domain


def is_ours(origin: str, host: str) -> bool:
    """Whether a page of this origin is one of ours: served under the name that was asked for
    (by https, where people come by that only), or under one of KIREMISU_TRUSTED_ORIGINS."""
    try:
        page = urlsplit(origin)
    except ValueError:
        return False
    wanted = {"https"} if settings.SESSION_COOKIE_SECURE else {"http", "https"}
    if page.scheme in wanted and page.netloc and page.netloc.lower() == host.lower():
        return True
    return any(_fits(page, urlsplit(known)) for known in settings.CSRF_TRUSTED_ORIGINS)


def _fits(page: SplitResult, known: SplitResult) -> bool:
    # "https://*.manga.example" stands for every name below, as in Django's own check.
    return page.scheme == known.scheme and is_same_domain(page.netloc, known.netloc.lstrip("*"))
