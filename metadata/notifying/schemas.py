"""What the API takes and answers about how somebody is told."""

from typing import Annotated

from ninja import Schema
from pydantic import Field

from kiremisu.lib.schemas import Change, Kept, Moment, Strict, Text

_ATOM = "https://manga.example/feeds/8mQ2vXr5TzWcK1nB7yLd0sPgHf4uEaJo3iVtRxNe6Yk.atom"


class FeedOut(Schema):
    """There is an address for feed readers since `created`. Itself it was told once."""

    created: Moment


class FeedMade(FeedOut):
    """The address, as Atom and as RSS, told this once."""

    atom: str = Field(examples=[_ATOM])
    rss: str = Field(examples=[_ATOM.replace(".atom", ".rss")])


Name = Annotated[Text, Field(min_length=1, max_length=100, examples=["My phone"])]
Url = Annotated[
    Text,
    Field(
        min_length=1,
        max_length=2000,
        examples=["tgram://123456789:abcdefg_hijklmnopqrstuvwxyz/12315544"],
    ),
]


class ChannelNew(Strict):
    """`url`: an Apprise URL. It is kept encrypted and never told again."""

    name: Name
    url: Url


class ChannelChange(Change):
    """What is not named stays as it is. What waits when it is `paused` is forgotten."""

    name: Name | None = None
    url: Url | None = None
    paused: bool | None = None


class ChannelOut(Kept):
    """`shown` is what may be said of its URL. `sent`: when something last arrived; `problem`: why
    the last did not, which is tried again from `not_before` on, where that is told."""

    name: str
    shown: str = Field(examples=["tgram://…"])
    paused: bool
    sent: Moment | None
    problem: str
    not_before: Moment | None


class NotificationsOut(Schema):
    """`unread`: how many new chapters you have not dealt with. `feed`: your address for feed
    readers, null while there is none. `can_channel`: this server has Apprise; `channels`: yours."""

    unread: int = Field(examples=[3])
    feed: FeedOut | None
    can_channel: bool
    channels: list[ChannelOut]
