"""What searching takes and answers."""

from ninja import Schema
from pydantic import Field

from kiremisu.lib.schemas import Strict, Tidy
from library.models import TitleForm
from library.schemas import ChapterOut, PersonOut, SeriesOut, TagOut
from library.search import MOST_LETTERS


class SearchWanted(Strict):
    """`q`: 1 to 200 characters; `limit`: at most so many of each kind."""

    # Cleaned first, so that what is left is counted.
    q: Tidy = Field(min_length=1, max_length=MOST_LETTERS)
    limit: int = Field(20, ge=1, le=50)


class Matched(Schema):
    """What was found. `marks`: from and to which characters (of Unicode, from 0) of `text` the
    words stand."""

    text: str
    marks: list[tuple[int, int]]


class TitleMatched(Matched):
    """Which title was found. `kind`: its title, the name of its files, or an alternative one."""

    kind: TitleForm.Kind
    language: str


class SeriesHit(Schema):
    series: SeriesOut
    matched: TitleMatched


class ChapterHit(Schema):
    """`matched`: its title."""

    chapter: ChapterOut
    matched: Matched


class PersonHit(Schema):
    """`matched`: the name."""

    person: PersonOut
    matched: Matched


class TagHit(Schema):
    """A genre or a tag. `matched`: its name."""

    tag: TagOut
    matched: Matched


class TextHit(Schema):
    """A page of a PDF. `matched`: a part of its text."""

    chapter: ChapterOut
    page: int
    matched: Matched


class Found(Schema):
    """What was found in the library, the best first."""

    series: list[SeriesHit]
    chapters: list[ChapterHit]
    people: list[PersonHit]
    tags: list[TagHit]
    texts: list[TextHit]
