"""The two sides that are compared, and what a comparison comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Title(NamedTuple):
    """A title as it is written, its language (BCP 47, "" where unknown) and its kind."""

    text: str
    language: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Local:
    """What we know of a series of ours. Whatever is empty or None says nothing.

    `names` are those of its folders as they stand on disk, which tell of editions that the title
    leaves out. `known` are ids by site ("mangadex", "al", "mal", …). `cover` is a hash by
    `metadata.matching.pictures`. `words` are known from other titles, so that one of them is no
    misspelling of another.
    """

    titles: tuple[Title, ...]
    names: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    year: int | None = None
    chapters: int = 0
    volumes: int = 0
    highest_chapter: float | None = None
    highest_volume: float | None = None
    language: str = ""
    demographic: str = ""
    known: Mapping[str, str] = field(default_factory=dict)
    cover: int | None = None
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a provider knows of a work. The last numbers are text, as readers write them.

    `languages` are those it can be read in; `tags` as the provider names them; `related` holds
    ids of other works with what these are to this one ("prequel", "monochrome", …).
    """

    id: str
    titles: tuple[Title, ...]
    people: tuple[str, ...] = ()
    year: int | None = None
    last_chapter: str = ""
    last_volume: str = ""
    status: str = ""
    demographic: str = ""
    content_rating: str = ""
    language: str = ""
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    related: Mapping[str, str] = field(default_factory=dict)
    cover: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One kind of evidence: how much of it there is (0 to 1), in words, and what speaks against
    a match so strongly that none is made by itself."""

    share: float
    says: str
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A line of a score: so many points of so many that it could have."""

    name: str
    points: int
    out_of: int
    says: str
