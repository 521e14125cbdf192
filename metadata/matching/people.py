"""Whether the people of two works are the same."""

from collections.abc import Iterable
from dataclasses import replace

from library.folding import folded, near, script_of
from metadata.matching.leftovers import pieces
from metadata.matching.sides import Candidate, Found, Local


def compare_people(local: Local, candidate: Candidate) -> Found | None:
    """How many of ours are among theirs. None where there is nothing to compare, or where
    names are written in different scripts."""
    ours = [name for name in local.people if folded(name)]
    theirs = [name for name in candidate.people if folded(name)]
    common = {script_of(name) for name in ours} & {script_of(name) for name in theirs}
    ours = [name for name in ours if script_of(name) in common]
    if not ours:
        return None
    same = [name for name in ours if any(same_person(name, other) for other in theirs)]
    if same:
        share = 1.0 if len(same) == len(ours) else 0.75 + 0.25 * len(same) / len(ours)
        return Found(share, f"{_listed(same)} here and there")
    says = f"{_listed(ours)} here, {_listed(theirs)} there"
    return Found(0, says, (f"It is by {_listed(theirs)}, the files are by {_listed(ours)}",))


def with_hints(local: Local, candidates: Iterable[Candidate]) -> Local:
    """With the people in the brackets of its folders' names, as far as a candidate is theirs:
    there also stand groups and much else."""
    if local.people:
        return local
    theirs = [name for candidate in candidates for name in candidate.people]
    hints = [piece for name in local.names for piece in pieces(name)[1:]]
    people = [hint for hint in hints if any(same_person(hint, name) for name in theirs)]
    return replace(local, people=tuple(people))


def same_person(one: str, other: str) -> bool:
    """In any order, with initials or without, one letter wrong in a long name."""
    ours, theirs = sorted(folded(one).split()), sorted(folded(other).split())
    if "".join(ours) == "".join(theirs) or folded(one) == folded(other):
        return True
    if len(ours) != len(theirs):
        return False
    return any(len(word) > 1 for word in ours) and _all_alike(ours, theirs)


def _all_alike(ours: list[str], theirs: list[str]) -> bool:
    """Each word has its own among the others."""
    left = list(theirs)
    for word in sorted(ours, key=len, reverse=True):
        match = next((other for other in left if _same_word(word, other)), None)
        if match is None:
            return False
        left.remove(match)
    return True


def _same_word(one: str, other: str) -> bool:
    if one == other:
        return True
    if min(len(one), len(other)) == 1:
        return one[0] == other[0]
    return min(len(one), len(other)) >= 5 and near(one, other, 1) is not None


def _listed(names: list[str]) -> str:
    return ", ".join(names[:3])
