"""Giving series their genres, tags and people, and keeping what their cards say of those."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from kiremisu.lib.errors import FieldError, Invalid
from library import turns
from library.models import Credit, Person, Series, Tag, Tagging
from library.models.labels import GENRES, PEOPLE, TAGS, folded_name
from library.scanning.applying import touch
from library.shapes import CreditLine

KINDS: Mapping[str, int] = {"genres": GENRES, "tags": TAGS, "people": PEOPLE}

_SHOWN = """
    jsonb_build_object(
        'genres', coalesce((
            SELECT jsonb_agg(t.name ORDER BY t.folded, t.id) FROM library_tagging g
            JOIN library_tag t ON t.id = g.tag_id WHERE g.series_id = s.id AND t.kind = 'genre'
        ), '[]'),
        'tags', coalesce((
            SELECT jsonb_agg(t.name ORDER BY t.folded, t.id) FROM library_tagging g
            JOIN library_tag t ON t.id = g.tag_id WHERE g.series_id = s.id AND t.kind = 'tag'
        ), '[]'),
        'people', coalesce((
            SELECT jsonb_agg(jsonb_build_object('name', p.name, 'role', c.role)
                             ORDER BY c.place, c.id)
            FROM library_credit c JOIN library_person p ON p.id = c.person_id
            WHERE c.series_id = s.id
        ), '[]')
    )
"""
_KEEP = f"""
    UPDATE library_series s SET labels = {_SHOWN}
    WHERE s.id = ANY(%s) AND s.labels IS DISTINCT FROM {_SHOWN}
"""  # noqa: S608 - our own text


def put(series: UUID, **given: Sequence[Any]) -> None:
    """Replace genres, tags or people of a series, within the caller's transaction, which holds
    its row. Two spellings of one name count once. Raises Invalid past the limits."""
    _check(given)
    for kind, name in ((Tag.Kind.GENRE, "genres"), (Tag.Kind.TAG, "tags")):
        if name in given:
            _put_tags(series, kind, given[name])
    if "people" in given:
        _put_people(series, given["people"])
    keep([series])


def with_these(series: Series, **given: Iterable[str]) -> dict[str, list[str]]:
    """What the series has of these kinds, and these names besides."""
    had = series.labels
    return {name: _once([*getattr(had, name), *more]) for name, more in given.items()}


def without_these(series: Series, **given: Iterable[str]) -> dict[str, list[str]]:
    """What the series has of these kinds, less these names."""
    gone = {name: {folded_name(each) for each in less} for name, less in given.items()}
    return {
        name: [each for each in getattr(series.labels, name) if folded_name(each) not in less]
        for name, less in gone.items()
    }


def keep(series: Sequence[UUID]) -> int:
    """Bring what these series' cards say up to date; how many said something else."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [list(series)])
        return int(cursor.rowcount)


@transaction.atomic
def rename(labelled: Tag | Person, name: str) -> None:
    """Spell a tag or a person otherwise, everywhere. Where another has that name, it takes
    over all that hung on this one, which is gone then."""
    turns.take()
    labelled.name, labelled.folded = name, folded_name(name)
    kind = {"kind": labelled.kind} if isinstance(labelled, Tag) else {}
    others = type(labelled)._default_manager.exclude(pk=labelled.pk)
    other = others.filter(folded=labelled.folded, **kind).first()
    touched = list(_series_of(labelled))
    if other is None:
        labelled.save()
    else:
        _hand_over(labelled, other)
        labelled.delete()
    keep(touched)
    libraries = Series.objects.filter(pk__in=touched).order_by("library_id").values_list("library")
    for (library_id,) in libraries.distinct():
        touch(library_id)


def _series_of(labelled: Tag | Person) -> Iterable[UUID]:
    rows = labelled.taggings if isinstance(labelled, Tag) else labelled.credits
    return rows.order_by("series_id").values_list("series", flat=True).distinct()


def _hand_over(one: Tag | Person, other: Any) -> None:
    if isinstance(one, Tag):
        had = Tagging.objects.filter(tag=other).values("series")
        one.taggings.exclude(series__in=had).update(tag=other)
        return
    for credit in one.credits.order_by("pk"):
        same = Credit.objects.filter(person=other, series=credit.series_id, role=credit.role)
        if not same.exists():
            Credit.objects.filter(pk=credit.pk).update(person=other)


def _check(given: Mapping[str, Sequence[Any]]) -> None:
    wrong = tuple(
        FieldError(name, f"A series has at most {KINDS[name]} {name}.", "too_long")
        for name, values in given.items()
        if len(values) > KINDS[name]
    )
    if wrong:
        raise Invalid(wrong[0].message, errors=wrong)


def _put_tags(series: UUID, kind: Tag.Kind, names: Iterable[str]) -> None:
    wanted = {folded_name(name): name for name in reversed([*names])}
    # In one order, so that two who make new ones never wait for each other.
    new = [Tag(kind=kind, name=wanted[folded], folded=folded) for folded in sorted(wanted)]
    Tag.objects.bulk_create(new, ignore_conflicts=True)
    tags = Tag.objects.filter(kind=kind, folded__in=wanted).values_list("pk", flat=True)
    own = Tagging.objects.filter(series=series, tag__kind=kind)
    own.exclude(tag__in=list(tags)).delete()
    Tagging.objects.bulk_create(
        [Tagging(series_id=series, tag_id=tag) for tag in tags], ignore_conflicts=True
    )


def _put_people(series: UUID, people: Iterable[CreditLine]) -> None:
    wanted = {folded_name(each["name"]): each["name"] for each in reversed([*people])}
    new = [Person(name=wanted[folded], folded=folded) for folded in sorted(wanted)]
    Person.objects.bulk_create(new, ignore_conflicts=True)
    known = dict(Person.objects.filter(folded__in=wanted).values_list("folded", "pk"))
    Credit.objects.filter(series=series).delete()
    parts = dict.fromkeys((known[folded_name(each["name"])], each["role"]) for each in people)
    Credit.objects.bulk_create(
        Credit(series_id=series, person_id=person, role=role, place=place)
        for place, (person, role) in enumerate(parts)
    )


def _once(names: Iterable[str]) -> list[str]:
    """Each name once, as it was spelt first."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(folded_name(name), name)
    return list(found.values())
