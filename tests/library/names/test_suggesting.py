"""A pattern is made of a name and of what is known of it."""

from collections.abc import Mapping

import pytest

from library.names.fitting import fitter, parts_of
from library.names.suggesting import suggest

pytestmark = pytest.mark.quick

BEGUN = [
    ("A/Salt_Road v02.cbz", {"series": "Salt Road", "volume": "2"}, "{series} v{volume}"),
    ("[Ink] Dawn (2010)", {"group": "Ink", "year": "2010"}, "[{group}] Dawn ({year})"),
    ("Area 51.cbz", {"series": "Area 51", "chapter": ""}, "{series}{chapter=}"),
    ("c05 Dawn", {"title": "Dawn", "chapter": "5", "volume": "2"}, "c{chapter} {title}{volume=2}"),
    ("{x} 5.cbz", {"chapter": "5"}, r"\{x\} {chapter}"),
    ("Dawn.cbz", {"series": "Noon"}, ""),
    ("DawnNoon.cbz", {"series": "Dawn", "title": "Noon"}, ""),
    ("a" * 299 + " 5.cbz", {"chapter": "5"}, ""),
]


@pytest.mark.parametrize(("path", "known", "pattern"), BEGUN)
def test_what_is_known_becomes_fields(path: str, known: Mapping[str, str], pattern: str) -> None:
    assert suggest(path, known) == pattern


@pytest.mark.parametrize(("path", "known", "pattern"), [one for one in BEGUN if one[2]])
def test_a_suggested_pattern_reads_the_name_as_it_is_known(
    path: str, known: Mapping[str, str], pattern: str
) -> None:
    assert fitter(pattern).fit(parts_of(path)) == known
