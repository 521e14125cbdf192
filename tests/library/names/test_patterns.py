"""The patterns in which people say how names are to be read."""

import re
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.names.fitting import fitter, parts_of
from library.names.patterns import FIELDS, LONGEST, BadPattern, read_pattern

pytestmark = pytest.mark.quick


def told(pattern: str, path: str) -> Mapping[str, str] | None:
    return fitter(pattern).fit(parts_of(path))


FITTING = [
    # Text stands for itself, whatever its case; spaces and underscores are one.
    ("{series} v{volume}", "Salt_Road__V02.cbz", {"series": "Salt Road", "volume": "2"}),
    ("{series} {chapter}", "Area 51 012.5.cbz", {"series": "Area 51", "chapter": "12.5"}),
    ("[{group}] {title}", "[Ink] Dawn.cbz", {"group": "Ink", "title": "Dawn"}),
    # Numbers are read whole, a range as well unless the pattern has the sign itself.
    ("{series}{chapter}", "Dawn12-14.cbz", {"series": "Dawn", "chapter": "12-14"}),
    ("{volume}-{chapter}", "01-05.cbz", {"volume": "1", "chapter": "5"}),
    ("{volume}.{chapter}", "1.05.cbz", {"volume": "1", "chapter": "5"}),
    ("{series} {chapter}", "Dawn 123456789.cbz", None),
    ("{series} {chapter}", "Dawn 1234567.cbz", None),
    ("{series} {year}", "Dawn 20101.cbz", None),
    ("{year} {series}", "2010 Dawn.cbz", {"year": "2010", "series": "Dawn"}),
    ("{series} ({language})", "Dawn (English).cbz", {"series": "Dawn", "language": "en"}),
    ("{series} ({language})", "Dawn (pt-BR).cbz", {"series": "Dawn", "language": "pt-br"}),
    # What may be missing is read where it is there.
    ("{title}< v{volume}> c{chapter}", "X v1 c2", {"title": "X", "volume": "1", "chapter": "2"}),
    ("{series}< v{volume}> c{chapter}", "Dawn c2.cbz", {"series": "Dawn", "chapter": "2"}),
    # Told without being read.
    ("OP {chapter}{series=One  Piece}", "op 7.cbz", {"chapter": "7", "series": "One Piece"}),
    ("{series}{chapter=}", "Area 51.cbz", {"series": "Area 51", "chapter": ""}),
    ("{title}{volume=3-4}{year=1999}", "X.cbz", {"title": "X", "volume": "3-4", "year": "1999"}),
    ("{title}{chapter=011}{volume=02-03}", "X", {"title": "X", "chapter": "11", "volume": "2-3"}),
    ("{title}{language=English}", "X", {"title": "X", "language": "en"}),
    # Folders count from the file upwards, or from the library's own.
    ("{series}/*{chapter}", "Shelf/Dawn/page 4.cbz", {"series": "Dawn", "chapter": "4"}),
    ("/{series}/{any} {chapter}", "Dawn/no 4.cbz", {"series": "Dawn", "chapter": "4"}),
    ("/{series}/{any} {chapter}", "Shelf/Dawn/no 4.cbz", None),
    ("{series}/{chapter}", "4.cbz", None),
    ("{series}", "Café.cbz", {"series": "Café"}),
    (r"\{{title}\}\<\*\\", r"{A}<*\.cbz", {"title": "A"}),
    ("a{title}b", "a b.cbz", {}),
]


@pytest.mark.parametrize(("pattern", "path", "expected"), FITTING)
def test_a_name_is_read_by_a_pattern(
    pattern: str, path: str, expected: Mapping[str, str] | None
) -> None:
    assert told(pattern, path) == expected


@pytest.mark.parametrize(
    ("pattern", "position", "words"),
    [
        ("", 0, "a name is missing"),
        ("{series}/", 9, "a name is missing"),
        ("/{series=X}/{chapter}", 11, "a name is missing"),
        ("v{volume", 1, "not closed by a }"),
        ("v}", 1, "no { before"),
        ("{series}<a", 8, "not closed by a >"),
        ("a>", 1, "no < before"),
        ("{series}<a<b>>", 10, "not parted again"),
        ("{series}<a/b>", 10, "cannot be missing in part"),
        ("<{series}>", 0, "All of a name"),
        ("{serie}", 0, "Fields are series,"),
        ("{any=x}", 0, "Fields are series,"),
        ("{Volume}", 0, "Fields are series,"),
        ("{title}{year=20}", 7, "cannot be the year"),
        ("{title}{series=}", 7, "cannot be the series"),
        ("{series}{title}", 8, "two texts"),
        ("{series}<{title}>x", 9, "two texts"),
        ("{series} {volume}{chapter}", 17, "two numbers"),
        ("{series} {series}", 9, "twice"),
        ("abc*", 0, "names no field"),
        ("a\\", 1, "a sign is missing"),
        ("{series}" + "<a>" * 5, 0, "4 parts"),
        ("{series}" + "a" * LONGEST, LONGEST, "300 characters"),
    ],
)
def test_what_is_wrong_with_a_pattern_is_said_with_its_place(
    pattern: str, position: int, words: str
) -> None:
    with pytest.raises(BadPattern, match=re.escape(words)) as caught:
        read_pattern(pattern)
    assert caught.value.position == position


PIECES = [*"ab1 -.", *(f"{{{field}}}" for field in ("any", *FIELDS)), "<a>", "<{group}b>", "<1>"]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=7), st.text("ab1 -.", max_size=14))
def test_a_pattern_that_goes_back_nowhere_fits_what_one_that_tries_all_would(
    pieces: list[str], name: str
) -> None:
    try:
        ready = fitter("".join(pieces))
    except BadPattern:
        return
    (part,) = parts_of(name)
    for expressions, _ in ready._ways:
        (expression,) = expressions
        trying = re.compile(expression.pattern.replace("(?>", "(?:"), expression.flags)
        assert bool(expression.fullmatch(part)) == bool(trying.fullmatch(part))


@settings(deadline=None)
@given(st.text("{}<>/\\*=ab1 seriesvolume", max_size=40))
def test_whatever_somebody_writes_is_a_pattern_or_refused_with_a_place_in_it(text: str) -> None:
    try:
        fitter(text)
        position = 0
    except BadPattern as wrong:
        position = wrong.position
    assert 0 <= position <= len(text)


@pytest.mark.parametrize("bait", ["a x", " 1999", "1-", "ab", "1.1", "v1 "])
@pytest.mark.parametrize(
    "pattern",
    [
        "{series} x{any} x{title} x{group} x{edition} y",
        "{series}{volume}{any}{chapter}{title} {year} y",
        "{series}{language}*a*b*1*a*b*1*y",
        "<{group}a><b{title}b>< {volume} ><*x>{series}y",
    ],
)
def test_a_long_bait_is_read_at_once(pattern: str, bait: str) -> None:
    # Whatever tries two of the gaps again would be at it for days.
    assert fitter(pattern).fit(parts_of(bait * 30_000)) is None
