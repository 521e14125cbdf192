"""Expected failures, one tree.

    Refused                 400  refused            the request cannot be understood
    ├── Unauthenticated     401  unauthenticated    no or bad credentials
    ├── Forbidden           403  forbidden          seen, but the role or scope lacks
    ├── NotThere            404  not_found          not there, or not yours to see
    ├── NotAllowed          405  method_not_allowed this address does not answer that method
    ├── TooSlow             408  too_slow           the request did not arrive in time
    ├── Conflict            409  conflict           a duplicate, or the state forbids it
    ├── Gone                410  gone               an expired or revoked link
    ├── LostUpdate          412  lost_update        somebody else changed it first
    ├── UnknownVersion      412  unknown_version    a version of a protocol that nobody here speaks
    ├── TooLarge            413  too_large          past a limit of size
    ├── Unsupported         415  unsupported        a media type nobody here reads
    ├── Invalid             422  invalid            a field or parameter is wrong
    ├── Unreadable          422  (its own code)     a file or page that cannot be read
    ├── Locked              423  locked             somebody else is writing it at this moment
    ├── Throttled           429  throttled          too many, try later
    ├── Mismatched          460  mismatched         bytes that are not those of their checksum (tus)
    ├── UpstreamFailed      502  upstream_failed    somebody else's server failed
    └── Unavailable         503  unavailable        try again

Every `Refused` has a stable `code` and a sentence in `detail` that a person may read.
`STATUS` is the one table from class to HTTP status.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field: where it is, what is wrong, and a stable code."""

    field: str
    message: str
    code: str = "invalid"


class Refused(Exception):
    """An expected failure, told to whoever asked. `detail` is one sentence."""

    code = "refused"
    title = "The request was refused"

    def __init__(
        self,
        detail: str = "",
        *,
        code: str | None = None,
        errors: tuple[FieldError, ...] = (),
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail or self.title
        self.code = code or type(self).code
        self.errors = errors
        self.retry_after = retry_after


class Unauthenticated(Refused):
    code = "unauthenticated"
    title = "Sign in first"


class Forbidden(Refused):
    code = "forbidden"
    title = "You may not do this"


class NotThere(Refused):
    code = "not_found"
    title = "There is nothing here"


class NotAllowed(Refused):
    code = "method_not_allowed"
    title = "This address does not answer that method"


class TooSlow(Refused):
    code = "too_slow"
    title = "This took too long to arrive"


class Conflict(Refused):
    code = "conflict"
    title = "This conflicts with what is there"


class Gone(Refused):
    code = "gone"
    title = "This link has expired"


class LostUpdate(Refused):
    code = "lost_update"
    title = "Somebody else changed this first"


class UnknownVersion(Refused):
    code = "unknown_version"
    title = "This version of the protocol is not spoken here"


class TooLarge(Refused):
    code = "too_large"
    title = "This is too large"


class Unsupported(Refused):
    code = "unsupported"
    title = "This kind of content is not understood"


class Invalid(Refused):
    code = "invalid"
    title = "Something in the request is wrong"


class Unreadable(Refused):
    """A file or page that cannot be read; `code` names the cause (see `library.archives`)."""

    code = "unreadable"
    title = "This file cannot be read"


class Locked(Refused):
    code = "locked"
    title = "Somebody else is writing this"


class Throttled(Refused):
    code = "throttled"
    title = "Too many requests"


class Mismatched(Refused):
    code = "mismatched"
    title = "These are not the bytes of their checksum"


class UpstreamFailed(Refused):
    code = "upstream_failed"
    title = "Another server failed"


class Unavailable(Refused):
    code = "unavailable"
    title = "Try again in a moment"


STATUS: dict[type[Refused], int] = {
    Refused: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotThere: 404,
    NotAllowed: 405,
    TooSlow: 408,
    Conflict: 409,
    Gone: 410,
    LostUpdate: 412,
    UnknownVersion: 412,
    TooLarge: 413,
    Unsupported: 415,
    Invalid: 422,
    Unreadable: 422,
    Locked: 423,
    Throttled: 429,
    Mismatched: 460,
    UpstreamFailed: 502,
    Unavailable: 503,
}


def status_of(error: Refused) -> int:
    """The HTTP status for a refusal: that of its nearest class in `STATUS`."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def in_words(error: BaseException) -> str:
    """What nobody expected, in one line that readers may see: of files no names, which say
    where things lie on this machine, and of what a database said no rows."""
    told = error.strerror if isinstance(error, OSError) else str(error)
    first = (told or "").partition("\n")[0]
    return f"{type(error).__name__}: {first}" if first else type(error).__name__
