"""A big catalogue, written by COPY: for benches."""

# ruff: noqa: PLC0415, SIM905 - imported once Django is set up; lists of words read best as text

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from naming import Maker

PASSWORD = "a quiet harbour"
READERS = 20
PAGES = 20
_GENRES = "action comedy drama fantasy horror mystery romance school sports thriller".split()
_TAGS = "isekai cooking music mecha time-travel pirates vampires robots cats ghosts".split()


@dataclass
class Catalogue:
    """What was filled in: ids, and titles by which series are found."""

    series: list[UUID] = field(default_factory=list)
    chapters: list[UUID] = field(default_factory=list)
    titles: list[tuple[str, list[tuple[str, str]], str]] = field(default_factory=list)


def copy_in(like: Any, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows the fastest way there is: `names` from each row, all else as `like` has it."""
    from django.db import connection
    from django.utils import timezone

    like.created = like.updated = timezone.now()
    fields = like._meta.concrete_fields
    known = [one.get_db_prep_save(getattr(like, one.attname), connection) for one in fields]
    places = [[one.attname for one in fields].index(name) for name in names]
    columns = ", ".join(f'"{one.column}"' for one in fields)
    into = f'COPY "{like._meta.db_table}" ({columns}) FROM STDIN'
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            for place, value in zip(places, row, strict=True):
                known[place] = value
            copy.write_row(known)


def fill(count: int, each: int, progress: int = 0) -> Catalogue:
    """So many series of so many chapters, twenty readers ("reader-0" …) who may see all of them
    and have read in `progress` chapters each."""
    from django.core.management import call_command
    from django.db import connection

    from kiremisu.accounts.models import User
    from kiremisu.lib.ids import uuid7
    from library.models import Library

    call_command("migrate", verbosity=0)
    library = Library.objects.create(name="Manga", root="/srv/manga")
    readers = [User.objects.create_user(f"reader-{n}", password=PASSWORD) for n in range(READERS)]
    chance, made = random.Random(1), Catalogue()
    contents = [uuid7() for _ in range(count * each)]
    _fill_contents(contents, each)
    _fill_series(library, contents[::each], each, made, chance)
    _fill_chapters(library, contents, each, made)
    _fill_titles(made)
    _fill_labels()
    _fill_progress(readers, contents, progress, chance)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return made


def _fill_contents(contents: Sequence[UUID], each: int) -> None:
    from library.models import Content

    state = Content.CoverState
    like = Content(page_count=PAGES, cover_width=400, cover_height=600, tint="#806040")
    rows = (
        (pk, number.to_bytes(16), state.PENDING if number % each else state.READY)
        for number, pk in enumerate(contents)
    )
    copy_in(like, ("id", "signature", "cover_state"), rows)


def _fill_series(
    library: Any, covers: Sequence[UUID], each: int, made: Catalogue, chance: random.Random
) -> None:
    from django.utils import timezone
    from psycopg.types.json import Jsonb

    from kiremisu.lib.ids import uuid7
    from kiremisu.lib.text import fold
    from library.models import Series
    from library.scanning.series import sort_title

    counted = {"chapter_count": each, "readable_count": each, "page_count": PAGES * each}
    now, maker, like = timezone.now(), Maker(1), Series(library=library, **counted)

    def rows() -> Iterator[Sequence[Any]]:
        for number, cover in enumerate(covers):
            title, others, sort = maker.series()
            made.series.append(uuid7())
            made.titles.append((title, others, sort))
            labels = {"genres": chance.sample(_GENRES, 2), "tags": chance.sample(_TAGS, 2)}
            yield (
                *(made.series[-1], f"{fold(title)} {number}", title, sort_title(title)),
                *(chance.randint(1980, 2025), chance.choice(["en", "ja", "de"])),
                *(chance.choice(["ongoing", "finished", ""]), cover),
                *(now - timedelta(minutes=chance.randint(0, 500_000)), Jsonb(labels)),
            )

    names = ("id", "key", "title", "sort_title", "year", "language", "status", "cover_id")
    copy_in(like, (*names, "last_added", "raw_labels"), rows())


def _fill_chapters(library: Any, contents: Sequence[UUID], each: int, made: Catalogue) -> None:
    from kiremisu.lib.ids import uuid7
    from library.models import Chapter

    facts = {"size": 20_000_000, "mtime_ns": 1, "format": "zip", "page_count": PAGES}
    made.chapters = [uuid7() for _ in contents]
    rows = (
        (
            *(made.chapters[number], made.series[number // each], content),
            f"{number // each:06}/{made.titles[number // each][0]} c{number % each + 1}.cbz",
            *(str(number % each + 1), number % each + 1),
            # A few have titles of their own.
            "" if number % 20 else made.titles[number // each // 2][0],
        )
        for number, content in enumerate(contents)
    )
    names = ("id", "series_id", "content_id", "path", "number", "number_order", "title")
    copy_in(Chapter(library=library, **facts), names, rows)


def _fill_titles(made: Catalogue) -> None:
    from library import titles
    from library.models import TitleForm

    kind = TitleForm.Kind
    titles._add(
        titles._form(series, kind.ALTERNATIVE if language else kind.SHOWN, text, language)
        for series, (title, others, _) in zip(made.series, made.titles, strict=True)
        for text, language in ((title, ""), *others)
    )


def _fill_labels() -> None:
    from django.db import connection

    from library.models import Tag, Tagging

    kinds = {Tag.Kind.GENRE: _GENRES, Tag.Kind.TAG: _TAGS}
    Tag.objects.bulk_create(
        Tag(kind=kind, name=name, folded=name) for kind, names in kinds.items() for name in names
    )
    with connection.cursor() as cursor:
        for kind, key in ((Tag.Kind.GENRE, "genres"), (Tag.Kind.TAG, "tags")):
            cursor.execute(
                f"INSERT INTO {Tagging._meta.db_table} (series_id, tag_id) "
                "SELECT s.id, t.id FROM library_series s, "
                "jsonb_array_elements_text(s.labels -> %s) AS l (name) "
                "JOIN library_tag t ON t.name = l.name AND t.kind = %s",
                [key, kind],
            )


def _fill_progress(
    readers: Sequence[Any], contents: Sequence[UUID], many: int, chance: random.Random
) -> None:
    from django.utils import timezone

    from kiremisu.lib.ids import uuid7
    from library.models import Series
    from reader import standing
    from reader.models import Progress

    now = timezone.now()

    def rows() -> Iterator[Sequence[Any]]:
        for reader in readers:
            for content in chance.sample(contents, many):
                at = now - timedelta(minutes=chance.randint(0, 500_000))
                page = chance.randint(1, PAGES)
                yield uuid7(), reader.pk, content, page, at, at, at if page == PAGES else None

    names = ("id", "user_id", "content_id", "page", "at", "started_at", "finished_at")
    copy_in(Progress(), names, rows())
    if many:
        standing.recount(Series.objects.values_list("id", flat=True))
