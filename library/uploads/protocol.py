"""What tus 1.0.0 says in headers, both ways (https://tus.io/protocols/resumable-upload)."""

import binascii
import hashlib
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from kiremisu.lib.asgi import Scope, header
from kiremisu.lib.errors import Refused, UnknownVersion, Unsupported

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,checksum,termination"
ALGORITHMS = {"sha1": 20, "sha256": 32, "md5": 16}
MEDIA_TYPE = "application/offset+octet-stream"
LONGEST_METADATA = 4096

_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_KEY = re.compile(r"[!-+\--~]+")


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a client wants to send: so many bytes, and what it says about them."""

    length: int
    metadata: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes that begin at `offset`; `size` None where the client does not announce it."""

    offset: int
    size: int | None
    algorithm: str = ""
    digest: bytes = b""

    def hasher(self) -> Any:
        """What the bytes go through, None where no checksum was sent."""
        return hashlib.new(self.algorithm, usedforsecurity=False) if self.algorithm else None


def check_version(told: str) -> None:
    """Raises UnknownVersion for a client that speaks another one, or does not say which."""
    if told != VERSION:
        raise UnknownVersion(f"Send Tus-Resumable: {VERSION}.")


def beginning(scope: Scope) -> Beginning:
    """What the headers of a creation say. Raises Refused."""
    if header(scope, b"upload-defer-length"):
        raise Refused("Say the length at once, in Upload-Length.", code="length_deferred")
    metadata = header(scope, b"upload-metadata")
    if len(metadata) > LONGEST_METADATA:
        raise Refused(
            f"Upload-Metadata may have {LONGEST_METADATA} characters.", code="bad_metadata"
        )
    pairs = list(_pairs(metadata))
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise Refused("Upload-Metadata says something twice.", code="bad_metadata")
    return Beginning(_number(scope, "Upload-Length"), metadata, fields)


def chunk(scope: Scope) -> Chunk:
    """What the headers of a PATCH say. Raises Unsupported, Refused."""
    if header(scope, b"content-type").partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise Unsupported(f"Send the bytes as {MEDIA_TYPE}.")
    announced = header(scope, b"content-length")
    size = _number(scope, "Content-Length") if announced else None
    return Chunk(_number(scope, "Upload-Offset"), size, *_checksum(scope))


def said_of(offset: int, length: int, expires: datetime, metadata: str = "") -> dict[str, str]:
    """The headers that say how far an upload is."""
    told = {
        "Upload-Offset": str(offset),
        "Upload-Length": str(length),
        "Upload-Expires": format_datetime(expires, usegmt=True),
        "Cache-Control": "no-store",
    }
    return told | {"Upload-Metadata": metadata} if metadata else told


def _number(scope: Scope, name: str) -> int:
    told = header(scope, name.lower().encode())
    if not _NUMBER.fullmatch(told):
        detail = f"{name} must be a whole number of bytes."
        if name == "Upload-Offset":
            raise Refused(detail, code="bad_offset")
        raise Refused(detail, code="bad_length")
    return int(told)


def _pairs(metadata: str) -> Iterator[tuple[str, str]]:
    """Keys and values of `key base64,key base64,key`."""
    for pair in metadata.split(",") if metadata.strip() else ():
        key, _, value = pair.strip().partition(" ")
        if not _KEY.fullmatch(key):
            raise Refused("Upload-Metadata has a key that is none.", code="bad_metadata")
        try:
            yield key, b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, ValueError):
            raise Refused(f"{key} is no text in Base64.", code="bad_metadata") from None


def _checksum(scope: Scope) -> tuple[str, bytes]:
    told = header(scope, b"upload-checksum")
    if not told:
        return "", b""
    algorithm, _, value = told.partition(" ")
    if algorithm not in ALGORITHMS:
        raise Refused(f"Checksums are by {', '.join(ALGORITHMS)}.", code="unknown_checksum")
    try:
        digest = b64decode(value.strip(), validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if len(digest) != ALGORITHMS[algorithm]:
        raise Refused(f"This is no {algorithm} in Base64.", code="bad_checksum")
    return algorithm, digest
