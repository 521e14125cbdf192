"""What the API takes and answers about how somebody is told."""

from ninja import Schema
from pydantic import Field

from kiremisu.lib.schemas import Moment

_ATOM = "https://manga.example/feeds/8mQ2vXr5TzWcK1nB7yLd0sPgHf4uEaJo3iVtRxNe6Yk.atom"


class FeedOut(Schema):
    """There is an address for feed readers since `created`. Itself it was told once."""

    created: Moment


class FeedMade(FeedOut):
    """The address, as Atom and as RSS, told this once."""

    atom: str = Field(examples=[_ATOM])
    rss: str = Field(examples=[_ATOM.replace(".atom", ".rss")])


class NotificationsOut(Schema):
    """`unread`: how many new chapters you have not dealt with. `feed`: your address for feed
    readers, null while there is none."""

    unread: int = Field(examples=[3])
    feed: FeedOut | None
