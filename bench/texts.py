"""How fast pages are found by what they say.

    bench/texts.py [--pages 100000] [--books 500]

Fills a database of its own with pages of 250 words, of which a few stand on every page and most on
few, each book in a series of one library; asks for rare and frequent words, as an administrator, as
a reader and as one who sees none of it, as the search does with each letter that is typed.
Prints the plan of the rarest and the most frequent word, a table and, last, one JSON line.
"""

# ruff: noqa: PLC0415 - imported once Django is set up

import argparse
import json
import random
import statistics
import time
from typing import Any

from serving import data_folder, database

_WORDS, _KNOWN = 250, 50_000
_LETTERS = "etaoinshrdlcumwfgypbvk"


def _word(number: int) -> str:
    """The frequent ones are short, and many begin as others do."""
    letters = ""
    while number >= 0:
        number, letter = divmod(number, len(_LETTERS))
        letters += _LETTERS[letter]
        number -= 1
    return letters.ljust(3, "q")


_ASKED = {
    "rare": _word(40_321),
    "two": f"{_word(900)} {_word(1300)}",
    "every page": _word(0),
    "a beginning": "tae",
    "nowhere": "zzzz",
}


def fill(books: int, pages: int) -> None:
    from library import texts
    from library.models import Chapter, Content, Library, Series

    chance = random.Random(1)
    known = [_word(n) for n in range(_KNOWN)]
    weights = [1 / (n + 1) for n in range(_KNOWN)]
    shelf = Library.objects.create(name="Bench", root="/nowhere", open_to_all=False)
    for number in range(books):
        title = f"Book {number}"
        series = Series.objects.create(library=shelf, key=title, title=title, sort_title=title)
        content = Content.objects.create(
            signature=number.to_bytes(16, "big"), page_count=pages // books
        )
        Chapter.objects.create(
            library=shelf, series=series, content=content, path=f"{number}.pdf", size=1, mtime_ns=1,
            format="pdf", page_count=pages // books,
        )  # fmt: skip
        said = chance.choices(known, weights, k=_WORDS * (pages // books))
        told = [" ".join(said[at : at + _WORDS]) for at in range(0, len(said), _WORDS)]
        texts.record(texts.Part(content, texts.Place(), told, texts.Place(), is_last=True))


def measure(user: Any, times: int) -> dict[str, float]:
    """Milliseconds for each sort of words, half of the times quicker."""
    from library.finding import texts

    told = {}
    for name, q in _ASKED.items():
        took = []
        for _ in range(times):
            began = time.perf_counter()
            texts.pages(user, q, 8)
            took.append(time.perf_counter() - began)
        told[name] = round(statistics.median(took) * 1000, 1)
    return told


def plans(user: Any) -> None:
    from django.db import connection

    from library.finding import texts
    from library.pagewords import question, terms

    for name in ("rare", "every page"):
        asked, values = texts._question(user, question(terms(_ASKED[name])), 8)
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {asked}", values)
            print(f"\n{name}\n" + "\n".join(line for (line,) in cursor.fetchall()))


def run(books: int, pages: int) -> dict[str, Any]:
    from django.db import connection

    from kiremisu.accounts.models import Role, User
    from library.models import Access, Library, PageText

    began = time.perf_counter()
    # An index is made faster when all is there.
    (index,) = PageText._meta.indexes
    with connection.schema_editor() as editor:
        editor.remove_index(PageText, index)
    fill(books, pages)
    with connection.schema_editor() as editor:
        editor.add_index(PageText, index)
    filled = round(time.perf_counter() - began, 1)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute(
            "SELECT pg_table_size('library_pagetext'), pg_relation_size('library_pagetext'),"
            " pg_relation_size('texts_words')"
        )
        sizes = [size >> 20 for size in cursor.fetchone()]
    people = {
        "administrator": User.objects.create_user("a", role=Role.ADMIN),
        "reader": User.objects.create_user("b"),
        "stranger": User.objects.create_user("c"),
    }
    Access.objects.create(library=Library.objects.get(), user=people["reader"])
    plans(people["stranger"])
    took = {name: measure(user, 11) for name, user in people.items()}
    print(f"\n{pages} pages, filled in {filled} s; MB of table, rows alone, index: {sizes}")
    for name, each in took.items():
        print(f"  {name:14}", *(f"{word} {ms} ms," for word, ms in each.items()))
    return {"pages": pages, "books": books, "filled_s": filled, "mb": sizes, "ms": took}


def main() -> None:
    asking = argparse.ArgumentParser(description=__doc__)
    asking.add_argument("--pages", type=int, default=100_000)
    asking.add_argument("--books", type=int, default=500)
    asked = asking.parse_args()
    with data_folder() as folder, database(folder):
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        told = run(asked.books, asked.pages)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
