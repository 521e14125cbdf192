"""Opening and turning pages."""

import pytest

from tests.reader.js.conftest import WITH_WIDE, Reading, Shelf

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_two_pages_lie_side_by_side_right_to_left(reading: Reading, shelf: Shelf) -> None:
    reading.open(shelf.add("1", WITH_WIDE)).sees(1)

    reading.press("ArrowLeft")
    reading.sees(3, 2)
    reading.counts("2–3 / 12")


def test_wide_pages_stand_alone_and_pairing_starts_anew(reading: Reading, shelf: Shelf) -> None:
    reading.open(shelf.add("1", WITH_WIDE), page=4).sees(5, 4)

    for spread in ((6,), (8, 7), (10, 9), (11,), (12,)):
        reading.press("ArrowLeft")
        reading.sees(*spread)
