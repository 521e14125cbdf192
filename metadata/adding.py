"""Bringing in works that a provider has, before there are files of them."""

from django.conf import settings
from django.db import transaction

from kiremisu.accounts.models import User
from kiremisu.lib.errors import FieldError, Invalid, NotThere
from kiremisu.lib.ids import uuid7
from library import curation
from library.models import Library, Series
from metadata import providers
from metadata.comparable import candidate_of, local_of
from metadata.matching import ranked
from metadata.models import Match
from metadata.providers import Entry
from metadata.review import choosing
from metadata.searching import asking, may_see


def add(user: User, library: Library, provider: str, key: str) -> Series:
    """A series of this library that is this work, matched by this person, with all its facts.

    Raises Invalid for a provider there is none of, NotThere for a work that is not there or rated
    too high for them, Conflict where the library has it or something else of its name;
    UpstreamFailed and Unavailable as providers do.
    """
    if provider not in settings.PROVIDERS:
        wrong = FieldError("provider", "There is no such provider.")
        raise Invalid("There is no such provider.", errors=(wrong,))
    _check_new(user, library, provider, key)
    with asking():
        entry = providers.of(provider, urgent=True).one(key)
    if not may_see(user, entry.patch):
        raise NotThere("There is no such title.")
    return _added(user, library, provider, entry)


@transaction.atomic
def _added(user: User, library: Library, provider: str, entry: Entry) -> Series:
    titles = entry.patch.titles or []
    series = curation.bring_in(library, titles[0].text if titles else entry.id, user)
    found = ranked(local_of(series, provider), [candidate_of(entry)])
    choosing.propose(series.pk, provider, [(judged, entry) for judged in found], uuid7())
    choosing.accept(series.candidates.get(provider=provider, provider_id=entry.id), user)
    series.refresh_from_db()
    return series


def _check_new(user: User, library: Library, provider: str, key: str) -> None:
    same = Match.objects.filter(provider=provider, provider_id=key.lower())
    if known := same.filter(series__library=library).select_related("series").first():
        raise curation.there_already(user, known.series)
