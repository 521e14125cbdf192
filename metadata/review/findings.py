"""What matching finds that somebody should look at."""

from urllib.parse import urlencode

from django.db.models import F, QuerySet
from django.urls import reverse

from kiremisu.accounts.models import User
from library.findings import Kind, Said
from library.models.series import WEAK
from metadata.models import Match


def _weak(user: User) -> QuerySet[Match]:
    found = Match.objects.visible_to(user).filter(by=None, score__lt=WEAK)
    return found.select_related("series").order_by("score", "series_id")


def _words(match: Match) -> Said:
    why = f"It was matched by itself with {match.score} points of 100."
    address = f"{reverse('review')}?{urlencode({'series': match.series_id})}"
    return Said(match.series.title, why, "See why", address)


MATCHES = Kind("matches", "Weak matches", Match.objects.visible_to, _weak, F("score"), _words)
