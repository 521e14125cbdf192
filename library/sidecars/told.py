"""What a sidecar tells, as plain values."""

from typing import Any, NamedTuple


class Source:
    """The names of sources, as `library.facts.Source` has them: that module takes long to
    import, and the processes that read files need no more of it."""

    COMICINFO = "comicinfo"
    SERIES_JSON = "series.json"
    DETAILS_JSON = "details.json"
    PDF = "pdf"


class About(NamedTuple):
    """What is said of one book, fit to store. "" and None: nothing is said."""

    series: str = ""
    volume: str = ""
    number: str = ""
    title: str = ""
    year: int | None = None
    group: str = ""
    language: str = ""
    special: bool = False


class Told(NamedTuple):
    """`facts` are fields of a `library.facts.Patch`, left out where nothing is said."""

    source: str
    facts: dict[str, Any]
    about: About = About()
