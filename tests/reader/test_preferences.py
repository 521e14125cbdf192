"""How a person reads, and which scope decided it."""

import pytest

from kiremisu.accounts.models import User
from kiremisu.lib.errors import Invalid
from library.models import Series
from reader.preferences import choose, pair, pairing_of, resolve
from tests.factories import make_content, make_library, make_series


@pytest.fixture
def series(db: None) -> Series:
    return make_series(make_library())


def test_a_manga_is_read_from_right_to_left_in_two_pages(bob: User, series: Series) -> None:
    found = resolve(bob, series)

    assert (found.choices.direction, found.choices.layout) == ("rtl", "double")
    assert (found.origins["direction"], found.origins["layout"]) == ("library", "default")


def test_a_webtoon_is_scrolled(bob: User) -> None:
    series = make_series(make_library("Webtoons", kind="webtoon"))

    assert resolve(bob, series).choices.layout == "scroll"


def test_a_comic_is_read_from_left_to_right(bob: User) -> None:
    series = make_series(make_library("Comics", kind="comic"))

    assert resolve(bob, series).choices.direction == "ltr"


@pytest.mark.parametrize(
    ("direction", "reads"),
    [("ltr", ("ltr", "double")), ("vertical", ("ltr", "scroll")), ("rtl", ("rtl", "double"))],
)
def test_what_is_known_of_a_work_counts_before_its_library(
    bob: User, direction: str, reads: tuple[str, str]
) -> None:
    found = resolve(bob, make_series(make_library(), direction=direction))

    assert (found.choices.direction, found.choices.layout) == reads
    assert found.origins["direction"] == "facts"


def test_what_is_chosen_for_a_series_decides_over_all(bob: User, series: Series) -> None:
    choose(bob, layout="single")
    choose(bob, series, layout="scroll", direction="ltr")

    found = resolve(bob, series)

    assert (found.choices.layout, found.choices.direction) == ("scroll", "ltr")
    assert (found.origins["layout"], found.without_series.layout) == ("series", "single")


def test_ones_own_default_counts_where_the_library_says_nothing(bob: User, series: Series) -> None:
    choose(bob, layout="single", direction="ltr")

    found = resolve(bob, series)

    assert (found.choices.layout, found.origins["layout"]) == ("single", "you")
    assert found.choices.direction == "rtl"


def test_a_choice_is_taken_back_with_none(bob: User, series: Series) -> None:
    choose(bob, series, layout="single", fit="width")

    kept = choose(bob, series, layout=None)

    assert (kept.layout, kept.fit) == (None, "width")
    assert resolve(bob, series).origins["layout"] == "default"


def test_false_is_a_choice(bob: User, series: Series) -> None:
    choose(bob, cover_alone=True)
    choose(bob, series, cover_alone=False)

    assert resolve(bob, series).choices.cover_alone is False


def test_nobody_elses_choice_counts(bob: User, charlie: User, series: Series) -> None:
    choose(bob, series, layout="single")

    assert resolve(charlie, series).choices.layout == "double"


@pytest.mark.parametrize(
    "wrong", [{"layout": "triple"}, {"strip_width": 5}, {"colour": "red"}, {"version": 2}]
)
def test_nonsense_is_refused(bob: User, series: Series, wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        choose(bob, series, **wrong)

    assert resolve(bob, series).origins["layout"] == "default"


def test_a_wrong_choice_is_named(bob: User) -> None:
    with pytest.raises(Invalid) as refused:
        choose(bob, fit="tight")

    assert [error.field for error in refused.value.errors] == ["fit"]


def test_a_pairing_is_kept_for_one_reader(bob: User, charlie: User) -> None:
    content = make_content(12)

    pair(bob, content, flip=True, alone=[7, 3, 3])

    assert pairing_of(bob, content).flip is True
    assert pairing_of(bob, content).alone == [3, 7]
    assert pairing_of(charlie, content).flip is None


def test_flipping_keeps_the_pinned_pages(bob: User) -> None:
    content = make_content(12)
    pair(bob, content, flip=None, alone=[3])

    assert pair(bob, content, flip=False).alone == [3]


def test_a_page_that_is_not_there_cannot_be_pinned(bob: User) -> None:
    with pytest.raises(Invalid, match="1 to 12"):
        pair(bob, make_content(12), flip=None, alone=[13])
