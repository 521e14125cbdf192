"""New chapters for feed readers: RSS 2.0 and Atom (RFC 4287) at an address of one's own.

Feed readers can send no credentials, so the address carries one: a long random text that opens this
list and nothing else, is told once, kept as a hash, and ends when its owner wants it, signs out
everywhere, or has another password. What it shows is what they may see at that moment.
"""

import hashlib
import secrets
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed

from kiremisu.accounts import audit
from kiremisu.accounts.models import User
from kiremisu.lib.errors import NotThere
from metadata.models import Notice, Subscription
from metadata.watching.pages import News, shown

# So many chapters a feed tells.
MOST = 60
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class _Settled(SyndicationFeed):
    """Says the same until something is new; without entries Django's says that it is of now."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else _NEVER


class _Atom(_Settled, Atom1Feed):
    pass


class _Rss(_Settled, Rss201rev2Feed):
    pass


KINDS: dict[str, type[SyndicationFeed]] = {"atom": _Atom, "rss": _Rss}
MEDIA_TYPES = {kind: f"application/{kind}+xml; charset=utf-8" for kind in KINDS}
_LONGEST = 100


@transaction.atomic
def subscribe(user: User) -> str:
    """The secret part of a new address, which is told this once; an older one is dead."""
    text = secrets.token_urlsafe(32)
    facts = {
        "digest": _digest(text),
        "sign_in_version": user.sign_in_version,
        "created": timezone.now(),
    }
    Subscription.objects.update_or_create(user=user, defaults=facts)
    audit.note("feed.made", user, who=user)
    return text


@transaction.atomic
def unsubscribe(user: User) -> None:
    """The address is dead. No matter if there is none."""
    gone, _ = Subscription.objects.filter(user=user).delete()
    if gone:
        audit.note("feed.ended", user, who=user)


def subscription(user: User) -> Subscription | None:
    """The address of theirs that works."""
    mine = Subscription.objects.filter(user=user, sign_in_version=user.sign_in_version)
    return mine.first()


def owner(text: str, kind: str) -> User:
    """Whose address this is. Raises NotThere for one that is none."""
    if kind not in KINDS:
        raise NotThere("There is no such feed.")
    found = Subscription.objects.filter(digest=_digest(text[:_LONGEST])).select_related("user")
    known = found.first()
    if known is None or not known.user.is_active:
        raise NotThere("There is no such feed.")
    if known.sign_in_version != known.user.sign_in_version:
        raise NotThere("There is no such feed any more.")
    return known.user


def written(user: User, kind: str, root: str, address: str) -> bytes:
    """What is new to them, the newest first, as a feed of this kind (a key of KINDS). `root`: the
    server's own address, without a slash at its end; `address`: the feed's."""
    feed = KINDS[kind](
        title="KireMisu: new chapters",
        link=f"{root}/watching",
        description=f"New chapters of what {user.username} watches",
        feed_url=address,
    )
    for one in shown(user, _newest(user)):
        feed.add_item(**_item(one, root))
    return bytes(feed.writeString("utf-8"), "utf-8")


def _newest(user: User) -> list[Notice]:
    found = Notice.objects.visible_to(user).exclude(state=Notice.State.WITHDRAWN).order_by("-id")
    return list(found.select_related("series__cover", "series__library", "release")[:MOST])


def _item(one: News, root: str) -> dict[str, Any]:
    release, chapter = one.notice.release, one.chapter
    name = f"{one.name}: {one.title}" if one.title else one.name
    return {
        "title": f"{one.series.title}, {name}",
        "link": f"{root}/read/{chapter.pk}" if chapter else release.address,
        "description": " · ".join(filter(None, (one.groups, release.language))),
        "unique_id": f"urn:uuid:{one.notice.pk}",
        "unique_id_is_permalink": False,
        "pubdate": one.notice.created,
        "updateddate": one.notice.created,
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
