"""manage.py parse: what the name parser makes of names, and why."""

import json
import sys
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from library.names import answer


class Command(BaseCommand):
    help = (
        "Show what the name parser makes of file names, folder names or paths, one JSON object "
        "a line. Without names it reads lines from standard input; a line may be an object "
        '{"input": …, "root": …} that gives a whole path and the root it lies below.'
    )
    requires_system_checks: list[str] = []  # noqa: RUF012 – Django's own way; no database needed

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME")

    def handle(self, *_: object, **options: Any) -> None:
        for line in options["names"] or _standard_input():
            self.stdout.write(_as_line(answer(line)))


def _standard_input() -> Iterator[str]:
    """The lines of standard input that are not empty; bytes that are no UTF-8 pass through."""
    lines: Iterable[str] = sys.stdin
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    for line in lines:
        name = line.rstrip("\r\n")
        if name:
            yield name


def _as_line(found: dict[str, object]) -> str:
    """JSON to read; all escaped where a name holds bytes that are no text."""
    line = json.dumps(found, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        return json.dumps(found)
    return line
