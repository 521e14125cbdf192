"""What the library itself finds."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat
from django.urls import reverse

from kiremisu.accounts.models import User
from library.findings import Kind, Said
from library.models import Chapter, Content, Series, Sidecar

# A cover narrower than this, in pixels, is a thumbnail.
_NARROW = 300


def _chapters(number: int, one: str, several: str) -> str:
    return f"{number} {f'chapter {one}' if number == 1 else f'chapters {several}'}."


def _series(series: Series, why: str, todo: str) -> Said:
    return Said(series.title, why, todo, reverse("series", args=[series.pk]))


def _with_gaps(user: User) -> QuerySet[Series]:
    return Series.objects.visible_to(user).filter(gap_count__gt=0).order_by("-gap_count", "id")


def _with_duplicates(user: User) -> QuerySet[Series]:
    found = Series.objects.visible_to(user).filter(duplicate_count__gt=0)
    return found.order_by("-duplicate_count", "id")


def _without_cover(user: User) -> QuerySet[Series]:
    poor = Q(cover=None) | Q(cover__cover_state=Content.CoverState.FAILED, cover_page=None)
    small = Q(cover__cover_width__lt=_NARROW, cover_page=None)
    found = Series.objects.visible_to(user).filter(poor | small, readable_count__gt=0)
    return found.select_related("cover").order_by("id")


def _broken(user: User) -> QuerySet[Chapter]:
    found = Chapter.objects.visible_to(user).exclude(problem="").filter(missing_since=None)
    return found.select_related("series").order_by("-id")


def _misread(user: User) -> QuerySet[Chapter]:
    found = Chapter.objects.visible_to(user).exclude(sidecar_problem="").filter(missing_since=None)
    return found.select_related("series").order_by("-id")


def _misread_beside(user: User) -> QuerySet[Sidecar]:
    found = Sidecar.objects.visible_to(user).exclude(problem="")
    return found.select_related("series").order_by("-id")


def _doubtful(user: User) -> QuerySet[Chapter]:
    """Without a number, in a series of several: where the name has one it was not understood."""
    found = Chapter.objects.visible_to(user).filter(
        number="", volume="", special=False, missing_since=None, series__chapter_count__gte=2
    )
    return found.select_related("series").order_by("-id")


def _of_chapter(chapter: Chapter, why: str, todo: str) -> Said:
    return Said(chapter.path, why, todo, reverse("series", args=[chapter.series_id]))


def _of_sidecar(sidecar: Sidecar) -> Said:
    why = sidecar.problem_detail or "It cannot be read."
    if sidecar.series_id:
        address = reverse("series", args=[sidecar.series_id])
        return Said(sidecar.path, why, "See its series", address)
    # The files that lie with it are of none or of several.
    address = f"{reverse('library')}?{urlencode({'library': sidecar.library_id})}"
    return Said(sidecar.path, why, "See its library", address)


def _cover_words(series: Any) -> Said:
    if series.cover is None or series.cover.cover_state == Content.CoverState.FAILED:
        why = "It has no cover that can be shown."
    else:
        why = f"Its cover is only {series.cover.cover_width} pixels wide."
    return _series(series, why, "Pick a page")


GAPS = Kind(
    "gaps",
    "Chapters are missing",
    Series.objects.visible_to,
    _with_gaps,
    F("gap_count"),
    lambda row: _series(
        row,
        _chapters(row.gap_count, "of it exists and is not here", "of it exist and are not here"),
        "Look",
    ),
)
DUPLICATES = Kind(
    "duplicates",
    "Here twice",
    Series.objects.visible_to,
    _with_duplicates,
    F("duplicate_count"),
    lambda row: _series(
        row,
        _chapters(row.duplicate_count, "of it is here twice", "of it are here twice"),
        "Look",
    ),
)
COVERS = Kind(
    "covers",
    "Poor covers",
    Series.objects.visible_to,
    _without_cover,
    Concat(
        Coalesce(F("cover__cover_state"), Value("none")),
        Value(" "),
        Coalesce(F("cover__cover_width"), Value(0)),
        output_field=CharField(),
    ),
    _cover_words,
)
BROKEN = Kind(
    "broken",
    "Files that cannot be read",
    Chapter.objects.visible_to,
    _broken,
    F("problem"),
    lambda row: _of_chapter(row, row.problem_detail or "It cannot be read.", "See its series"),
)
SIDECARS = Kind(
    "sidecars",
    "What tells of a file cannot be read",
    Chapter.objects.visible_to,
    _misread,
    F("sidecar_problem"),
    lambda row: _of_chapter(row, row.sidecar_detail or "It cannot be read.", "See its series"),
)
BESIDE = Kind(
    "beside",
    "Files beside others that cannot be read",
    Sidecar.objects.visible_to,
    _misread_beside,
    F("problem"),
    _of_sidecar,
)
DOUBTS = Kind(
    "doubts",
    "Names without a number",
    Chapter.objects.visible_to,
    _doubtful,
    F("path"),
    lambda row: _of_chapter(
        row,
        f"No volume and no chapter was found in its name, among others of {row.series.title}.",
        "Say which it is",
    ),
)
