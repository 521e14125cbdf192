"""The second judge: a server made of the official description, with answers it makes up."""

import pytest
from pytest_django import Settings

from metadata.providers import mangadex
from tests.upstream.judging import OFFICIAL
from tests.upstream.prism import PRISM, ask, prism

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not PRISM or not OFFICIAL.exists(), reason="Prism is not here"),
]


@pytest.mark.parametrize("at_random", [False, True], ids=["recorded", "made up"])
def test_whatever_the_description_allows_breaks_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, at_random: bool
) -> None:
    monkeypatch.setattr(mangadex, "_DEEPEST", 500)
    with prism(PRISM or "", OFFICIAL, at_random=at_random) as url:
        settings.MANGADEX_URL = url
        found = ask(24)
    assert found["answered"] > 12
    assert not [outcome for outcome in found if outcome.startswith("fault")]
