"""`manage.py parse`: one JSON object for every name."""

import io
import json

import pytest
from django.core.management import call_command

from library.names import answer

pytestmark = pytest.mark.quick


def parse_lines(*names: str) -> list[dict[str, object]]:
    out = io.StringIO()
    call_command("parse", *names, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_answer_has_every_fact_and_null_for_the_absent() -> None:
    assert answer("Lamp v03.cbz") == {
        "input": "Lamp v03.cbz",
        "series": "Lamp",
        "volume": "3",
        "chapter": None,
        "title": None,
        "year": None,
        "group": None,
        "language": None,
        "edition": None,
        "special": False,
        "explain": [
            {"start": 0, "end": 4, "text": "Lamp", "as": "series"},
            {"start": 5, "end": 8, "text": "v03", "as": "volume"},
            {"start": 8, "end": 12, "text": ".cbz", "as": "extension"},
        ],
    }


def test_a_name_with_a_slash_is_a_path() -> None:
    assert answer("Lamp/012.cbz")["series"] == "Lamp"


def test_a_question_may_give_the_root_of_a_whole_path() -> None:
    found = answer('{"input": "/m/Lamp/012.cbz", "root": "/m/"}')
    assert (found["input"], found["series"]) == ("/m/Lamp/012.cbz", "Lamp")


def test_a_question_may_do_without_a_root() -> None:
    assert answer('{"input": "Lamp 012.cbz"}')["chapter"] == "12"


@pytest.mark.parametrize("line", ["{Lamp} 012.cbz", '{"in": 1} 012', "{}", '{"a":' * 5_000])
def test_a_line_that_is_no_question_is_a_name(line: str) -> None:
    assert answer(line)["input"] == line


def test_the_command_answers_every_name() -> None:
    assert [found["chapter"] for found in parse_lines("Lamp 012.cbz", "Lamp 013.cbz")] == [
        "12",
        "13",
    ]


def test_the_command_reads_lines_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = 'Lamp 012.cbz\n\n{"input": "/m/夜/1.cbz", "root": "/m"}\r\n'.encode() + b"\xff 3.cbz"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
    found = parse_lines()
    assert [one["series"] for one in found] == ["Lamp", "夜", None]
    assert found[2]["input"] == "\udcff 3.cbz"


def test_standard_input_may_be_any_stream_of_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Lamp 012.cbz"))
    assert parse_lines()[0]["chapter"] == "12"
