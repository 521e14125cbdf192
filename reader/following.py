"""What people have of a series that is merged into another: its places in lists, how they read
it. Where they are in it hangs on its pages."""

from typing import Any
from uuid import UUID

from pydantic import JsonValue

from library.reshaping.following import Follow, bring_back, move, told
from reader.models import ListEntry, ReadingSettings


def _merged(series: UUID, target: UUID) -> JsonValue:
    entries = move(ListEntry.objects.filter(series=series), target, "list")
    settings = move(ReadingSettings.objects.filter(series=series), target, "user")
    return {"entries": told(entries), "settings": told(settings)}


def _parted(series: UUID, target: UUID, memo: Any) -> None:
    bring_back(ListEntry, memo["entries"], series, target)
    bring_back(ReadingSettings, memo["settings"], series, target)


FOLLOW = Follow("reader", _merged, _parted)
