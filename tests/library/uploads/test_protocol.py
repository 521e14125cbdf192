"""What tus says in headers."""

import hashlib
from base64 import b64encode
from datetime import UTC, datetime

import pytest

from kiremisu.lib.errors import Refused, UnknownVersion, Unsupported
from library.uploads.protocol import beginning, check_version, chunk, said_of
from tests.raw import scope

pytestmark = pytest.mark.quick

KIND = "application/offset+octet-stream"


def refused(method: str, **headers: str) -> str:
    """The code with which these headers are refused."""
    understand = chunk if method == "PATCH" else beginning
    with pytest.raises(Refused) as caught:
        understand(scope("/", method, **headers))
    return caught.value.code


@pytest.mark.parametrize("version", ["", "0.2.2", "1.0.1", "1", "1.0.0, 0.2.2"])
def test_only_one_version_is_spoken(version: str) -> None:
    check_version("1.0.0")
    with pytest.raises(UnknownVersion):
        check_version(version)


@pytest.mark.parametrize("number", ["", "-1", "+1", "1.5", "ten", "0x1", "1 1", "²", "9" * 19])
def test_what_is_no_number_is_refused(number: str) -> None:
    sent = number.encode().decode("latin-1")
    assert refused("POST", upload_length=sent) == "bad_length"
    assert refused("PATCH", content_type=KIND, upload_offset=sent) == "bad_offset"


def test_a_length_to_be_told_later_is_refused() -> None:
    assert refused("POST", upload_defer_length="1") == "length_deferred"


@pytest.mark.parametrize(
    "metadata",
    ["filename !!", "filename YQ", "filename /w==", "a b c d", ",", "ä YQ==", " ,a",
     "a YQ==,a YQ==", "x " + "A" * 4095],
)  # fmt: skip
def test_metadata_that_is_none_is_refused(metadata: str) -> None:
    assert refused("POST", upload_length="1", upload_metadata=metadata) == "bad_metadata"


def test_metadata_has_so_many_characters() -> None:
    longest = "x " + "A" * 4092 + "  "
    assert beginning(scope("/", upload_length="7", upload_metadata=longest)).metadata == longest
    assert refused("POST", upload_length="7", upload_metadata=f"{longest} ") == "bad_metadata"


def test_metadata_is_pairs_of_text() -> None:
    told = beginning(scope("/", upload_length="7", upload_metadata="filename w6Q=, flag,empty "))
    assert (told.length, told.fields) == (7, {"filename": "ä", "flag": "", "empty": ""})
    assert beginning(scope("/", upload_length="7")).fields == {}


@pytest.mark.parametrize("kind", ["", "application/octet-stream", "text/plain", f"x{KIND}"])
def test_bytes_are_of_one_media_type(kind: str) -> None:
    with pytest.raises(Unsupported):
        chunk(scope("/", content_type=kind, upload_offset="0"))


@pytest.mark.parametrize("kind", [KIND, KIND.upper(), f"{KIND}; charset=utf-8"])
def test_a_media_type_may_be_written_otherwise(kind: str) -> None:
    assert chunk(scope("/", content_type=kind, upload_offset="5")).offset == 5


@pytest.mark.parametrize(
    ("told", "code"),
    [("crc32 AAAA", "unknown_checksum"), ("SHA1 AAAA", "unknown_checksum"),
     ("sha1", "bad_checksum"), ("sha1 !!!", "bad_checksum"), ("sha256 AAAA", "bad_checksum")],
)  # fmt: skip
def test_a_checksum_that_is_none_is_refused(told: str, code: str) -> None:
    assert refused("PATCH", content_type=KIND, upload_offset="0", upload_checksum=told) == code


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "md5"])
def test_a_checksum_is_by_one_of_three_ways(algorithm: str) -> None:
    digest = hashlib.new(algorithm, b"hello").digest()
    told = f"{algorithm} {b64encode(digest).decode()}"
    sent = chunk(scope("/", content_type=KIND, upload_offset="0", upload_checksum=told))
    hasher = sent.hasher()
    hasher.update(b"hello")
    assert hasher.digest() == sent.digest == digest


def test_how_far_an_upload_is_stands_in_headers() -> None:
    assert said_of(5, 10, datetime(2026, 3, 1, 12, tzinfo=UTC), "flag") == {
        "Upload-Offset": "5",
        "Upload-Length": "10",
        "Upload-Expires": "Sun, 01 Mar 2026 12:00:00 GMT",
        "Cache-Control": "no-store",
        "Upload-Metadata": "flag",
    }
