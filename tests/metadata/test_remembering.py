"""What other servers answered is kept within bounds."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import Settings

from kiremisu.jobs.models import Job
from kiremisu.jobs.running import Work
from metadata import tasks
from metadata.models import Answer
from metadata.remembering import keep, recall

pytestmark = [pytest.mark.quick, pytest.mark.django_db]


def test_an_answer_is_kept_as_it_was_given_with_its_moment() -> None:
    told = {"title": "塩の道 \ud800", "none": None, "many": [1, 2.5]}
    at = keep("mangadex", {"manga/1": told, "manga/2": None})
    found = recall("mangadex", ["manga/1", "manga/2", "manga/3"], at)
    assert {question: kept.told for question, kept in found.items()} == {
        "manga/1": told,
        "manga/2": None,
    }
    assert found["manga/1"].answered == at
    assert not recall("another", ["manga/1"], at)


def test_what_is_too_large_is_not_kept() -> None:
    at = keep("mangadex", {"large": uuid4().hex, "larger": [uuid4().hex for _ in range(70_000)]})
    assert list(recall("mangadex", ["large", "larger"], at)) == ["large"]


def test_answers_are_kept_in_one_order_whatever_order_they_were_given_in() -> None:
    """Else two who keep the same ones at once may each wait for the other."""
    asked = [f"manga/{number}" for number in range(20)]
    for upstream, questions in (("one", asked), ("another", asked[::-1])):
        keep(upstream, dict.fromkeys(questions, 1))
    of = Answer.objects.order_by("pk").values_list("key", flat=True)
    assert list(of.filter(upstream="one")) == list(of.filter(upstream="another"))


def test_what_is_too_old_or_too_many_is_forgotten_at_night(settings: Settings) -> None:
    settings.ANSWERS_MOST, settings.ANSWER_DAYS = 2, 10
    assert "old-answers" in settings.JOBS_NIGHTLY
    for number, days in enumerate((0, 1, 2, 11)):
        keep("mangadex", {f"manga/{number}": number})
        at = timezone.now() - timedelta(days=days)
        Answer.objects.filter(question=f"manga/{number}").update(answered=at)
    (step,) = tasks.forget_old_answers(Work(Job(kind="old-answers")))
    assert (step.last, step.done) == (True, 2)
    assert [each.question for each in Answer.objects.all()] == ["manga/0", "manga/1"]
