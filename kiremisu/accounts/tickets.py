"""Tickets for a WebSocket, for programs that can give it no header: one use, 30 seconds.

A ticket stands in an address, where servers on the way may write it down; so it is dead as soon
as it was used. What it opened ends with the asker's access version, as signed links do, and as
soon as an access token would.
"""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from rest_framework_simplejwt.tokens import AccessToken

from kiremisu.accounts.models import Ticket, User
from kiremisu.lib.errors import Unauthenticated

SECONDS = 30
_LONGEST = 100


@transaction.atomic
def issue(user: User) -> str:
    """A new ticket, which is told this once. Clears away what nobody used."""
    now = timezone.now()
    dead = Ticket.objects.filter(expires__lte=now).select_for_update(skip_locked=True)[:100]
    Ticket.objects.filter(pk__in=[ticket.pk for ticket in dead]).delete()
    text = secrets.token_urlsafe(32)
    Ticket.objects.create(
        user=user,
        digest=_digest(text),
        access_version=user.access_version,
        expires=now + timedelta(seconds=SECONDS),
    )
    return text


@transaction.atomic
def redeem(text: str) -> Ticket:
    """Use a ticket up. Raises Unauthenticated for one that is unknown, used or too old."""
    # Two at once: the second waits here, then finds nothing.
    living = Ticket.objects.select_for_update().filter(expires__gt=timezone.now())
    ticket = None if len(text) > _LONGEST else living.filter(digest=_digest(text)).first()
    if ticket is None:
        raise Unauthenticated("This ticket is not valid any more.", code="dead_ticket")
    Ticket.objects.filter(pk=ticket.pk).delete()
    return ticket


def holder(ticket: Ticket) -> User | None:
    """Who asked for it, as long as what it opened may stay open."""
    if ticket.created + AccessToken.lifetime <= timezone.now():
        return None
    people = User.objects.filter(is_active=True, access_version=ticket.access_version)
    return people.filter(pk=ticket.user_id).first()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
