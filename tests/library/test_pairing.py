"""Which pages face each other, by what is drawn on them."""

from random import Random

import pytest

from bench import drawn
from library import facing, geometry
from library.pairing import Faced, Run, laid_out

TALL, WIDE = Faced(0.7), Faced(1.4, wide=True)
GOES_ON = Faced(0.7, continues=0.99)


def edges(page: drawn.Drawn) -> geometry.Edges:
    return geometry.measured(drawn.saved(Random(1), page.picture)).edges


def test_the_halves_of_a_drawing_go_on_and_other_pages_do_not() -> None:
    rng = Random(5)
    left, right = map(edges, drawn.spread(rng))
    before, after = (edges(drawn.page(rng)) for _ in range(2))
    assert facing.continues(left.right, right.left) > 0.9
    assert facing.continues(before.right, left.left) < 0.1
    assert facing.continues(right.right, after.left) < 0.1
    assert facing.continues(right.right, left.left) < 0.1


def test_nothing_goes_on_from_a_blank_page() -> None:
    assert facing.continues(b"", bytes(range(180))) == 0


def test_a_drawing_over_two_pages_pairs_those_around_it() -> None:
    pages = [TALL] * 5 + [GOES_ON] + [TALL] * 4
    (run,) = laid_out(pages)
    assert (run.first, run.last, run.pairs) == (1, 10, (2, 4, 6, 8))
    assert run.sure > 0.9


def test_where_nothing_goes_on_nothing_is_said() -> None:
    assert laid_out([TALL] * 9) == []
    assert laid_out([]) == []


def test_each_run_between_wide_pages_is_told_by_its_own() -> None:
    pages = [TALL, TALL, WIDE, TALL, TALL, GOES_ON, TALL, TALL]
    assert [(run.first, run.pairs) for run in laid_out(pages)] == [(4, (4, 6))]


def test_a_page_put_in_stands_alone() -> None:
    coloured = Faced(0.75, grey=False)
    pages = [TALL, GOES_ON, TALL, TALL, TALL, coloured, TALL, TALL, GOES_ON, TALL]
    assert laid_out(pages)[0].pairs == (2, 4, 7, 9)


@pytest.mark.parametrize("at", [0, 1])
def test_of_two_that_cannot_both_be_the_surer_one_holds(at: int) -> None:
    pages = [TALL, TALL, Faced(0.7, continues=0.6), TALL, TALL, TALL]
    pages[3 + at] = Faced(0.7, continues=0.999)
    assert 4 + at in laid_out(pages)[0].pairs


def test_a_faint_likeness_is_not_enough() -> None:
    assert laid_out([TALL, TALL, Faced(0.7, continues=0.2), TALL]) == []
    assert isinstance(laid_out([TALL, GOES_ON, TALL])[0], Run)
