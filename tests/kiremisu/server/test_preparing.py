"""What is true before the server starts."""

from pathlib import Path

import pytest
from django.db import OperationalError, connections
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings

from kiremisu.accounts import setup
from kiremisu.accounts.models import Role, User
from kiremisu.jobs.models import Job
from kiremisu.lib.errors import Invalid
from kiremisu.server import embedded, migrating, preparing
from library.models import Library
from tests.files import make_zip


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIREMISU_ADMIN_USER", "alice")
    monkeypatch.setenv("KIREMISU_ADMIN_PASSWORD", "a quiet harbour")


@pytest.mark.django_db
def test_the_first_administrator_comes_from_the_environment(named: None) -> None:
    preparing.make_administrator()
    alice = User.objects.get(username="alice")
    assert alice.role == Role.ADMIN
    assert alice.check_password("a quiet harbour")


@pytest.mark.django_db
def test_who_is_there_already_stays_as_they_are(named: None) -> None:
    User.objects.create_user("bob", password="another harbour")
    preparing.make_administrator()
    assert not User.objects.filter(username="alice").exists()


@pytest.mark.django_db
def test_a_password_too_weak_is_refused(named: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIREMISU_ADMIN_PASSWORD", "1234")
    with pytest.raises(Invalid):
        preparing.make_administrator()


@pytest.mark.django_db
def test_the_first_page_sets_up_until_there_is_a_user() -> None:
    path, _, token = preparing.first_page().partition("?token=")
    assert path == "setup"
    assert setup.token_fits(token)
    User.objects.create_user("bob", password="another harbour")
    assert preparing.first_page() == ""


@pytest.mark.django_db
def test_each_start_scans_every_library_once(tmp_path: Path) -> None:
    make_zip(tmp_path / "Salt Road v01.cbz")
    for _ in range(2):
        preparing.add_library(tmp_path)
        preparing.request_scans()
    assert Library.objects.get().root == str(tmp_path)
    assert Job.objects.filter(kind="scan").count() == 1


@pytest.mark.quick
def test_static_files_are_collected_when_they_changed(tmp_path: Path) -> None:
    source, root = tmp_path / "source", tmp_path / "static"
    source.mkdir()
    (source / "a.css").write_text("a {}")
    places = {"STATICFILES_DIRS": [source], "STATIC_ROOT": root, "DATA_DIR": tmp_path}
    with override_settings(**places, INSTALLED_APPS=["django.contrib.staticfiles"]):
        preparing.collect_static()
        (root / "mark").touch()
        preparing.collect_static()
        assert (root / "mark").exists()
        (source / "a.css").write_text("a { }")
        preparing.collect_static()
    assert not (root / "mark").exists()
    assert (root / "a.css").read_text() == "a { }"


@pytest.mark.django_db
def test_a_database_that_is_not_there_yet_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    failures, pauses = [1, 2, 3, 4, 5, 6], []
    kind = type(connections["default"])

    def connect(_: object) -> None:
        if failures:
            failures.pop()
            raise OperationalError("connection refused\nIs the server running?")

    monkeypatch.setattr(kind, "ensure_connection", connect)
    monkeypatch.setattr(migrating.time, "sleep", pauses.append)
    migrating.await_database()
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 10.0]


@pytest.mark.django_db
def test_a_database_that_went_during_the_start_is_brought_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    brought: list[Path] = []

    def connect(_: object) -> None:
        if not brought:
            raise OperationalError("connection refused")

    monkeypatch.setattr(type(connections["default"]), "ensure_connection", connect)
    monkeypatch.setattr(migrating.time, "sleep", lambda _: None)
    monkeypatch.setattr(migrating.embedded, "ensure", brought.append)
    with override_settings(DATABASE_URL="", DATA_DIR=tmp_path):
        migrating.await_database()
    assert brought == [tmp_path]


@pytest.mark.django_db
def test_what_is_migrated_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def call(*arguments: object, **options: object) -> None:
        pytest.fail("nothing was to be migrated")

    monkeypatch.setattr(migrating, "call_command", call)
    migrating.migrate()


@pytest.mark.django_db
def test_what_is_not_migrated_is(monkeypatch: pytest.MonkeyPatch) -> None:
    called = []
    monkeypatch.setattr(migrating, "is_migrated", lambda: False)
    monkeypatch.setattr(migrating, "call_command", lambda name, **_: called.append(name))
    migrating.migrate()
    assert called == ["migrate"]


@pytest.mark.django_db
def test_what_a_newer_version_migrated_is_refused() -> None:
    MigrationRecorder(connections["default"]).record_applied("library", "9999_from_tomorrow")
    with pytest.raises(embedded.CannotStart, match="library 9999_from_tomorrow"):
        migrating.migrate()


@pytest.mark.django_db
def test_what_others_had_once_and_have_no_more_stops_nobody() -> None:
    MigrationRecorder(connections["default"]).record_applied("auth", "0000_squashed_since")
    assert migrating._newer() == []
