import pytest

from library.scanning.tally import Tally

pytestmark = pytest.mark.quick


def test_failures_notch_the_slat_they_fall_in() -> None:
    tally = Tally()
    tally.begin(120, 0)
    for number in range(120):
        tally.read(f"a/{number}.cbz", failed=number in {0, 1, 60})
    assert (tally.failed, tally.notches) == (3, [0, 1, 30])
    assert tally.recent == ["115.cbz", "116.cbz", "117.cbz", "118.cbz", "119.cbz"]


def test_the_rate_counts_only_what_was_read() -> None:
    tally = Tally()
    tally.begin(1_000_000, 999_990)
    tally.read("a.cbz", failed=False)
    assert tally.rate == 10  # one in at least a tenth of a second


def test_who_goes_on_keeps_the_counts_and_looks_anew() -> None:
    kept = Tally(files=9, added=4, failed=1, done=5, phase="x").as_cursor()
    tally = Tally.resumed({**kept, "something": "else"})
    assert (tally.added, tally.failed, tally.files, tally.done) == (4, 1, 0, 0)
