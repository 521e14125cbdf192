"""Damaging archives, and asking them for what must fail."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kiremisu.lib.errors import Unreadable
from library.archives import CODES


def code_of[**P](call: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> str:
    """The code with which this call refuses; its sentence must be that of the code."""
    with pytest.raises(Unreadable) as caught:
        call(*args, **kwargs)
    assert caught.value.detail == CODES[caught.value.code]
    return caught.value.code


def changed(book: Path, *changes: tuple[int, bytes], base: bytes = b"PK\5\6") -> Path:
    """The file with bytes overwritten at places counted from the last `base`."""
    data = bytearray(book.read_bytes())
    at = data.rindex(base)
    for place, value in changes:
        data[at + place : at + place + len(value)] = value
    book.write_bytes(data)
    return book
