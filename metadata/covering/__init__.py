"""Covers of a provider as those of series: one that somebody chose, or the work's own where nothing
else can be shown."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings

from kiremisu.accounts.models import User
from kiremisu.jobs.models import Job, Priority
from kiremisu.jobs.queue import enqueue
from kiremisu.lib.errors import Conflict, FieldError, Invalid, Unreadable
from library import batches, covers, picking
from library.batches.schemas import BatchWanted
from library.facts import Cover
from library.models import Content, Series
from library.models.series import OfSeriesQuery
from metadata import artwork, providers
from metadata.models import Match
from metadata.providers import Provider
from metadata.searching import asking


def request_lending() -> Job:
    """Have matched series without a cover show that of their work."""
    return enqueue("lend-covers", key="lend-covers", queue="metadata", priority=Priority.LATER)


def bare() -> OfSeriesQuery[Match]:
    """The matches of series that have no cover, and of which nobody said which."""
    found = Match.objects.filter(series__cover=None, series__hidden_at=None)
    return found.exclude(series__user_metadata__has_key="cover").order_by("series_id")


def offered(series: Series) -> Sequence[Cover]:
    """The covers that a provider has of its work, by volume; none where it is not matched.
    Raises UpstreamFailed and Unavailable as providers do."""
    match = Match.objects.filter(series=series).first()
    if match is None:
        return []
    with asking():
        return _offered(providers.of(match.provider, urgent=True), match)


def request_choice(user: User, series: Series, address: str) -> Job:
    """Have one of those that are offered shown, for this person, by a job: it has to be fetched."""
    return enqueue(
        "choose-cover",
        subject=series.pk,
        arguments={"url": address},
        queue="metadata",
        priority=Priority.SOON,
        asked_by=user,
    )


def request_fetching(user: User, series: Series) -> Job:
    """Have the pictures of all that are offered fetched, to be looked at."""
    key = fetching_key(series.pk)
    return enqueue("fetch-covers", subject=series.pk, key=key, queue="metadata", asked_by=user)


def fetching_key(series_id: UUID) -> str:
    return f"fetch-covers:{series_id}"


def fetched(series_id: UUID, address: str) -> Content:
    """That one, as series wear it. Raises Conflict where the series is not matched, Invalid where
    the work has no such cover, Unreadable where it cannot be shown; UpstreamFailed and Unavailable
    as providers do."""
    match = Match.objects.filter(series=series_id).first()
    if match is None:
        raise Conflict("It is not matched to a work.", code="not_matched")
    provider = providers.of(match.provider, urgent=True)
    cover = next((each for each in _offered(provider, match) if each.url == address), None)
    if cover is None:
        wrong = FieldError("url", "The work has no such cover.")
        raise Invalid(wrong.message, errors=(wrong,))
    picture = kept(provider, cover)
    if picture is None:
        raise Unreadable("This cover cannot be shown.", code="not_an_image")
    return picture


def wear(user: User, series_id: UUID, picture: Content, run: UUID) -> None:
    """Show it as the cover, as an act of this person that can be undone."""
    told = {"operation": "set_cover", "options": {"picture": picture.key}}
    batches.perform(user, BatchWanted.model_validate({"ids": [series_id], **told}), run)


def kept(provider: Provider, cover: Cover) -> Content | None:
    """A provider's cover as series wear it: kept, whatever becomes of those that are fetched. None
    where it cannot be shown. Raises UpstreamFailed and Unavailable as providers do."""
    made = artwork.fetched(provider, cover)
    if not made.key:
        return None
    return picking.keep(covers.file(made.key, max(settings.COVER_WIDTHS)).read_bytes())


def _offered(provider: Provider, match: Match) -> Sequence[Cover]:
    return provider.covers([match.provider_id]).get(match.provider_id, [])
