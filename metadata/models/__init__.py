"""What is kept of other servers, and which of their works our series are."""

from metadata.models.matches import Candidate, CandidateQuery, Decision, Match
from metadata.models.notifying import Channel, Pending
from metadata.models.upstreams import Answer, Artwork, Circuit, Upstream
from metadata.models.watching import Feed, Notice, Release, Subscription, Watch

__all__ = [
    "Answer",
    "Artwork",
    "Candidate",
    "CandidateQuery",
    "Channel",
    "Circuit",
    "Decision",
    "Feed",
    "Match",
    "Notice",
    "Pending",
    "Release",
    "Subscription",
    "Upstream",
    "Watch",
]
