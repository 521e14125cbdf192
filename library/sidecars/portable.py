"""The title and the author that a PDF names itself; many name what made it."""

import re
from typing import Any

from kiremisu.lib.text import clean, fold
from library.names import parse
from library.sidecars import values
from library.sidecars.told import About, Source, Told

# A file's name, a number, or what programs write where nobody wrote anything.
_NOTHING = re.compile(
    r"untitled.*|.*\.[a-z]{2,4}\d?|microsoft \w+ - .*|(?:scan|document|page|img)\W*\d*|[\W\d_]*",
    re.IGNORECASE | re.DOTALL,
)
_NOBODY = {"unknown", "user", "admin", "administrator", "owner", "author", "anonymous"}


def told(title: str, author: str) -> Told:
    """What these two say, read as a name of a file is: "Salt Road, Vol. 3"."""
    title = clean(title, 500)
    people = [name for name in values.names(author) if fold(name) not in _NOBODY]
    facts: dict[str, Any] = {"people": [{"name": name, "role": "author"} for name in people]}
    about = About()
    if not _NOTHING.fullmatch(title):
        parsed = parse(title)
        facts["titles"] = [{"text": parsed.series, "kind": "main"}] if parsed.series else []
        about = About(
            series=clean(parsed.series or "", 500),
            volume=parsed.volume or "",
            number=parsed.chapter or "",
            title=clean(parsed.title or "", 500),
        )
    return Told(Source.PDF, {key: value for key, value in facts.items() if value}, about)
