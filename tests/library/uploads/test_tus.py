"""Uploads by tus, answer by answer."""

import hashlib
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from uuid import UUID

import pytest
from django.conf import settings as ours
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from kiremisu.accounts import keys
from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job
from library.models import Library, Upload
from library.uploads import staging
from library.uploads.staging import Part
from tests.library.uploads.sending import ROOT, Sender, said, unsigned
from tests.raw import Answer

pytestmark = pytest.mark.django_db(transaction=True)


def problem(answer: Answer, status: int) -> str:
    """The code of a refusal, which says which tus this is like every answer."""
    assert answer.status == status, answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["tus-resumable"] == "1.0.0"
    return str(answer.json["code"])


def checksum(algorithm: str, data: bytes) -> str:
    return f"{algorithm} {b64encode(hashlib.new(algorithm, data).digest()).decode()}"


def test_options_tell_what_is_spoken() -> None:
    answer = unsigned("OPTIONS")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-extension"] == "creation,expiration,checksum,termination"
    assert answer.headers["tus-max-size"] == str(ours.UPLOAD_LIMIT)
    assert answer.headers["tus-checksum-algorithm"] == "sha1,sha256,md5"


def test_an_upload_begins_at_an_address_of_its_own(sender: Sender) -> None:
    answer = sender.post(10)
    upload = Upload.objects.get()
    assert (answer.status, answer.headers["location"]) == (201, f"{ROOT}/{upload.pk}")
    assert (upload.length, upload.offset, upload.state) == (10, 0, "open")
    left = parsedate_to_datetime(answer.headers["upload-expires"]) - timezone.now()
    assert timedelta(hours=ours.UPLOAD_HOURS - 1) < left <= timedelta(hours=ours.UPLOAD_HOURS)


def test_bytes_come_in_parts_and_the_last_begins_a_job(sender: Sender) -> None:
    upload = sender.begin(10)
    first = sender.patch(upload.pk, 0, b"hello")
    assert (first.status, first.headers["upload-offset"]) == (204, "5")
    assert "upload-expires" in first.headers
    assert not Job.objects.filter(kind="upload").exists()
    last = sender.patch(upload.pk, 5, b"world")
    assert (last.status, last.headers["upload-offset"]) == (204, "10")
    assert staging.path(upload.pk).read_bytes() == b"helloworld"
    assert Job.objects.get(kind="upload").subject == upload.pk
    assert Upload.objects.get().state == "received"


def test_what_is_whole_takes_nothing_and_refuses_more(sender: Sender) -> None:
    upload = sender.sent(b"0123456789")
    assert sender.patch(upload.pk, 10, b"").headers["upload-offset"] == "10"
    assert problem(sender.patch(upload.pk, 10, b"x"), 413) == "too_large"
    assert problem(sender.patch(upload.pk, 0, b"0123456789"), 409) == "wrong_offset"


def test_another_version_is_not_spoken(sender: Sender) -> None:
    upload = sender.begin(10)
    answer = sender.patch(upload.pk, 0, b"x", tus_resumable="0.2.2")
    assert problem(answer, 412) == "unknown_version"
    assert answer.headers["tus-version"] == "1.0.0"
    assert staging.size(upload.pk) == 0


@pytest.mark.parametrize(("offset", "status"), [("4", 409), ("6", 409), ("", 400)])
def test_another_offset_changes_nothing(sender: Sender, offset: str, status: int) -> None:
    upload = sender.begin(10)
    sender.append(upload, 0, b"hello")
    code = "wrong_offset" if offset else "bad_offset"
    assert problem(sender.patch(upload.pk, offset, b"world"), status) == code
    assert staging.path(upload.pk).read_bytes() == b"hello"


def test_bytes_of_another_media_type_are_refused(sender: Sender) -> None:
    upload = sender.begin(10)
    answer = sender.patch(upload.pk, 0, b"hello", content_type="application/octet-stream")
    assert problem(answer, 415) == "unsupported"


@pytest.mark.parametrize("announced", ["6", ""])
def test_more_bytes_than_announced_are_refused(sender: Sender, announced: str) -> None:
    upload = sender.begin(5)
    answer = sender.patch(upload.pk, 0, b"123456", content_length=announced)
    assert problem(answer, 413) == "too_large"
    assert Upload.objects.get().offset == staging.size(upload.pk) == 0


def test_bytes_of_their_checksum_count(sender: Sender) -> None:
    upload = sender.begin(10)
    told = {"upload_checksum": checksum("sha256", b"hello")}
    assert sender.patch(upload.pk, 0, b"hello", **told).headers["upload-offset"] == "5"


def test_bytes_of_another_checksum_are_dropped(sender: Sender) -> None:
    upload = sender.begin(10)
    sender.append(upload, 0, b"hello")
    told = {"upload_checksum": checksum("sha1", b"world")}
    assert problem(sender.patch(upload.pk, 5, b"w0rld", **told), 460) == "mismatched"
    assert staging.path(upload.pk).read_bytes() == b"hello"
    assert Upload.objects.get().offset == 5


def test_what_a_creation_says_is_looked_at_first() -> None:
    answer = unsigned("POST", tus_resumable="1.0.0", upload_length="-1")
    assert problem(answer, 400) == "bad_length"


def test_an_empty_file_is_refused(sender: Sender) -> None:
    answer = sender.post(0)
    assert problem(answer, 422) == "invalid"
    assert answer.json["errors"][0]["field"] == "Upload-Length"


