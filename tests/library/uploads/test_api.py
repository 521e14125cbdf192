"""One's uploads over the API."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kiremisu.accounts import keys
from kiremisu.accounts.models import Role, User
from library.models import Upload
from library.uploads import staging
from library.uploads.staging import Part
from tests.asking import ROOT, Asker
from tests.library.uploads.sending import NAME, Sender

pytestmark = [pytest.mark.django_db, pytest.mark.quick]

TUS = {"tus-resumable": "1.0.0"}


def test_ones_uploads_are_listed_the_newest_first(sender: Sender) -> None:
    first, second = sender.begin(10), sender.begin(20)
    told = Asker(sender.user).get("uploads")
    assert [item["id"] for item in told["items"]] == [str(second.pk), str(first.pk)]
    item = told["items"][1]
    assert (item["name"], item["length"], item["offset"]) == (NAME, 10, 0)
    assert (item["library"], item["state"]) == (str(sender.library.pk), "open")


def test_uploads_are_listed_by_state(sender: Sender) -> None:
    sender.begin(10)
    assert Asker(sender.user).get("uploads", state="open")["total"] == 1
    assert Asker(sender.user).get("uploads", state="failed")["total"] == 0
    Asker(sender.user).get("uploads", 422, state="lost")


def test_a_list_costs_two_queries(
    sender: Sender, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        sender.begin(1)
    asker = Asker(sender.user)
    with django_assert_num_queries(4):  # two of them are the session's
        asker.get("uploads")


def test_a_stranger_sees_nothing(sender: Sender, alice: User, bob: User) -> None:
    upload = sender.sent(b"no book")
    for other in (Asker(alice), Asker(bob)):
        assert other.get("uploads")["total"] == 0
        other.get(f"uploads/{upload.pk}", 404)
        other.get(f"uploads/{upload.pk}/file", 404)
        other.delete(f"uploads/{upload.pk}", 404)
    Asker().get("uploads", 401)
    assert Upload.objects.exists()


def test_the_headers_tell_a_client_how_far_it_is(sender: Sender) -> None:
    upload = sender.begin(10)
    sender.append(upload, 0, b"hello")
    answer = Asker(sender.user).client.head(f"{ROOT}/uploads/{upload.pk}", headers=TUS)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["Upload-Offset"] == "5"
    assert answer["Upload-Length"] == "10"
    assert answer["Upload-Metadata"] == upload.metadata
    assert answer["Tus-Resumable"] == "1.0.0"
    assert answer["Cache-Control"] == "no-store"
    assert "Upload-Expires" in answer


def test_a_client_that_uploads_may_ask_with_its_key(sender: Sender) -> None:
    _, text = keys.make(sender.user, "Uploader", ["curate"])
    upload, client = sender.begin(10), Client(headers={"x-api-key": text})
    assert client.head(f"{ROOT}/uploads/{upload.pk}").status_code == 200
    assert client.delete(f"{ROOT}/uploads/{upload.pk}").status_code == 204


def test_an_upload_whose_time_is_over_is_not_there(sender: Sender) -> None:
    upload = sender.begin(10)
    Upload.objects.update(expires=timezone.now() - timedelta(seconds=1))
    answer = Asker(sender.user).client.head(f"{ROOT}/uploads/{upload.pk}", headers=TUS)
    assert answer.status_code == 404
    assert answer["Tus-Resumable"] == "1.0.0"
    assert "Upload-Offset" not in answer


def test_another_version_of_tus_is_not_spoken(sender: Sender) -> None:
    upload = sender.begin(10)
    client = Asker(sender.user).client
    for method in (client.head, client.delete):
        answer = method(f"{ROOT}/uploads/{upload.pk}", headers={"tus-resumable": "0.2.2"})
        assert answer.status_code == 412
    assert Upload.objects.exists()


def test_an_upload_is_taken_back_with_its_bytes(sender: Sender) -> None:
    upload = sender.begin(10)
    sender.append(upload, 0, b"hello")
    answer = Asker(sender.user).client.delete(f"{ROOT}/uploads/{upload.pk}", headers=TUS)
    assert (answer.status_code, answer["Tus-Resumable"]) == (204, "1.0.0")
    assert not staging.path(upload.pk).exists()
    Asker(sender.user).get(f"uploads/{upload.pk}", 404)


def test_a_book_that_is_in_its_library_is_not_taken_back(sender: Sender) -> None:
    upload = sender.sent(b"no book")
    place = Path(sender.library.root) / NAME
    place.write_bytes(b"book")
    Upload.objects.update(state="done", path=NAME)
    Asker(sender.user).delete(f"uploads/{upload.pk}")
    assert place.read_bytes() == b"book"


def test_what_was_refused_can_be_looked_at(sender: Sender) -> None:
    upload = sender.sent(b"<script>no book</script>", "Schön.cbz")
    Upload.objects.update(state="failed", code="not_an_archive", detail="This is no book.")
    told = Asker(sender.user).get(f"uploads/{upload.pk}")
    assert (told["state"], told["code"]) == ("failed", "not_an_archive")
    answer = Asker(sender.user).client.get(
        f"{ROOT}/uploads/{upload.pk}/file", headers={"accept-encoding": "gzip"}
    )
    assert answer.getvalue() == b"<script>no book</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("state", ["open", "received", "done"])
def test_there_is_no_file_of_other_uploads(sender: Sender, state: str) -> None:
    upload = sender.sent(b"no book")
    Upload.objects.update(state=state)
    Asker(sender.user).get(f"uploads/{upload.pk}/file", 404)


def test_somebody_who_curates_no_more_takes_nothing_back(sender: Sender) -> None:
    upload = sender.begin(10)
    User.objects.update(role=Role.READER)
    Asker(sender.user).delete(f"uploads/{upload.pk}", 403)
    assert Asker(sender.user).get(f"uploads/{upload.pk}")["offset"] == 0


def test_a_connection_that_does_not_let_go_is_not_waited_for_long(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("library.uploads.arriving._LOOK", 0)
    upload = sender.begin(10)
    part = Part(upload.pk)
    try:
        answer = Asker(sender.user).client.head(f"{ROOT}/uploads/{upload.pk}", headers=TUS)
        assert (answer.status_code, answer["Upload-Offset"]) == (200, "0")
    finally:
        part.close()
