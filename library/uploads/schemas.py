"""What the API takes and answers about uploads."""

from uuid import UUID

from pydantic import Field

from kiremisu.lib.schemas import Kept, Moment, Paging
from library.models import Upload


class UploadOut(Kept):
    """A file on its way. `offset` bytes of `length` are here. `state`: `open` while bytes come,
    `received` while it is looked at, `done` when it lies at `path` below its library's folder,
    `failed` when it was refused for the reason in `code` and `detail`. It is forgotten when it
    `expires`."""

    name: str = Field(examples=["Salt Road Diary v03.cbz"])
    library: UUID = Field(alias="library_id")
    folder: str = Field(examples=["Salt Road Diary"])
    length: int = Field(examples=[68_157_440])
    offset: int = Field(examples=[16_777_216])
    state: Upload.State
    code: str = Field(examples=[""])
    detail: str = Field(examples=[""])
    path: str = Field(examples=[""])
    expires: Moment


class UploadsWanted(Paging):
    """Which of one's uploads: of a state."""

    state: Upload.State | None = None
