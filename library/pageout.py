"""What the API answers of a page."""

from ninja import Schema
from pydantic import Field


class BoxOut(Schema):
    """What is left of a page without its margins, in thousandths of its width and height."""

    left: int = Field(examples=[52])
    top: int = Field(examples=[38])
    right: int = Field(examples=[961])
    bottom: int = Field(examples=[970])


class ContinuesOut(Schema):
    """How sure it is, from 0 to 1, that the page is one drawing with the next one, cut apart: where
    one reads from right to left, and where one reads from left to right."""

    rtl: float = Field(examples=[0.97])
    ltr: float = Field(examples=[0.0])


class LooksOut(Schema):
    """How a page looks, as it was measured. `tint` is its main colour; `grey` has none but greys:
    sepia has."""

    box: BoxOut
    tint: str = Field(examples=["#e3e1dd"])
    blank: bool
    grey: bool
    continues: ContinuesOut


class PageOut(Schema):
    """`number` counts from 1. `url` is signed and opens without other credentials until the end
    of the following week. `wide`: drawn over two pages. Sizes and `looks` null while not known."""

    number: int = Field(examples=[12])
    width: int | None
    height: int | None
    media_type: str | None
    bytes: int
    url: str
    wide: bool
    looks: LooksOut | None
