"""Adding evidence up, ordering candidates, and deciding."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from metadata.matching.comparing import (
    compare_counts,
    compare_covers,
    compare_demographics,
    compare_languages,
    compare_links,
    compare_years,
)
from metadata.matching.people import compare_people, with_hints
from metadata.matching.sides import Candidate, Evidence, Found, Local
from metadata.matching.titles import compare_titles, with_words

# A match is made by itself from here on …
AUTOMATIC = 80
# … where the second best has so many points less, and nothing speaks against it.
CLEAR = 8

_Compare = Callable[[Local, Candidate], Found | None]
# What each kind of evidence weighs. What one side says nothing of is left out, and the weights
# of the rest come to 100.
_WEIGHED: tuple[tuple[str, int, _Compare], ...] = (
    ("Title", 50, compare_titles),
    ("Link", 60, compare_links),
    ("People", 20, compare_people),
    ("Chapters", 10, compare_counts),
    ("Cover", 10, compare_covers),
    ("Year", 8, compare_years),
    ("Language", 3, compare_languages),
    ("Demographic", 3, compare_demographics),
)
# What another work is to one that was made of it or came after.
_FOLLOWS = ("prequel", "main_story", "monochrome", "based_on", "adapted_from")
_FOLLOWING = 15


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate, its score out of 100, the lines that add up to it, and what speaks against."""

    candidate: Candidate
    score: int
    evidence: tuple[Evidence, ...]
    conflicts: tuple[str, ...] = ()


def judge(local: Local, candidate: Candidate) -> Judged:
    """How likely a candidate is what we have."""
    found = [
        (name, weight, one)
        for name, weight, compare in _WEIGHED
        if (one := compare(local, candidate)) is not None
    ]
    most = _shared_out([weight for _, weight, _ in found])
    lines = tuple(
        Evidence(name, round(one.share * out_of), out_of, one.says)
        for (name, _, one), out_of in zip(found, most, strict=True)
    )
    conflicts = tuple(conflict for _, _, one in found for conflict in one.conflicts)
    return Judged(candidate, sum(line.points for line in lines), lines, conflicts)


def ranked(local: Local, candidates: Iterable[Candidate]) -> list[Judged]:
    """The candidates, likeliest first; where they are equal, as the provider gave them."""
    given = list(candidates)
    local = with_words(with_hints(local, given), given)
    judged = [judge(local, candidate) for candidate in given]
    known = {one.candidate.id: one for one in judged if not one.conflicts}
    told = [_as_follower(one, known) for one in judged]
    return sorted(told, key=lambda one: (-one.score, len(one.conflicts)))


def sure(ranking: Sequence[Judged], threshold: int = AUTOMATIC) -> Judged | None:
    """The first of a ranking, where it is matched by itself."""
    if not ranking:
        return None
    first = ranking[0]
    second = ranking[1].score if len(ranking) > 1 else 0
    clear = first.score >= threshold and first.score - second >= CLEAR
    return first if clear and not first.conflicts else None


def _as_follower(one: Judged, known: Mapping[str, Judged]) -> Judged:
    """With less for its title, where the work that it follows has as good a one."""
    title = one.evidence[0]
    followed = any(
        relation in _FOLLOWS and other in known and known[other].evidence[0].points >= title.points
        for other, relation in one.candidate.related.items()
    )
    if not followed or one.conflicts:
        return one
    less = min(title.points, _FOLLOWING)
    says = f"{title.says}; so is what it follows"
    doubted = replace(title, points=title.points - less, says=says)
    return replace(one, score=one.score - less, evidence=(doubted, *one.evidence[1:]))


def _shared_out(weights: Sequence[int]) -> list[int]:
    """100 shared out by these weights, in whole numbers."""
    total, given, shares = sum(weights), 0, []
    for place, _ in enumerate(weights):
        upto = round(100 * sum(weights[: place + 1]) / total)
        shares.append(upto - given)
        given = upto
    return shares