@pytest.mark.parametrize("size", [0, 1])
def test_a_file_may_be_so_large(sender: Sender, settings: Settings, size: int) -> None:
    settings.UPLOAD_LIMIT = 1 << 20
    answer = sender.post((1 << 20) + size)
    assert answer.status == 413 if size else 201
    assert unsigned("OPTIONS").headers["tus-max-size"] == str(1 << 20)


def test_other_metadata_is_kept_and_told_again(sender: Sender) -> None:
    metadata = f"{sender.wanted(0).metadata},filetype eA==,is_confidential"
    assert sender.post(10, metadata).status == 201
    assert Upload.objects.get().metadata == metadata


def test_a_wrong_field_is_named(sender: Sender) -> None:
    answer = sender.post(10, said(**sender.wanted(0).fields | {"folder": "../x"}))
    assert problem(answer, 422) == "invalid"
    assert [wrong["field"] for wrong in answer.json["errors"]] == ["folder"]


def test_nobody_uploads_without_signing_in(sender: Sender) -> None:
    upload = sender.begin(10)
    for answer in (
        sender.post(10, authorization=""),
        sender.patch(upload.pk, 0, b"x", authorization=""),
        sender.post(10, authorization="Bearer nonsense"),
    ):
        assert problem(answer, 401) == "unauthenticated"


def test_readers_do_not_upload(sender: Sender, bob: User) -> None:
    assert problem(Sender(bob, sender.library).post(10), 403) == "forbidden"


def test_another_persons_upload_is_not_there(sender: Sender, alice: User) -> None:
    upload = sender.begin(10)
    other = Sender(alice, sender.library)
    assert problem(other.patch(upload.pk, 0, b"x"), 404) == "not_found"


def test_a_library_that_one_does_not_see_is_not_there(sender: Sender, private: Library) -> None:
    hidden, none = (
        sender.post(10, said(**(sender.wanted(0).fields | {"library": str(key)})))
        for key in (private.pk, UUID(int=7))
    )
    assert problem(hidden, 404) == problem(none, 404)
    assert hidden.json["detail"] == none.json["detail"]


@pytest.mark.parametrize(("scope", "status"), [("curate", 201), ("read", 403)])
def test_a_key_must_be_one_that_curates(sender: Sender, scope: str, status: int) -> None:
    _, text = keys.make(sender.user, "Uploader", [scope])
    assert sender.post(10, authorization="", x_api_key=text).status == status


def session_of(user: User) -> dict[str, str]:
    """The headers of a browser in which this person is signed in."""
    client = Client()
    client.force_login(user)
    name = ours.SESSION_COOKIE_NAME
    cookie = f"{name}={client.cookies[name].value}; csrftoken={'a' * 32}"
    return {"authorization": "", "cookie": cookie, "x_csrftoken": "a" * 32}


def test_a_session_must_carry_its_csrf_token(sender: Sender) -> None:
    session = session_of(sender.user) | {"content_type": "multipart/form-data"}
    assert sender.post(10, **session).status == 201
    for wrong in (
        {"x_csrftoken": "b" * 32},
        {"x_csrftoken": ""},
        {"origin": "https://elsewhere.example"},
    ):
        assert problem(sender.post(10, **session | wrong), 403) == "csrf_failed"


def test_an_upload_whose_time_is_over_is_not_there(sender: Sender) -> None:
    upload = sender.begin(10)
    Upload.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert problem(sender.patch(upload.pk, 0, b"x"), 404) == "not_found"


def test_bytes_move_the_end_of_its_time(sender: Sender) -> None:
    upload = sender.begin(10)
    Upload.objects.update(expires=timezone.now() + timedelta(hours=1))
    answer = sender.patch(upload.pk, 0, b"x")
    left = parsedate_to_datetime(answer.headers["upload-expires"]) - datetime.now(UTC)
    assert left > timedelta(hours=ours.UPLOAD_HOURS - 1)


def test_while_one_sends_another_may_not(sender: Sender) -> None:
    upload = sender.begin(10)
    part = Part(upload.pk)
    try:
        answer = sender.patch(upload.pk, 0, b"hello")
        assert problem(answer, 423) == "locked"
        assert answer.headers["retry-after"] == "1"
    finally:
        part.close()
    assert sender.patch(upload.pk, 0, b"hello").status == 204


def test_a_patch_may_come_as_a_post(sender: Sender) -> None:
    upload = sender.begin(10)
    told = {"x_http_method_override": "PATCH", "upload_offset": "0"}
    told["content_type"] = "application/offset+octet-stream"
    answer = sender.ask("POST", f"{ROOT}/{upload.pk}", b"hello", **told)
    assert answer.headers["upload-offset"] == "5"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("PATCH", ROOT, 405), ("POST", f"{ROOT}/{UUID(int=7)}", 405), ("PATCH", f"{ROOT}/7", 404),
     ("POST", f"{ROOT}/", 404), ("PATCH", f"{ROOT}/{UUID(int=7)}/file", 404)],
)  # fmt: skip
def test_other_addresses_are_refused(method: str, path: str, status: int) -> None:
    problem(unsigned(method, path, tus_resumable="1.0.0"), status)


def test_a_full_disk_is_said_and_nothing_is_lost(sender: Sender, settings: Settings) -> None:
    upload = sender.begin(10)
    sender.append(upload, 0, b"hello")
    settings.UPLOAD_RESERVE = 1 << 60
    assert problem(sender.patch(upload.pk, 5, b"world"), 503) == "no_room"
    assert problem(sender.post(10), 503) == "no_room"
    settings.UPLOAD_RESERVE = 0
    assert sender.patch(upload.pk, 5, b"world").status == 204
