"""What the API takes and answers about matches."""

from uuid import UUID

from ninja import Schema
from pydantic import Field

from kiremisu.lib.schemas import Kept, Moment, Strict
from library.history.schemas import FactField
from library.models import MatchState
from metadata.models import Decision
from metadata.schemas import CatalogueEntry


class EvidenceLine(Schema):
    """So many points of so many, and why."""

    name: str = Field(examples=["Title"])
    points: int = Field(examples=[40])
    out_of: int = Field(examples=[50])
    says: str = Field(examples=["“Salt Road” is its title “Salt Road”, exactly"])


class CandidateOut(Kept):
    """A work that a series may be. The points of its `evidence` add up to the `score`, out of 100;
    where there are `conflicts` it is never matched by itself."""

    score: int = Field(examples=[84])
    evidence: list[EvidenceLine]
    conflicts: list[str] = Field(examples=[["It is an anthology, the files are not"]])
    is_rejected: bool
    entry: CatalogueEntry


class MatchOut(Schema):
    """Which work a series is. `by` is null where it was matched by itself; `told`: when its facts
    were asked for last, `due`: when they are next."""

    provider: str = Field(examples=["mangadex"])
    provider_id: str = Field(examples=["a77742b1-befd-49a4-bff5-1ad4e6b0ef7b"])
    url: str = Field(examples=["https://mangadex.org/title/a77742b1-befd-49a4-bff5-1ad4e6b0ef7b"])
    score: int = Field(examples=[84])
    by: UUID | None = Field(alias="by_id")
    told: Moment
    due: Moment


class ReviewOut(Schema):
    """What is known of a series' match, its candidates, the likeliest first, and what an undo
    takes back, null where that is nothing."""

    state: MatchState
    match: MatchOut | None
    candidates: list[CandidateOut]
    undoes: Decision.Kind | None


class AcceptWanted(Strict):
    """`keep`: fields that are locked as they stand instead of showing what the provider says."""

    keep: list[FactField] = Field(default_factory=list, max_length=20)
