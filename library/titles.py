"""Keeping the forms of titles by which series are found."""

from collections.abc import Iterable
from itertools import batched
from uuid import UUID

from django.db import transaction

from library.folding import folded, script_of, shortened
from library.models import Series, TitleForm, TitleWord

_BATCH = 1000


def keep(series: Iterable[UUID]) -> None:
    """Bring the forms of the title and of the files' name of these series up to date, within
    the caller's transaction."""
    for some in batched(sorted(series), _BATCH, strict=False):
        own = TitleForm.objects.filter(series__in=some)
        own.exclude(kind=TitleForm.Kind.ALTERNATIVE).delete()
        facts = Series.objects.filter(pk__in=some).values_list("id", "title", "key", "language")
        _add(form for row in facts.order_by("id") for form in _forms(*row))


@transaction.atomic
def also_call(series: Series, titles: Iterable[tuple[str, str]]) -> None:
    """Set what else a series is known as: texts with their languages, "" where unknown."""
    TitleForm.objects.filter(series=series, kind=TitleForm.Kind.ALTERNATIVE).delete()
    kind = TitleForm.Kind.ALTERNATIVE
    known = {text: language for text, language in titles if text != series.title}
    _add(_form(series.pk, kind, text, language) for text, language in known.items())


def _forms(series: UUID, title: str, key: str, language: str) -> list[TitleForm]:
    shown = _form(series, TitleForm.Kind.SHOWN, title, language)
    name = _form(series, TitleForm.Kind.NAME, key)
    return [shown] if name.folded == shown.folded else [shown, name]


def _form(series: UUID, kind: TitleForm.Kind, text: str, language: str = "") -> TitleForm:
    line = folded(text)
    return TitleForm(
        series_id=series,
        kind=kind,
        text=text,
        language=language,
        script=script_of(text),
        folded=line,
        words=sorted({*line.split(), line.replace(" ", "")[:100]} - {""}),
    )


def _add(forms: Iterable[TitleForm]) -> None:
    made = [form for form in forms if form.folded]
    TitleForm.objects.bulk_create(made, batch_size=_BATCH)
    # In one order, so that two scans at once never wait for each other.
    words = sorted({word for form in made for word in form.folded.split()})
    TitleWord.objects.bulk_create(
        [TitleWord(word=word, shortened=shortened(word)) for word in words],
        batch_size=_BATCH,
        ignore_conflicts=True,
    )
