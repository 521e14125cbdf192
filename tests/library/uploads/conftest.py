"""Who uploads: Carol curates, and a library whose folder is there."""

from pathlib import Path

import pytest
from pytest_django import Settings

from kiremisu.accounts.models import Role, User
from library.models import Library
from tests.factories import make_library
from tests.library.uploads.sending import Sender


@pytest.fixture(autouse=True)
def staging(tmp_path: Path, settings: Settings) -> Path:
    """An own folder for what is on its way."""
    settings.UPLOADS_DIR = tmp_path / "staging"
    return tmp_path / "staging"


@pytest.fixture
def carol(db: None) -> User:
    return User.objects.create_user("carol", role=Role.CURATOR)


@pytest.fixture
def library(db: None, tmp_path: Path) -> Library:
    (tmp_path / "manga").mkdir()
    return make_library(root=str(tmp_path / "manga"))


@pytest.fixture
def sender(carol: User, library: Library) -> Sender:
    return Sender(carol, library)
