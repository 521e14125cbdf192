"""The parser's answers as `manage.py parse` gives them: one JSON object for a name."""

import json

from library.names.parsed import Parsed
from library.names.paths import parse, parse_path, relative_to


def answer(line: str) -> dict[str, object]:
    """What is made of a name, of a path (it has a "/"), or of a question in JSON.

    A question is an object with `input`, and `root` when that is a whole path; a line that
    is no such object is a name.
    """
    name, root = line, None
    if line.startswith("{"):
        name, root = _question(line)
    if root is not None:
        return as_json(name, parse_path(relative_to(name, root)))
    return as_json(name, parse_path(name) if "/" in name else parse(name))


def _question(line: str) -> tuple[str, str | None]:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        return line, None
    match asked:
        case {"input": str(name), "root": str(root)}:
            return name, root
        case {"input": str(name)}:
            return name, None
    return line, None


def as_json(name: str, parsed: Parsed) -> dict[str, object]:
    """The name as given, what was found in it, and why."""
    return {
        "input": name,
        "series": parsed.series,
        "volume": parsed.volume,
        "chapter": parsed.chapter,
        "title": parsed.title,
        "year": parsed.year,
        "group": parsed.group,
        "language": parsed.language,
        "edition": parsed.edition,
        "special": parsed.special,
        "explain": [
            {"start": span.start, "end": span.end, "text": span.text, "as": span.label}
            for span in parsed.explain
        ],
    }
