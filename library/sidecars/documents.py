"""JSON of a sidecar, as an object."""

import codecs
from collections.abc import Mapping
from typing import Any

import orjson

from library.sidecars.refusing import Misread

_MARKS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_object(data: bytes) -> Mapping[str, Any]:
    """The object in this file. Raises Misread."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8-sig")
    try:
        found = orjson.loads(data.decode(encoding))
    except ValueError as error:
        raise Misread("not_json", str(error)) from error
    if not isinstance(found, dict):
        raise Misread("not_known")
    return found


def text(found: Mapping[str, Any], *names: str) -> str:
    """The first of these that says something, as text; numbers are written out."""
    for name in names:
        value = found.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
    return ""
