"""Libraries on the curation desk."""

import pytest
from django.test import Client
from django.urls import reverse

from kiremisu.accounts.models import User
from library.models import Access, Library

pytestmark = pytest.mark.quick


@pytest.fixture
def desk(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


def form_of(library: Library, given: list[tuple[int | str, User]], **more: str) -> dict[str, str]:
    kept = {"name": library.name, "kind": library.kind, **more}
    kept |= {"access-TOTAL_FORMS": str(len(given))}
    kept |= {"access-INITIAL_FORMS": str(library.access.count())}
    for place, (key, user) in enumerate(given):
        kept |= {f"access-{place}-id": str(key), f"access-{place}-user": str(user.pk)}
        kept |= {f"access-{place}-library": str(library.pk)}
    return kept


def version(user: User) -> int:
    user.refresh_from_db()
    return user.access_version


def test_whom_a_library_is_opened_to_gets_new_links(
    desk: Client, bob: User, charlie: User, private: Library
) -> None:
    url = reverse("admin:library_library_change", args=[private.pk])
    known = Access.objects.get(user=bob).pk
    form = form_of(private, [(known, bob), ("", charlie)])
    assert desk.post(url, form).status_code == 302
    assert Library.objects.visible_to(charlie).exists()
    assert version(bob) == 2


def test_whom_a_library_is_closed_to_has_no_links_left(
    desk: Client, bob: User, private: Library
) -> None:
    url = reverse("admin:library_library_change", args=[private.pk])
    known = Access.objects.get(user=bob).pk
    form = form_of(private, [(known, bob)]) | {"access-0-DELETE": "on"}
    assert desk.post(url, form).status_code == 302
    assert not Library.objects.visible_to(bob).exists()
    assert version(bob) == 2


def test_a_new_name_ends_no_links(desk: Client, bob: User, private: Library) -> None:
    url = reverse("admin:library_library_change", args=[private.pk])
    form = form_of(private, [(Access.objects.get(user=bob).pk, bob)], name="Cellar")
    assert desk.post(url, form).status_code == 302
    assert Library.objects.get().name == "Cellar"
    assert version(bob) == 1


@pytest.mark.parametrize("name", ["library", "series", "chapter", "content"])
def test_every_list_of_the_desk_opens(desk: Client, private: Library, name: str) -> None:
    assert desk.get(reverse(f"admin:library_{name}_changelist")).status_code == 200
