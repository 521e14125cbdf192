"""What the desk's page of a series shows of its match."""

from kiremisu.accounts.models import User
from kiremisu.lib.sections import Section
from library.models import Series
from metadata import providers
from metadata.models import Match
from metadata.review import answers


def on_series(user: User, series: Series) -> Section:
    """Its match, and what else it may be."""
    match = Match.objects.filter(series=series).select_related("by").first()
    address = match and providers.of(match.provider).address(match.provider_id)
    candidates = answers.candidates(user, series)
    told = {"series": series, "match": match, "address": address, "candidates": candidates}
    return Section("metadata/_at_desk.html", told)
