"""What lists of facts are made of, over the API."""

import re
from typing import Annotated

from ninja import Schema
from pydantic import AfterValidator, Field

from kiremisu.lib.schemas import Strict, Text, Tidy
from library.facts import ADDRESS, NUMBER, TITLE, Source
from library.models import Credit


class CreditOut(Schema):
    name: str = Field(examples=["Mina Tidewater"])
    role: Credit.Role


class TitleOut(Schema):
    text: str = Field(examples=["塩の道"])
    language: str


class TitleIn(Strict):
    """`language`: as BCP 47 has it, empty where unknown."""

    text: Tidy = Field(min_length=1, max_length=TITLE, examples=["塩の道"])
    language: Text = Field("", max_length=20)


class LinkOut(Schema):
    site: str = Field(examples=["mangadex"])
    address: str = Field(examples=["a96676e5-8ae2-425e-b549-7f15dd34a6d8"])


# What leads a browser somewhere else than the web.
_ASTRAY = re.compile(r"(?!https?://)([^/?#]*:|//)", re.IGNORECASE)


def _of_the_web(address: str) -> str:
    if _ASTRAY.match(address):
        raise ValueError("an id, or an address that begins with https:// or http://")
    return address


class LinkIn(Strict):
    """`address`: an id at that site, or a whole address of the web."""

    site: Tidy = Field(min_length=1, max_length=NUMBER, examples=["mangadex"])
    address: Annotated[Tidy, AfterValidator(_of_the_web)] = Field(
        min_length=1, max_length=ADDRESS, examples=["a96676e5-8ae2-425e-b549-7f15dd34a6d8"]
    )


def _sources(named: list[str]) -> list[str]:
    if len(set(named)) < len(named):
        raise ValueError("each source once")
    if {Source.PERSON, Source.NAME} & set(named):
        raise ValueError("people come first and names last, whatever the order")
    return named


type SourceName = Annotated[Tidy, Field(min_length=1, max_length=NUMBER)]
SourceNames = Annotated[
    list[SourceName], Field(max_length=20, examples=[["comicinfo"]]), AfterValidator(_sources)
]
