"""File and folder names → series, volume, chapter and what else they tell. Pure.

A name is cut into tokens (`tokens`), brackets are told apart (`brackets`), numbers that a
word speaks for are found (`marks`) or the bare one is chosen (`lone`, `choices`), and what is
left between them is series and title (`stretches`). `paths` adds the folders above a file.

People say otherwise by patterns (`patterns`), which are read without ever going back (`fitting`).
"""

from library.names.answers import answer
from library.names.parsed import Parsed, Span
from library.names.paths import parse, parse_path, relative_to

__all__ = ["Parsed", "Span", "answer", "parse", "parse_path", "relative_to"]
