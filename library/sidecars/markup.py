"""XML as a flat table of texts, never built as a tree."""

from collections.abc import Mapping
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from library.sidecars.refusing import Misread

_DEEPEST = 32
_MOST = 200  # different fields


def fields(data: bytes, root: str) -> Mapping[str, str]:
    """The texts of the elements right below `root`, by their names in small letters, without
    namespaces; the first of a name that says something. `root` may have one element around it,
    and a field further elements inside: their texts stand on lines of their own.

    Raises Misread.
    """
    target = _Fields(root)
    parser = DefusedXMLParser(target=target, encoding=_encoding(data), forbid_dtd=True)
    try:
        parser.feed(data.lstrip(b" \t\r\n"))
        parser.close()
    except DefusedXmlException as error:
        raise Misread("has_dtd") from error
    except (ParseError, LookupError, ValueError) as error:
        raise Misread("not_xml", str(error)) from error
    if not target.is_known:
        raise Misread("not_known")
    return target.found


def _encoding(data: bytes) -> str | None:
    """What to read it as whatever it declares: many say UTF-16 of what is none any more."""
    head = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "utf-8" if head.startswith(b"<?xml") and b"utf-16" in head else None


class _Fields:
    """Hears elements begin and end."""

    def __init__(self, root: str) -> None:
        self.found: dict[str, str] = {}
        self.is_known = False
        self._root = root
        self._open: list[str] = []
        self._level = 0  # at which fields begin, once the root was met
        self._parts: list[str] = []

    def start(self, tag: str, _: Mapping[str, str]) -> None:
        name = tag.rpartition("}")[2].lower()
        self._open.append(name)
        depth = len(self._open)
        if depth > _DEEPEST:
            raise Misread("too_deep")
        if name == self._root and depth <= 2 and not self.is_known:
            self.is_known, self._level = True, depth + 1
        elif depth == self._level:
            self._parts = []

    def data(self, text: str) -> None:
        if self._level and len(self._open) >= self._level:
            self._parts.append(text)

    def end(self, _: str) -> None:
        depth, name = len(self._open), self._open.pop()
        if not self._level:
            return
        if depth > self._level:
            self._parts.append("\n")
        elif depth == self._level:
            text = "".join(self._parts).strip()
            if text and len(self.found) < _MOST:
                self.found.setdefault(name, text)
        elif depth < self._level:
            self._level = 0

    def close(self) -> None:
        return None
