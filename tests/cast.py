"""The cast: Alice runs the server, Bob may read, Charlie must see nothing of what is private."""

import pytest

from kiremisu.accounts.models import Role, User
from library.models import Access, Library
from tests.factories import make_library

PASSWORD = "a quiet harbour"


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_superuser("alice", password=PASSWORD, role=Role.ADMIN)


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob", password=PASSWORD)


@pytest.fixture
def charlie(db: None) -> User:
    return User.objects.create_user("charlie", password=PASSWORD)


@pytest.fixture
def private(bob: User) -> Library:
    """A library that Bob may open and Charlie may not."""
    library = make_library("Private", open_to_all=False)
    Access.objects.create(library=library, user=bob)
    return library
