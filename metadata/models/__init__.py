"""What is kept of other servers, and which of their works our series are."""

from metadata.models.matches import Candidate, CandidateQuery, Decision, Match
from metadata.models.upstreams import Answer, Artwork, Circuit, Upstream
from metadata.models.watching import Feed, Notice, Release, Watch

__all__ = [
    "Answer",
    "Artwork",
    "Candidate",
    "CandidateQuery",
    "Circuit",
    "Decision",
    "Feed",
    "Match",
    "Notice",
    "Release",
    "Upstream",
    "Watch",
]
