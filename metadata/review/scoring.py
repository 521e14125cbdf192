"""How sure it is which work a series is: of each candidate, and on the series' row."""

from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from kiremisu.accounts.ratings import Rating
from library import matched
from library.models import Series
from metadata.matching import Judged
from metadata.models import Candidate, Match
from metadata.providers import Entry
from metadata.shapes import Line, Weighed


def keep(series_id: UUID) -> None:
    """Write down the score of its match, or of the best candidate that nobody rejected, within the
    caller's transaction, which holds the series."""
    score = Match.objects.filter(series=series_id).values_list("score", flat=True).first()
    if score is None:
        offered = Candidate.objects.filter(series=series_id, rejected_at=None)
        score = offered.aggregate(best=Max("score"))["best"]
    matched.weigh(series_id, score)


def candidate(series: Series, provider: str, judged: Judged, entry: Entry) -> Candidate:
    """A work that a series may be, with its score line by line; not kept yet."""
    titles = entry.patch.titles or []
    row = Candidate(
        series=series,
        provider=provider,
        provider_id=entry.id,
        score=judged.score,
        content_rating=Rating(entry.patch.content_rating or Rating.PORNOGRAPHIC),
        told=entry.told,
        updated=timezone.now(),
    )
    row.weighed = Weighed(
        title=titles[0].text if titles else "",
        address=entry.address,
        lines=[
            Line(name=e.name, points=e.points, out_of=e.out_of, says=e.says)
            for e in judged.evidence
        ],
        conflicts=list(judged.conflicts),
        patch=entry.patch,
    )
    return row
