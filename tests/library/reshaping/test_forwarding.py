"""The ids of series that were merged lead to what they were merged into."""

import pytest
from django.test import Client

from kiremisu.accounts.models import User
from library import curation
from library.models import Library, Series
from library.reshaping import joining
from tests.asking import ROOT, Asker
from tests.factories import make_series

pytestmark = pytest.mark.quick


@pytest.fixture
def merged(private: Library) -> tuple[Series, Series]:
    """One that was merged into the other."""
    one, other = make_series(private, "One"), make_series(private, "Other")
    joining.merge(one, other)
    return one, other


def test_the_api_sends_on_by_the_same_method(bob: User, merged: tuple[Series, Series]) -> None:
    one, other = merged
    answer = Asker(bob).get_raw(f"series/{one.pk}/chapters?per_page=5")
    assert (answer.status_code, answer["Cache-Control"]) == (308, "no-store")
    assert answer["Location"] == f"{ROOT}/series/{other.pk}/chapters?per_page=5"


def test_pages_send_on(bob: User, merged: tuple[Series, Series]) -> None:
    client = Client()
    client.force_login(bob)
    answer = client.get(f"/series/{merged[0].pk}", follow=True)
    assert answer.redirect_chain == [(f"/series/{merged[1].pk}", 301)]
    assert answer.context["opened"].series == merged[1]


def test_a_stranger_is_sent_nowhere(charlie: User, merged: tuple[Series, Series]) -> None:
    Asker(charlie).get(f"series/{merged[0].pk}", 404)


def test_what_takes_away_is_not_sent_on(alice: User, merged: tuple[Series, Series]) -> None:
    Asker(alice).delete(f"series/{merged[0].pk}", 404)
    assert Series.objects.visible_to(alice).filter(pk=merged[1].pk).exists()


def test_nobody_is_sent_to_what_is_hidden(bob: User, merged: tuple[Series, Series]) -> None:
    curation.hide_series(merged[1])
    Asker(bob).get(f"series/{merged[0].pk}", 404)


def test_what_is_hidden_by_itself_leads_nowhere(bob: User, private: Library) -> None:
    hidden = make_series(private, "Hidden")
    curation.hide_series(hidden)
    Asker(bob).get(f"series/{hidden.pk}", 404)
