"""What sidecars say, as a table."""

from typing import Any

import pytest

from library.facts import Patch, Source
from library.sidecars import KINDS, About, tell, tell_of_pdf
from library.sidecars.patches import patch_of
from tests.library.sidecars.table import CASES, PDFS, Case

pytestmark = pytest.mark.quick


SOURCES = {
    "ComicInfo.xml": Source.COMICINFO,
    "series.json": Source.SERIES_JSON,
    "details.json": Source.DETAILS_JSON,
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_sidecar_says_what_it_should(case: Case) -> None:
    told = tell(KINDS[case.file.lower()], case.data)
    assert (told.facts, told.about) == (case.facts, About(**case.book))
    assert Source(told.source) == SOURCES[case.file]
    assert patch_of(told.facts) == Patch.model_validate(case.facts)


@pytest.mark.parametrize(("title", "author", "facts", "book"), PDFS)
def test_a_pdf_says_what_it_should(
    title: str, author: str, facts: dict[str, Any], book: dict[str, Any]
) -> None:
    told = tell_of_pdf(title, author)
    assert (Source(told.source), told.facts, told.about) == (Source.PDF, facts, About(**book))
    assert patch_of(told.facts) == Patch.model_validate(facts)


def test_the_table_is_long_enough() -> None:
    assert len(CASES) + len(PDFS) >= 60
