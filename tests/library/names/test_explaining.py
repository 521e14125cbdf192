"""Every answer can be explained: which piece of the name was taken for what."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.names import parse, parse_path
from tests.library.names.anything import NAMES

pytestmark = pytest.mark.quick


def explained(name: str) -> list[tuple[str, str]]:
    spans = (parse_path if "/" in name else parse)(name).explain
    return [(span.text, span.label) for span in spans]


def test_each_piece_says_what_it_was_taken_for() -> None:
    assert explained("[Mio] Lamp Omnibus v03 c012v2 - Rain (2019) (Digital) [Moth] (en).cbz") == [
        ("[Mio]", "artist"),
        ("Lamp", "series"),
        ("Omnibus", "edition"),
        ("v03", "volume"),
        ("c012", "chapter"),
        ("v2", "version"),
        ("Rain", "title"),
        ("(2019)", "year"),
        ("(Digital)", "source"),
        ("[Moth]", "group"),
        ("(en)", "language"),
        (".cbz", "extension"),
    ]


def test_a_doujin_names_its_event_artist_and_work() -> None:
    assert explained("(Fair 9) [Mio] Wet Lamp (Old Tale)") == [
        ("(Fair 9)", "event"),
        ("[Mio]", "artist"),
        ("Wet Lamp", "series"),
        ("(Old Tale)", "work"),
    ]


def test_a_group_outside_brackets_is_shown() -> None:
    assert ("Moth Scans", "group") in explained("Lamp c07 - Moth Scans.zip")


def test_folders_are_explained_with_positions_in_the_whole_path() -> None:
    path = "L/Lamp/Vol. 2/Chapter 5.cbz"
    spans = parse_path(path).explain
    assert [(path[s.start : s.end], s.label) for s in spans] == [
        ("L", "folder"),
        ("Lamp", "series"),
        ("Vol. 2", "volume"),
        ("Chapter 5", "chapter"),
        (".cbz", "extension"),
    ]


@settings(max_examples=300, deadline=None)
@given(NAMES)
def test_any_name_is_read_and_its_spans_lie_in_order(name: str) -> None:
    composed = unicodedata.normalize("NFC", name)
    at = 0
    for span in parse(name).explain:
        assert at <= span.start < span.end
        assert span.text == composed[span.start : span.end]
        at = span.end


@settings(max_examples=100, deadline=None)
@given(st.lists(NAMES, max_size=4).map("/".join))
def test_any_path_is_read(path: str) -> None:
    parsed = parse_path(path)
    for text in (parsed.series, parsed.title, parsed.volume, parsed.chapter):
        assert text is None or text.strip()


def test_positions_count_in_the_composed_form_of_a_path() -> None:
    path = "Café/Café c001.cbz"
    spans = parse_path(unicodedata.normalize("NFD", path)).explain
    assert [path[span.start : span.end] for span in spans] == ["Café", "Café", "c001", ".cbz"]
