"""The judge: the schemas of ComicInfo, where they are at hand."""

from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import parse

from library.sidecars import comicinfo, tell
from tests.library.sidecars.table import info

_SCHEMAS = Path(__file__).parents[3].parent / "shared" / "comicinfo"
_XS = "{http://www.w3.org/2001/XMLSchema}"
# What other programs add.
_EXTRAS = {"localizedseries", "sourcemihon", "publishingstatustachiyomi"}

pytestmark = [
    pytest.mark.quick,
    pytest.mark.skipif(not _SCHEMAS.exists(), reason="the schemas are not here"),
]


def elements(version: str) -> list[Element]:
    root = parse(_SCHEMAS / f"ComicInfo-v{version}.xsd").getroot()
    assert root is not None
    return root.findall(f"{_XS}complexType[@name='ComicInfo']/{_XS}sequence/{_XS}element")


class Asked(dict[str, str]):
    """Remembers what it was asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override] # of one kind
        self.names.add(name)
        return default


def test_every_field_that_is_asked_for_is_one_of_the_schemas(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = Asked()
    monkeypatch.setattr(comicinfo, "fields", lambda *_: asked)
    tell("comicinfo", b"<ComicInfo/>")
    known = {each.get("name", "").lower() for each in elements("2.1")}
    assert len(asked.names) > 20
    assert asked.names <= known | _EXTRAS


@pytest.mark.parametrize("version", ["1.0", "2.0", "2.1"])
def test_a_file_with_every_element_of_a_version_is_read(version: str) -> None:
    names = [each.get("name", "") for each in elements(version) if each.get("name") != "Pages"]
    told = tell("comicinfo", info("".join(f"<{name}>3</{name}>" for name in names)))
    assert (told.about.series, told.about.number, told.about.volume) == ("3", "3", "3")
    assert len(told.facts["people"]) >= 7
