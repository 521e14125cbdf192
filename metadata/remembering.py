"""Answers of other servers, kept with their age: what was told lately is not asked again."""

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from metadata.models import Answer

_LARGEST = 1 << 20  # bytes, packed


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, and when it was given."""

    told: Any
    answered: datetime


def recall(upstream: str, questions: Iterable[str], since: datetime) -> dict[str, Kept]:
    """The answers to these questions that were given at that moment or later, by question."""
    keys = {_key(question): question for question in questions}
    found = Answer.objects.filter(upstream=upstream, key__in=keys, answered__gte=since)
    rows = found.order_by().values_list("key", "packed", "answered")
    return {keys[key]: Kept(_unpacked(packed), answered) for key, packed, answered in rows}


def keep(upstream: str, told: Mapping[str, Any]) -> datetime:
    """Keep these answers, by question, in the place of those there were; answers their moment.

    What is too large is not kept, and asked again another time.
    """
    now = timezone.now()
    rows = [
        Answer(
            upstream=upstream,
            key=_key(question),
            question=question[:200],
            packed=_packed(answer),
            answered=now,
        )
        # In one order, so that no two who keep the same ones wait for each other.
        for question, answer in sorted(told.items())
    ]
    Answer.objects.bulk_create(
        [row for row in rows if len(row.packed) <= _LARGEST],
        update_conflicts=True,
        unique_fields=["upstream", "key"],
        update_fields=["packed", "answered"],
    )
    return now


def forget_old() -> int:
    """Forget what is too old to be of use, and of too many the oldest; how many those were."""
    until = timezone.now() - timedelta(days=settings.ANSWER_DAYS)
    gone, _ = Answer.objects.filter(answered__lt=until).delete()
    newest = Answer.objects.order_by("-answered", "id").values_list("answered", flat=True)
    for edge in newest[settings.ANSWERS_MOST : settings.ANSWERS_MOST + 1]:
        gone += Answer.objects.filter(answered__lte=edge).delete()[0]
    return gone


def _key(question: str) -> str:
    return hashlib.blake2b(question.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def _packed(told: Any) -> bytes:
    return zlib.compress(json.dumps(told, separators=(",", ":")).encode(), 6)


def _unpacked(packed: bytes | memoryview) -> Any:
    return json.loads(zlib.decompress(packed))
