"""File names as text that a database can hold.

A name on disk is bytes. Python shows bytes that are no UTF-8 as lone surrogates
(`os.fsdecode`), which PostgreSQL refuses. `storable` turns each such byte 0xNN into the
private-use character U+F7NN, and a real character of that range into its bytes in the same
way, so that `on_disk` gives back exactly the name that was.
"""

import os
import re

_ODD = re.compile("[\udc80-\udcff\uf780-\uf7ff]")
_MARKED = re.compile("[\uf780-\uf7ff]+")


def storable(path: str) -> str:
    """A path as `os` gives it → text without surrogates, for the database."""
    return _ODD.sub(_mark, path)


def on_disk(text: str) -> str:
    """What `storable` made → the path as `os` wants it."""
    return _MARKED.sub(_unmark, text)


def _mark(found: re.Match[str]) -> str:
    return "".join(chr(0xF700 | byte) for byte in os.fsencode(found.group()))


def _unmark(found: re.Match[str]) -> str:
    return os.fsdecode(bytes(ord(character) & 0xFF for character in found.group()))
