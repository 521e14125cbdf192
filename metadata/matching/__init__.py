"""Which work of a provider a series of ours is. Pure.

`sides` says what is compared, `spelling` how titles are, `leftovers` and `marks` what names carry
beside a title. `titles`, `people` and `comparing` weigh evidence; `judging` adds it up, orders the
candidates and decides whether the best is matched by itself.
"""

from metadata.matching.judging import AUTOMATIC, CLEAR, Judged, judge, ranked, sure
from metadata.matching.sides import Candidate, Evidence, Local, Title
from metadata.matching.titles import queries

__all__ = [
    "AUTOMATIC",
    "CLEAR",
    "Candidate",
    "Evidence",
    "Judged",
    "Local",
    "Title",
    "judge",
    "queries",
    "ranked",
    "sure",
]
