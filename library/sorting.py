"""In which orders series are listed: each along an index, except at random."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from secrets import token_hex

from django.conf import settings
from django.db.models import BigIntegerField, F, Func, Value
from django.utils.module_loading import import_string

from kiremisu.accounts.models import User
from kiremisu.lib import cursors
from kiremisu.lib.cursors import Key, Order, moment, text, whole
from library.models import SeriesQuery
from library.schemas import SeriesWanted


@dataclass(frozen=True, slots=True)
class Sort:
    """By which key series are ordered, before their id. `add(series, user, seed)` puts it to
    them where no column has it."""

    key: Key
    add: Callable[[SeriesQuery, User, str], SeriesQuery] | None = None


def shuffled(series: SeriesQuery, _: User, seed: str) -> SeriesQuery:
    """With the key `shuffled`, by which they come in one of many random orders."""
    # The hash by which PostgreSQL spreads ids over partitions: the same for one seed, always.
    number = int.from_bytes(blake2b(seed.encode(), digest_size=8).digest(), signed=True)
    mixed = Func(
        F("id"), Value(number), function="uuid_hash_extended", output_field=BigIntegerField()
    )
    return series.annotate(shuffled=mixed)


SORTS: Mapping[str, Sort] = {
    "title": Sort(text("sort_title")),
    "added": Sort(moment("last_added", is_nullable=True)),
    "created": Sort(moment("created")),
    "updated": Sort(moment("updated")),
    "chapters": Sort(whole("chapter_count")),
    "year": Sort(whole("year", is_nullable=True)),
    "random": Sort(whole("shuffled"), shuffled),
}


def ordered(series: SeriesQuery, user: User, wanted: SeriesWanted) -> tuple[SeriesQuery, Order]:
    """The series with what they are ordered by, and how."""
    name = wanted.sort.lstrip("-")
    sort = _sorts(tuple(settings.SERIES_SORTS.items()))[name]
    seed = _seed(wanted) if name == "random" else ""
    if sort.add is not None:
        series = sort.add(series, user, seed)
    is_down = wanted.sort.startswith("-")
    return series, Order(wanted.sort, (sort.key, cursors.ID), is_down, seed)


def _seed(wanted: SeriesWanted) -> str:
    """Which of the random orders: the one that is asked for or gone on with, else a new one."""
    if wanted.seed or not wanted.cursor:
        return wanted.seed or token_hex(4)
    return cursors.cursor(wanted.cursor).seed


@lru_cache(maxsize=4)
def _sorts(named: tuple[tuple[str, str], ...]) -> Mapping[str, Sort]:
    """Those of the library and of settings.SERIES_SORTS."""
    return {**SORTS, **{name: import_string(path) for name, path in named}}
