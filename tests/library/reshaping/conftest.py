from typing import Any

from library.models import Chapter, Series
from tests.library.scanning.conftest import shelf

__all__ = ["shelf"]


def shown() -> dict[str, Any]:
    """Series and chapters as people see them, and what of the chapters people set."""
    series = Series.objects.filter(hidden_at=None).order_by("id")
    chapters = Chapter.objects.filter(hidden=False).order_by("id")
    counts = series.values_list("id", "title", "key", "chapter_count", "missing_count", "cover")
    return {
        "series": list(counts),
        "chapters": list(chapters.values_list("id", "series", "path", "by_hand", "content")),
    }
