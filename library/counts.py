"""What the API answers about how many series there are of each kind."""

from ninja import Schema
from pydantic import Field


class FacetOut(Schema):
    """`value`: as the filter of that name takes it, empty where there is none."""

    value: str = Field(examples=["ongoing"])
    name: str = Field(examples=["ongoing"])
    count: int = Field(examples=[12])


class FacetsOut(Schema):
    """How many of the `total` wanted series there are of each value, the most frequent first; of
    genres, tags and people the first 50."""

    total: int
    library: list[FacetOut]
    genre: list[FacetOut]
    tag: list[FacetOut]
    person: list[FacetOut]
    status: list[FacetOut]
    language: list[FacetOut]
    content_rating: list[FacetOut]
    year: list[FacetOut]
    read: list[FacetOut]
