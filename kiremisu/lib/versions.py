"""ETags: what names one state of an answer, and what an edit says it is based on.

An ETag is "<version>-<digest>": the version is when the object was last changed, the digest is
of the answer's bytes. A reader's copy is fresh when the whole fits; an edit is based on the
latest state when the version does, whatever counts or links have changed around it.
"""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from kiremisu.lib.errors import LostUpdate

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def version(updated: datetime) -> str:
    """The state of an object, by when it was last changed."""
    return f"{(updated - _EPOCH) // timedelta(microseconds=1):x}"


def etag(body: bytes, updated: datetime | None = None) -> str:
    """The ETag of an answer: of one object when `updated` is given."""
    digest = blake2b(body, digest_size=12).hexdigest()
    return f'"{version(updated) if updated else 0}-{digest}"'


def is_fresh(asked: str, tag: str) -> bool:
    """Whether an If-None-Match header names this ETag (or any: "*")."""
    return asked.strip() == "*" or _bare(tag) in map(_bare, asked.split(","))


def check_base(asked: str, updated: datetime) -> None:
    """Raises LostUpdate when an If-Match header names no state last changed then.

    Weak tags are taken too: compression makes ours weak, and their version stays exact.
    """
    if asked.strip() == "*":
        return
    versions = {_bare(tag).partition("-")[0] for tag in asked.split(",")}
    if version(updated) not in versions:
        raise LostUpdate("Somebody else changed this first. Load it again, then change it.")


def _bare(tag: str) -> str:
    return tag.strip().removeprefix("W/").strip('"')
