"""Whether it is known which work of a provider a series is."""

import json

import pytest

from kiremisu.accounts.models import User
from library import matched
from library.models import Library, MatchState
from tests.asking import Asker
from tests.factories import make_library, make_series

pytestmark = [pytest.mark.quick, pytest.mark.django_db]


def test_series_are_filtered_by_their_match(alice: User) -> None:
    library = make_library()
    road = make_series(library, "Salt Road")
    make_series(library, "Moss")
    matched.mark([road.pk], MatchState.REVIEW)
    asked = json.dumps({"field": "match", "op": "in", "value": ["review", "none"]})
    told = Asker(alice).client.get("/api/v1/series", {"filter": asked}).json()
    assert [row["title"] for row in told["items"]] == ["Salt Road"]


def test_a_library_changes_once_for_what_is_newly_known_of_its_series() -> None:
    library = make_library()
    road = make_series(library)
    for _ in range(2):
        matched.mark([road.pk], MatchState.MATCHED)
    assert Library.objects.get().version == library.version + 1
