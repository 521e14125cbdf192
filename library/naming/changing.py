"""Making rules for names, changing and removing them: each is an act, which is taken back."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from pydantic import BaseModel, Field

from kiremisu.accounts import audit, roles
from kiremisu.accounts.models import Role, User
from kiremisu.jobs.models import Job, Priority
from kiremisu.jobs.queue import enqueue
from kiremisu.lib.errors import Conflict, FieldError, Invalid, NotThere
from library import turns
from library.models import Deed, Library, NameRule, Series
from library.names.patterns import BadPattern, Pattern, read_pattern
from library.naming import binding
from library.shapes import Given


class Stood(BaseModel):
    """A rule as it stands or stood."""

    pattern: str
    series: UUID | None = None
    is_on: bool = True
    place: int = 0


class Memo(BaseModel):
    """Which rule of which library stood so before and so after; None where there was none. `made`:
    the series that remembers it was made by this. `bound`: chapters that a merge holds since."""

    library: UUID
    rule: UUID
    before: Stood | None
    after: Stood | None
    made: bool = False
    chapters: int = 0
    bound: list[UUID] = Field(default_factory=list)


def checked(library: Library, pattern: str, series: UUID | None) -> Pattern:
    """A pattern that somebody wrote for a library, or for a series of it. Raises Invalid, which
    says where it is wrong."""
    try:
        read = read_pattern(pattern)
    except BadPattern as wrong:
        detail = f"{wrong.detail} (at {wrong.position + 1})"
        raise Invalid(detail, errors=(FieldError("pattern", detail, "bad_pattern"),)) from wrong
    if series is None:
        return read
    if "series" in read.fields:
        detail = "A rule of a series says nothing of the series: make it one of the library."
        raise Invalid(detail, errors=(FieldError("pattern", detail),))
    if not Series.objects.filter(pk=series, library=library, merged_into=None).exists():
        detail = "This library has no such series."
        raise Invalid(detail, errors=(FieldError("series", detail),))
    return read


@transaction.atomic
def add(user: User, library: Library, pattern: str, series: UUID | None = None) -> NameRule:
    """Have names be read so, those of one series or of all, behind the rules that are there; a job
    has the chapters stand so. Raises Invalid."""
    turns.take()
    checked(library, pattern, series)
    there = NameRule.objects.filter(library=library)
    if there.count() >= settings.NAME_RULES:
        raise Conflict(
            f"A library has {settings.NAME_RULES} rules at most.", code="too_many_name_rules"
        )
    last = there.order_by("place").values_list("place", flat=True).last()
    place = 0 if last is None else last + 1
    rule = NameRule(library=library, series_id=series, pattern=pattern, place=place)
    rule.save()
    _acted(user, rule, None, stood(rule))
    return rule


@transaction.atomic
def change(user: User, rule: NameRule, **changes: Any) -> NameRule:
    """Have it be otherwise: its `pattern`, whether it `is_on`, its `place`. Raises Invalid,
    NotThere."""
    held = _held(rule.pk)
    before = stood(held)
    for name, value in changes.items():
        setattr(held, name, value)
    if held.pattern != before.pattern:
        checked(held.library, held.pattern, held.series_id)
    held.save()
    if stood(held) != before:
        binding.loosen(held.pk)
        _acted(user, held, before, stood(held))
    return held


@transaction.atomic
def remove(user: User, rule: NameRule) -> Job:
    """Do away with it: what it said of names is forgotten. Raises NotThere."""
    held = _held(rule.pk)
    before = stood(held)
    binding.loosen(held.pk)
    job = _acted(user, held, before, None)
    held.delete()
    return job


def put_back(user: User, series_id: UUID, memo: dict[str, Any]) -> None:  # noqa: ARG001 - an undo
    """Have a rule stand as before; a job has the chapters follow. Raises Forbidden, Conflict where
    it was changed since."""
    roles.check(user, Role.ADMIN)
    turns.take()
    told = Memo.model_validate(memo)
    before, after = _today(told.before), _today(told.after)
    found = NameRule.objects.filter(pk=told.rule).first()
    now = stood(found) if found else None
    if now not in (before, after):
        raise Conflict("The rule was changed since: take that back first.", code="changed_since")
    if now == before:
        return
    binding.loosen(told.rule)
    if before is None:
        NameRule.objects.filter(pk=told.rule).delete()
    else:
        _restore(told, before)
    request(told.library, user)


def request(library_id: UUID, user: User | None) -> Job:
    """Have a job bring the chapters of a library in line with its rules."""
    return enqueue("names", subject=library_id, priority=Priority.SOON, asked_by=user)


def stood(rule: NameRule) -> Stood:
    """How a rule stands."""
    return Stood(pattern=rule.pattern, series=rule.series_id, is_on=rule.is_on, place=rule.place)


def _held(rule_id: UUID) -> NameRule:
    turns.take()
    found = NameRule.objects.select_related("library").filter(pk=rule_id).first()
    if found is None:
        raise NotThere
    return found


def _today(rule: Stood | None) -> Stood | None:
    """The same, of the series that its own was merged into since."""
    if rule is None or rule.series is None:
        return rule
    merged = Series.objects.filter(pk=rule.series).exclude(merged_into=None)
    target = merged.values_list("merged_into", flat=True).first()
    return rule.model_copy(update={"series": target or rule.series})


def _restore(told: Memo, before: Stood) -> None:
    rule = NameRule.objects.filter(pk=told.rule).first()
    rule = rule or NameRule(pk=told.rule, library_id=told.library)
    rule.pattern, rule.series_id = before.pattern, before.series
    rule.is_on, rule.place = before.is_on, before.place
    rule.save()


def _acted(user: User, rule: NameRule, before: Stood | None, after: Stood | None) -> Job:
    """Keep the act, whose id is that of the job that does it to the chapters."""
    memo = Memo(library=rule.library_id, rule=rule.pk, before=before, after=after)
    job = enqueue(
        "names",
        subject=rule.library_id,
        arguments={"memo": memo.model_dump(mode="json")},
        priority=Priority.SOON,
        asked_by=user,
    )
    shown = {"pattern": rule.pattern, "library": rule.library.name}
    options = Given.model_validate(shown | {"what": _what(before, after)})
    Deed.objects.create(
        pk=job.pk, by=user, operation="name_rule", raw_options=options.model_dump(mode="json")
    )
    NameRule.objects.filter(pk=rule.pk).update(run=job.pk)
    rule.run = job.pk
    audit.note("library.name-rule", rule.library, changed={"rule": (_said(before), _said(after))})
    return job


def _what(before: Stood | None, after: Stood | None) -> str:
    if before is None:
        return "made"
    return "changed" if after else "removed"


def _said(rule: Stood | None) -> str:
    return rule.pattern if rule and rule.is_on else ""
