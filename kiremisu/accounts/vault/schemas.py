"""What the API takes and answers about secrets."""

from ninja import Schema
from pydantic import Field

from kiremisu.lib.schemas import Moment, Strict


class SecretOut(Schema):
    """Of a secret itself nothing is told. `updated`: when it was set, null where it is not."""

    name: str = Field(examples=["mangadex_token"])
    purpose: str
    is_set: bool
    updated: Moment | None


class SecretNew(Strict):
    value: str = Field(min_length=1, max_length=4096)
