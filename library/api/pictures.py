"""Pictures that people send, to be shown as covers, over the API."""

from typing import Any

from ninja import Router, Schema, Status
from pydantic import Base64Bytes, Field

from kiremisu.accounts.askers import Asked, needs
from kiremisu.accounts.models import Role, Scope
from kiremisu.lib.schemas import Problem, Strict
from kiremisu.lib.threads import in_thread
from library import picking

router = Router(tags=["series"])

_DOT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAADAQMAAACDJEzCAAAAA1BMVEUAAACnej3aAAAADklEQVR42mNg"
    "YGBgYAAAAAYAAW/q15wAAAAASUVORK5CYII="
)


class PictureSent(Strict):
    """The picture's bytes in base64; with them a body may have 1 MiB."""

    data: Base64Bytes = Field(examples=[_DOT])


class PictureOut(Schema):
    """`picture`: what `series/batch` takes to show it; its size as it will be shown, and its main
    colour."""

    picture: str = Field(examples=["5f0c9c1f4e3b2a190817263544536271"])
    width: int = Field(examples=[600])
    height: int = Field(examples=[900])
    tint: str


# Making one anew costs a second of work.
@router.post(
    "/pictures",
    auth=needs(Scope.CURATE, least=Role.CURATOR, a_minute=30),
    response={201: PictureOut, 503: Problem},
    summary="Send a picture",
)
async def send_picture(request: Asked, body: PictureSent) -> Status[dict[str, Any]]:
    """It is made anew, and kept to be shown as the cover of series: by `series/batch` with
    `set_cover`. 422 (`not_an_image`) for what is no picture that can be shown. For curators."""
    made = await in_thread(picking.keep, body.data)
    facts = {"width": made.cover_width, "height": made.cover_height, "tint": made.tint}
    return Status(201, {"picture": made.key, **facts})
