"""File and folder names → series, volume, chapter and what else they tell. Pure.

A name is cut into tokens (`tokens`), brackets are told apart (`brackets`), numbers that a
word speaks for are found (`marks`) or the bare one is chosen (`lone`, `choices`), and what is
left between them is series and title (`stretches`). `paths` adds the folders above a file.
"""

from library.names.parsed import Parsed, Span, as_json
from library.names.paths import parse, parse_path, relative_to

__all__ = ["Parsed", "Span", "as_json", "parse", "parse_path", "relative_to"]
