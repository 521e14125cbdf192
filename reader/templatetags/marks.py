"""What every template may use without loading it: icons, the logo, how we write times."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from kiremisu.accounts.links import cover_url
from library.archives.codes import remedy
from library.models import Library, Series
from reader.drawings import DRAWINGS, LOGO

register = template.Library()

_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\u1100-\u11ff\uac00-\ud7af]")),
    ("ja", re.compile("[\u3400-\u9fff]")),
)
_HUES = 12
_TINT = re.compile("#[0-9a-f]{6}")


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """An icon by name, hidden from screen readers; `extra` adds classes."""
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>',
        f"i {extra}".rstrip(),
        mark_safe(DRAWINGS[name]),  # noqa: S308 - our own drawings
    )


@register.simple_tag
def logo() -> SafeString:
    """The lifted blind."""
    return mark_safe(LOGO)  # noqa: S308 - our own drawing


@register.filter
def thousands(number: int | None) -> str:
    """12906 → "12,906"."""
    return f"{number or 0:,}"


@register.filter
def counted(number: int | None, words: str) -> str:
    """{{ 3|counted:"chapter,chapters" }} → "3 chapters"."""
    one, many = words.split(",")
    return f"{number or 0:,} {one if number == 1 else many}"


@register.filter
def when(moment: datetime | None) -> str:
    """A day as one says it: "today 12:00", "yesterday", "2 Nov", "2 Nov 2024"."""
    if moment is None:
        return ""
    local, today = timezone.localtime(moment), timezone.localtime().date()
    if local.date() == today:
        return f"today {local:%H:%M}"
    if local.date() == today - timedelta(days=1):
        return "yesterday"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local.day} {local:%b}{year}"


@register.filter
def roughly(seconds: float | None) -> str:
    """How long something will take: "about 40 min", "about 2 h"."""
    if not seconds:
        return ""
    minutes = seconds / 60
    if minutes < 1.5:
        return "about a minute"
    if minutes < 10:
        return f"about {minutes:.0f} min"
    if minutes < 100:
        return f"about {round(minutes / 5) * 5} min"
    return f"about {minutes / 60:.0f} h"


@register.filter
def took(span: timedelta | None) -> str:
    """How long something took: "19 s", "1 min 12 s", "2 h 5 min"."""
    if span is None:
        return ""
    if span < timedelta(seconds=1):
        return "under a second"
    minutes, seconds = divmod(max(0, round(span.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


register.filter(remedy)


@register.filter
def script(text: str) -> str:
    """The language whose forms of characters a text wants: "ja", "ko", else nothing."""
    return next((language for language, found in _SCRIPTS if found.search(text)), "")


@register.filter
def tint(series: Series) -> str:
    """The main colour of its cover, as #rrggbb; empty when unknown."""
    picture = series.picture
    return picture.tint if picture and _TINT.fullmatch(picture.tint) else ""


@register.filter
def hue(series: Series) -> int:
    """Which of the colours a cover without picture has: the same one always."""
    return series.pk.int % _HUES


@register.simple_tag
def tints(shown: Iterable[Series]) -> SafeString:
    """Rules for the page's one `<style nonce>`, a colour for each cover."""
    found = sorted({colour for series in shown if (colour := tint(series))})
    return mark_safe(  # noqa: S308 - only what `_TINT` lets through
        "".join(f'[data-tint="{colour}"]{{--tint:{colour}}}' for colour in found)
    )


@register.inclusion_tag("reader/_cover.html", takes_context=True)
def cover(context: dict[str, Any], series: Series, size: str = "tile", eager: bool = False) -> Any:
    """The cover of a series in its box of 2 to 3; `size` is tile, row or large."""
    picture, user = series.picture, context["request"].user
    urls = {}
    if picture is not None:
        # One not made yet is made when it is asked for; its title stands until it comes.
        urls = {width: cover_url(user, picture.key, width) for width in settings.COVER_WIDTHS}
    return {
        "series": series,
        "card": context.get("card") if size == "tile" else None,
        "urls": [(url, width) for width, url in urls.items()],
        "small": urls.get(settings.COVER_WIDTHS[0], ""),
        "is_ready": picture is not None and picture.is_made,
        "size": size,
        "eager": eager,
        "is_ltr": series.library.kind == Library.Kind.COMIC,
    }
