"""In which orders series are listed: each along an index, except at random."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from secrets import token_hex

from django.conf import settings
from django.db.models import BigIntegerField, F, Func, Value
from django.utils.module_loading import import_string

from kiremisu.accounts.models import User
from kiremisu.lib import cursors
from kiremisu.lib.orders import ID, Key, Order, moment, text, whole
from library.models import SeriesQuery


@dataclass(frozen=True, slots=True)
class Sort:
    """By which key series are ordered, before their id. `add(series, user, seed)` puts it to
    them where no column has it; they may come in several parts, each read along its own index.
    """

    key: Key
    add: Callable[[SeriesQuery, User, str], Sequence[SeriesQuery]] | None = None


def _shuffled(series: SeriesQuery, _: User, seed: str) -> Sequence[SeriesQuery]:
    # The hash by which PostgreSQL spreads ids over partitions: the same for one seed, always.
    number = int.from_bytes(blake2b(seed.encode(), digest_size=8).digest(), signed=True)
    big = BigIntegerField()
    mixed = Func(F("id"), Value(number, big), function="uuid_hash_extended", output_field=big)
    return [series.annotate(shuffled=mixed)]


SORTS: Mapping[str, Sort] = {
    "title": Sort(text("sort_title")),
    "added": Sort(moment("last_added", is_nullable=True)),
    "created": Sort(moment("created")),
    "updated": Sort(moment("updated")),
    "chapters": Sort(whole("chapter_count")),
    "year": Sort(whole("year", is_nullable=True)),
    "random": Sort(whole("shuffled"), _shuffled),
}


@dataclass(frozen=True, slots=True)
class Ordered:
    """Series in parts that share none, with the keys of their order. `is_computed`: no index
    knows these keys."""

    parts: Sequence[SeriesQuery]
    order: Order
    is_computed: bool


def ordered(
    series: SeriesQuery, user: User, name: str, seed: str = "", cursor: str = ""
) -> Ordered:
    """The series in one of the orders by name, with a minus before it turned round. A random one
    is that of the seed or the cursor, else a new one. Raises Invalid for a cursor that is none."""
    sort = _sorts(tuple(settings.SERIES_SORTS.items()))[name.lstrip("-")]
    if name == "random":
        seed = seed or (cursors.cursor(cursor).seed if cursor else token_hex(4))
    else:
        seed = ""
    parts = [series] if sort.add is None else sort.add(series, user, seed)
    order = Order(name, (sort.key, ID), name.startswith("-"), seed)
    return Ordered(parts, order, sort.add is not None)


@lru_cache(maxsize=4)
def _sorts(named: tuple[tuple[str, str], ...]) -> Mapping[str, Sort]:
    """Those of the library and of settings.SERIES_SORTS."""
    return {**SORTS, **{name: import_string(path) for name, path in named}}
