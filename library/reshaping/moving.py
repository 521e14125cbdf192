"""Putting chapters into another series than their names say, and back."""

from collections.abc import Collection
from uuid import UUID

from django.utils import timezone

from kiremisu.accounts import audit
from kiremisu.lib.errors import Conflict, FieldError, Invalid
from library import acts, curation, placing, showing
from library.models import Chapter, Series
from library.reshaping import settling
from library.reshaping.memos import Moved


@showing.together()
def move(series: Series, target: Series, chapters: Collection[Chapter]) -> Moved:
    """Have these chapters of a series be of another of its library, also after a scan. Of the two
    ratings the higher counts there.

    Raises Invalid where it is the same series or of another library, NotThere where one of them is
    hidden.
    """
    if series.pk == target.pk:
        raise _invalid("They are in that series already.")
    if series.library_id != target.library_id:
        raise _invalid("The two are not of one library.")
    return _moved(series, target, chapters, made=False)


@showing.together()
def split_off(series: Series, title: str, chapters: Collection[Chapter]) -> Moved:
    """Have these chapters of a series be a new one of this title, rated as it is.

    Raises Conflict where its library has one of that name.
    """
    # What other files came into keeps its title and rating when the split is taken back.
    with acts.as_one(by=acts.current().by):
        made = curation.add_series(series.library, title, content_rating=series.content_rating)
    return _moved(series, made, chapters, made=True)


@showing.together()
def put_back(series_id: UUID, memo: Moved) -> None:
    """Take back that chapters were moved. A series that was made for them goes where nothing else
    is in it.

    Raises Conflict where none of them is there any more, or one was moved on.
    """
    one, other = settling.held(series_id, memo.target, hidden=True)
    settling.check_there(memo.chapters, other)
    there = other.chapters.filter(pk__in=memo.chapters).order_by("pk")
    back = list(there.values_list("pk", flat=True))
    if not back or one.merged_into_id is not None:
        raise Conflict("They are not where they were moved to any more.", code="changed_since")
    placing.put(back, one.pk)
    placing.loosen({*back} - {*memo.placed})
    if memo.made and not other.chapters.exists() and not other.merged.exists():
        _put_away(other)
    audit.note("series.chapters-moved", other, changed={"to": ("", one)})
    settling.settle(one.library_id, [other], one)


def _moved(series: Series, target: Series, chapters: Collection[Chapter], *, made: bool) -> Moved:
    one, other = settling.held(series.pk, target.pk)
    memo = Moved(
        target=other.pk,
        chapters=[chapter.pk for chapter in chapters],
        placed=[chapter.pk for chapter in chapters if placing.BY_HAND in chapter.by_hand],
        made=made,
    )
    placing.put(memo.chapters, other.pk)
    audit.note("series.chapters-moved", one, changed={"to": ("", other)})
    settling.rate_as(one, other)
    settling.settle(one.library_id, [one], other)
    return memo


def _put_away(made: Series) -> None:
    """Hide a series that was made for nothing. Its name is free again: by its id no file comes."""
    now = timezone.now()
    away = {"key": str(made.pk), "other_keys": [], "hidden_at": now, "updated": now}
    Series.objects.filter(pk=made.pk).update(**away)


def _invalid(detail: str) -> Invalid:
    return Invalid(detail, errors=(FieldError("options.target", detail),))
