"""Who waits for news of a series that is merged into another."""

import pytest
from django.utils import timezone

from kiremisu.accounts.models import User
from library.models import Series
from library.reshaping import joining
from metadata.models import Feed, Match, Notice, Watch
from metadata.watching import watches
from tests.factories import make_series
from tests.metadata.watching.test_checking import chapter, check, road, tale, told, watch
from tests.upstream import Manga

pytestmark = [pytest.mark.quick, pytest.mark.django_db]

__all__ = ["road", "tale", "watch"]


@pytest.fixture
def other(road: Series, watch: Watch) -> Series:
    """The same work under another name, which Bob watches alone, and has news of."""
    found, now = make_series(road.library, "Road Diary"), timezone.now()
    match = Match.objects.get(series=road)
    facts = {"provider": match.provider, "provider_id": match.provider_id, "score": 100}
    Match.objects.create(series=found, told=now, due=now, **facts)
    Feed.objects.all().delete()
    Watch.objects.update(series=found)
    watches.follow(found.pk, match.provider, match.provider_id)
    check()
    return found


def news(bob: User) -> list[tuple[Series, str, Series]]:
    found = Notice.objects.visible_to(bob).select_related("series", "release__series")
    return [(each.series, each.state, each.release.series) for each in found]


def test_what_was_told_of_it_is_not_told_again(bob: User, road: Series, other: Series) -> None:
    keys = told()
    joining.merge(other, road)
    check()
    assert told() == keys
    assert news(bob) == [(road, "new", road)]
    assert Watch.objects.visible_to(bob).get().series == road


def test_all_is_as_before_when_it_is_taken_back(bob: User, road: Series, other: Series) -> None:
    before = news(bob)
    memo = joining.merge(other, road)
    check()
    joining.part(other.pk, memo)
    assert news(bob) == before == [(other, "new", other)]
    assert Watch.objects.visible_to(bob).get().series == other


def test_who_watches_both_goes_on_watching_one(bob: User, road: Series, other: Series) -> None:
    watches.watch(bob, road)
    memo = joining.merge(other, road)
    assert [one.series for one in Watch.objects.visible_to(bob)] == [road]
    joining.part(other.pk, memo)
    assert Watch.objects.visible_to(bob).count() == 2


def test_a_series_of_no_work_hears_of_that_of_the_other(
    bob: User, road: Series, other: Series, tale: Manga
) -> None:
    Match.objects.filter(series=road).delete()
    memo = joining.merge(other, road)
    tale.chapters.append(chapter("11"))
    check()
    assert told() == ["c10", "c11"]
    assert news(bob) == [(road, "new", road)] * 2
    joining.part(other.pk, memo)
    check()
    assert told() == ["c10", "c11"]
    assert news(bob) == [(other, "new", other)] * 2
    assert Feed.objects.get().series == other
