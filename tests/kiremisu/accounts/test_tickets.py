"""Tickets for a WebSocket: made, used once, dead soon."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from kiremisu.accounts import access, keys, tickets
from kiremisu.accounts.models import Ticket, User
from kiremisu.lib.errors import Unauthenticated
from tests.asking import Asker

pytestmark = pytest.mark.quick


def test_a_ticket_is_worth_its_holder(bob: User) -> None:
    made = Asker(bob).post("auth/ticket", status=201)
    assert made["seconds"] == 30
    assert tickets.holder(tickets.redeem(made["ticket"])) == bob


def test_a_ticket_works_once(bob: User) -> None:
    text = tickets.issue(bob)
    tickets.redeem(text)
    with pytest.raises(Unauthenticated):
        tickets.redeem(text)


def test_a_ticket_is_dead_after_thirty_seconds(bob: User) -> None:
    text = tickets.issue(bob)
    Ticket.objects.update(expires=F("expires") - timedelta(seconds=30))
    with pytest.raises(Unauthenticated):
        tickets.redeem(text)


@pytest.mark.parametrize("text", ["", "x", "é\x00", "x" * 5000])
def test_what_is_no_ticket_opens_nothing(db: None, text: str) -> None:
    with pytest.raises(Unauthenticated):
        tickets.redeem(text)


def test_the_database_keeps_no_ticket(bob: User) -> None:
    text = tickets.issue(bob)
    assert text not in str(list(Ticket.objects.values()))


def test_a_raised_version_ends_what_a_ticket_opened(bob: User) -> None:
    unused, used = tickets.issue(bob), tickets.redeem(tickets.issue(bob))
    access.raise_version(bob)
    assert tickets.holder(used) is None
    assert tickets.holder(tickets.redeem(unused)) is None


def test_who_may_not_come_in_holds_no_ticket(bob: User) -> None:
    ticket = tickets.redeem(tickets.issue(bob))
    User.objects.update(is_active=False)
    assert tickets.holder(ticket) is None


def test_what_a_ticket_opened_ends_when_an_access_token_would(bob: User) -> None:
    ticket = tickets.redeem(tickets.issue(bob))
    ticket.created = timezone.now() - timedelta(minutes=30)
    assert tickets.holder(ticket) is None


def test_tickets_nobody_used_are_cleared_away(bob: User) -> None:
    tickets.issue(bob)
    Ticket.objects.update(expires=timezone.now())
    tickets.issue(bob)
    assert Ticket.objects.count() == 1


def test_a_stranger_gets_no_ticket(db: None) -> None:
    Asker().post("auth/ticket", status=401)


def test_a_key_that_may_not_read_gets_no_ticket(bob: User) -> None:
    asker = Asker()
    asker.client.defaults["HTTP_X_API_KEY"] = keys.make(bob, "Tablet", ["progress"])[1]
    assert asker.post("auth/ticket", status=403)["code"] == "scope_lacks"


def test_nobody_gets_more_than_sixty_a_minute(bob: User) -> None:
    asker = Asker(bob)
    for _ in range(60):
        asker.post("auth/ticket", status=201)
    assert asker.post("auth/ticket", status=429)["code"] == "throttled"
