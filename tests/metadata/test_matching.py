"""Which work of a provider a series of ours is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bench.match import LEAST_FIRST, LEAST_MATCHED, MOST_WRONG, measure
from bench.worlds import World
from metadata.matching import Candidate, Local, Title, judge, queries, ranked, sure
from metadata.matching.people import same_person
from metadata.matching.pictures import hash_of, likeness

pytestmark = pytest.mark.quick


def here(*titles: str, **known: object) -> Local:
    names = known.pop("names", titles)
    return Local(tuple(Title(title) for title in titles), names=names, **known)  # type: ignore[arg-type]


def there(*titles: str, id: str = "1", **known: object) -> Candidate:  # noqa: A002 - its name there
    kinds = ("main", *["alternative"] * len(titles))
    named = tuple(Title(text, "", kind) for text, kind in zip(titles, kinds, strict=False))
    return Candidate(id, named, **known)  # type: ignore[arg-type]


def is_matched(local: Local, *candidates: Candidate) -> bool:
    return sure(ranked(local, candidates)) is not None


@pytest.mark.parametrize(
    ("files", "title"),
    [
        ("Signal Hill", "Signal Hill"),
        ("SIGNAL HILL!", "The Signal Hill"),
        ("Shōnen no Mori", "Shounen no Mori"),
        ("Syonen wo Mori", "Syonen o Mori"),
        ("ゆきのまち", "Yuki no Machi"),
        ("ユキノマチ", "ゆきのまち"),
        ("Yukinomachi", "Yuki no Machi"),
        ("Signal Hlil", "Signal Hill"),
        ("Signal Hill 2nd Edition", "Signal Hill"),
        ("Signal Hill Omnibus Edition (2016-18) [Paper Lantern]", "Signal Hill"),
        ("Signal Hill - NightTrainScans", "Signal Hill"),
        ("Signal Hill v1-9", "Signal Hill"),
        ("SignalHill_complete", "Signal Hill"),
        ("Signal Hill II", "Signal Hill 2"),
        ("Signal Hill - Part 2", "Signal Hill 2"),
        ("Signal Hill 2nd Season", "Signal Hill: Season 2"),
        ("Signal Hill (Full Color)", "Signal Hill (Official Colored)"),
        ("Area 88", "Area 88"),
    ],
)
def test_one_title_written_in_two_ways_is_matched(files: str, title: str) -> None:
    assert is_matched(here(files), there(title))


@pytest.mark.parametrize(
    ("files", "title"),
    [
        ("Signal Hill", "Signal Hill 2"),
        ("Signal Hill 3", "Signal Hill 2"),
        ("Signal Hill", "Signal Hill After"),
        ("Signal Hill", "Signal Hill Gaiden"),
        ("Signal Hill", "Signal Hill (Official Colored)"),
        ("Signal Hill (Full Color)", "Signal Hill"),
        ("Signal Hill", "Signal Hill (Doujinshi)"),
        ("Signal Hill Anthology", "Signal Hill"),
        ("Signal Hill [Uncensored]", "Signal Hill"),
        ("Signal Hill", "Signal Hill: The Long Night"),
        ("Signal Hill", "Signal Road"),
        ("月の塔", "星の塔"),
        ("Area 88", "Area 89"),
    ],
)
def test_a_sibling_is_left_to_a_person(files: str, title: str) -> None:
    assert not is_matched(here(files), there(title))


def test_a_word_that_other_titles_have_is_not_taken_for_a_misspelt_one() -> None:
    assert is_matched(here("Signal Hill"), there("Signal Hall"))
    assert not is_matched(here("Signal Hill"), there("Signal Hall"), there("Old Hill", id="2"))


def test_what_sets_a_sibling_apart_is_said() -> None:
    (one,) = ranked(here("Signal Hill"), [there("Signal Hill 2")])
    assert one.conflicts == ("The files are number 1 of that name, this is number 2",)


def test_a_provider_s_tags_tell_of_editions_as_well() -> None:
    candidate = there("Signal Hill", tags=("Official Colored",))
    assert judge(here("Signal Hill"), candidate).conflicts


def test_the_name_of_a_folder_tells_what_the_title_leaves_out() -> None:
    local = here("Signal Hill", names=("Signal Hill (Full Color)",))
    assert not is_matched(local, there("Signal Hill"))


def test_two_works_of_one_title_are_told_apart_by_their_author() -> None:
    local = here("Signal Hill", people=("I. Sato",))
    works = [there("Signal Hill", id=name, people=(name,)) for name in ("Mori Oda", "Ibuki Sato")]
    best = sure(ranked(local, works))
    assert best is not None
    assert best.candidate.id == "Ibuki Sato"


def test_two_works_that_nothing_tells_apart_are_left_to_a_person() -> None:
    works = [there("Signal Hill", id=each) for each in "12"]
    assert not is_matched(here("Signal Hill"), *works)


def test_an_author_in_the_brackets_of_a_folder_counts() -> None:
    local = here("Signal Hill", names=("[Ibuki Sato] Signal Hill",))
    works = [there("Signal Hill", id=name, people=(name,)) for name in ("Mori Oda", "Ibuki Sato")]
    assert ranked(local, works)[0].candidate.id == "Ibuki Sato"


def test_more_chapters_than_there_are_speak_against_a_match() -> None:
    local = here("Signal Hill", highest_chapter=60.0)
    found = judge(local, there("Signal Hill", last_chapter="12", status="completed"))
    assert found.conflicts == ("There are 12 chapters of it, here are 60",)


def test_files_older_than_the_work_speak_against_a_match() -> None:
    assert judge(here("Signal Hill", year=1990), there("Signal Hill", year=2017)).conflicts


def test_a_later_year_is_that_of_an_edition() -> None:
    assert is_matched(here("Signal Hill", year=2019), there("Signal Hill", year=2016))


def test_a_link_to_the_same_work_elsewhere_is_the_strongest_evidence() -> None:
    local = here("Signal Hill", known={"al": "12"})
    one, other = ranked(
        local,
        [
            there("Signal Hill", id="1", links={"al": "99"}),
            there("Signal Hill", links={"al": "12"}),
        ],
    )
    assert one.candidate.links == {"al": "12"}
    assert one.score - other.score > 40


def test_what_follows_under_the_same_title_comes_second() -> None:
    follower = there("Signal Hill", id="2", related={"1": "prequel"})
    assert ranked(here("Signal Hill"), [follower, there("Signal Hill")])[0].candidate.id == "1"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ibuki Sato-Reyes", "Sato-Reyes Ibuki", True),
        ("I. Sato", "Ibuki Satō", True),
        ("Ibuki Satou", "Ibuki Sato", True),
        ("Sato", "Ibuki Sato", False),
        ("I. S.", "Ibuki Sato", False),
        ("Mori Oda", "Ibuki Sato", False),
    ],
)
def test_people_are_known_by_their_names(one: str, other: str, same: bool) -> None:
    assert same_person(one, other) == same


def test_names_in_different_scripts_say_nothing() -> None:
    found = judge(here("Signal Hill", people=("佐藤",)), there("Signal Hill", people=("Ibuki",)))
    assert [line.name for line in found.evidence] == ["Title"]


def test_a_search_goes_without_what_is_left_in_a_name() -> None:
    assert queries(here("Signal Hill (2016) [X]", "Signal Hill", "Tako no Kisetsu")) == [
        "Signal Hill",
        "Tako no Kisetsu",
        "たこのきせつ",
    ]


@pytest.mark.parametrize(
    ("title", "also"),
    [
        ("猫ノ竜", "猫の竜"),
        ("Wasureta Tubame", "わすれたつばめ"),
        ("Gakkō no Matcha", "がっこうのまっちゃ"),
        ("Signal Hill", None),
        ("ねこ", None),
    ],
)
def test_a_title_is_searched_in_hiragana_as_well(title: str, also: str | None) -> None:
    assert queries(here(title)) == [title, *([also] if also else [])]


def test_a_smaller_copy_of_a_cover_looks_alike_and_another_does_not() -> None:
    cover = Image.linear_gradient("L").rotate(30)
    assert likeness(hash_of(cover), hash_of(cover.resize((90, 130)))) > 0.8
    assert likeness(hash_of(cover), hash_of(cover.rotate(180))) < 0.5


def test_shelves_of_a_made_up_world_are_matched_as_promised() -> None:
    _, figures = measure(World(seed=3, others=300))
    assert figures["matched"] >= LEAST_MATCHED
    assert figures["wrong"] <= MOST_WRONG
    assert figures["right_first"] >= LEAST_FIRST


WORDS = st.sampled_from(
    [
        "Signal",
        "Hill",
        "2",
        "II",
        "月",
        "ゆき",
        "(2016)",
        "[X]",
        "Color",
        "Gaiden",
        "The",
        "18+",
        "_",
    ]
)
TITLES = st.lists(st.lists(WORDS, max_size=4).map(" ".join) | st.text(max_size=12), max_size=3)
YEARS = st.none() | st.integers(1950, 2030)
NAMES = st.lists(st.sampled_from(["I. Sato", "Ibuki Sato", "Oda", "佐藤", ""]), max_size=2)
LOCALS = st.builds(
    here, st.text(max_size=9), year=YEARS, highest_chapter=st.none() | st.floats(0, 500),
    people=NAMES.map(tuple), language=st.sampled_from(["", "fr"]),
)  # fmt: skip


@st.composite
def candidates(draw: st.DrawFn) -> Candidate:
    return there(
        *draw(TITLES),
        id=draw(st.sampled_from("123")),
        people=tuple(draw(NAMES)),
        year=draw(YEARS),
        last_chapter=draw(st.sampled_from(["", "12", "12.5", "many", "-1"])),
        related=draw(st.dictionaries(st.sampled_from("123"), st.just("prequel"), max_size=1)),
    )


@given(TITLES, LOCALS, candidates())
def test_a_score_is_the_sum_of_its_lines_and_at_most_100(
    titles: list[str], local: Local, candidate: Candidate
) -> None:
    for one in ranked(here(*titles, local.titles[0].text, year=local.year), [candidate]):
        assert one.score == sum(line.points for line in one.evidence)
        assert all(0 <= line.points <= line.out_of for line in one.evidence)
        assert sum(line.out_of for line in one.evidence) == 100


@given(LOCALS, TITLES)
def test_a_score_does_not_hang_on_the_order_of_our_titles(local: Local, titles: list[str]) -> None:
    candidate = there("Signal Hill", "ゆき")
    scores = [judge(here(*order), candidate).score for order in (titles, titles[::-1])]
    assert scores[0] == scores[1]


@given(LOCALS, st.lists(candidates(), max_size=4))
def test_what_is_matched_by_itself_is_clear_and_without_conflict(
    local: Local, works: list[Candidate]
) -> None:
    ranking = ranked(local, works)
    best = sure(ranking)
    assert best is None or (best is ranking[0] and not best.conflicts)
    assert [one.score for one in ranking] == sorted((one.score for one in ranking), reverse=True)
