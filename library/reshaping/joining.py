"""Making one series of two, and two of one again."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from kiremisu.accounts import audit
from kiremisu.lib.errors import Conflict, FieldError, Invalid
from library import acts, placing, showing
from library.inspection import facts_of
from library.models import Series
from library.naming import changing, standing
from library.reshaping import settling
from library.reshaping.following import follows
from library.reshaping.memos import Merged


@showing.together()
def merge(series: Series, target: Series) -> Merged:
    """Have a series be part of another: its chapters are of that one, also after a scan, and so is
    what comes under its name; its id leads there. Its rules for names are
    that one's. Of the two ratings the higher counts. It is kept, hidden, for `part`.

    Raises Invalid where both are the same or not of one library, NotThere where one of them is
    hidden.
    """
    _check(series, target)
    now = timezone.now()
    one, other = settling.held(series.pk, target.pk)
    chapters = _ids(one.chapters.all())
    memo = Merged(
        target=target.pk,
        chapters=chapters,
        placed=_ids(one.chapters.filter(by_hand__contains=[placing.BY_HAND])),
        merged=_ids(one.merged.all()),
        beside=list(one.sidecars.values_list("path", flat=True)),
        rules=_ids(one.name_rules.all()),
    )
    placing.put(chapters, target.pk)
    one.sidecars.update(series=target)
    one.name_rules.update(series=target)
    one.merged.update(merged_into=target)
    Series.objects.filter(pk=one.pk).update(merged_into=target, hidden_at=now, updated=now)
    memo.hung = {each.name: each.merged(series.pk, target.pk) for each in follows()}
    _follow(one, memo)
    audit.note("series.merged", one, changed={"into": ("", other)})
    settling.rate_as(one, other)
    settling.settle(one.library_id, [one], other)
    return memo


@showing.together()
def part(series_id: UUID, memo: Merged) -> None:
    """Take back that a series was merged: it is there again, with what it had, and with what came
    under its name since.

    Raises Conflict where it is not merged into that one any more, or what it had was moved on.
    """
    one, other = settling.held(series_id, memo.target, hidden=True)
    if one.merged_into_id != memo.target:
        raise Conflict("It is not merged into that one any more.", code="changed_since")
    settling.check_there(memo.chapters, other)
    named = Series.objects.filter(pk__in=[one.pk, *memo.merged])
    later = _came_since(other, one.hidden_at, named)
    Series.objects.filter(pk=one.pk).update(merged_into=None, hidden_at=None, updated=Now())
    other.merged.filter(pk__in=memo.merged).update(merged_into=one)
    back = _ids(other.chapters.filter(pk__in=[*memo.chapters, *later]))
    placing.put(back, one.pk)
    placing.loosen({*back} - {*memo.placed})
    other.sidecars.filter(path__in=memo.beside).update(series=one)
    other.name_rules.filter(pk__in=memo.rules).update(series=one)
    for each in follows():
        if each.name in memo.hung:
            each.parted(one.pk, other.pk, memo.hung[each.name])
    _follow(one, memo)
    audit.note("series.parted", one, changed={"into": (other, "")})
    settling.settle(one.library_id, [other], one)


def _follow(one: Series, memo: Merged) -> None:
    """Have names be read as the rules that are of another series now have them."""
    if memo.rules:
        changing.request(one.library_id, acts.current().by)


def _check(series: Series, target: Series) -> None:
    if series.pk == target.pk:
        raise _invalid("A series cannot be merged into itself.")
    if series.library_id != target.library_id:
        raise _invalid("The two are not of one library.")


def _invalid(detail: str) -> Invalid:
    return Invalid(detail, errors=(FieldError("options.target", detail),))


def _came_since(target: Series, since: datetime | None, named: Iterable[Series]) -> list[UUID]:
    """What came into a series under a name of these, which were merged into it."""
    keys = {key for one in named for key in (one.key, *one.other_keys)}
    placed = target.chapters.filter(by_hand__contains=[placing.BY_HAND], created__gte=since)
    folder = target.library.folder
    paths = placed.order_by("pk").values_list("pk", "path")
    naming = standing.of(target.library_id)
    read = ((key, naming.read(path, facts_of(folder, path))) for key, path in paths)
    return [key for key, facts in read if facts.key in keys]


def _ids(rows: QuerySet[Any]) -> list[UUID]:
    return list(rows.order_by("pk").values_list("pk", flat=True))
