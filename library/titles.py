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
        also = _merged(some)
        _add(form for row in facts.order_by("id") for form in _forms(*row, also.get(row[0], [])))


@transaction.atomic
def also_call(series: Series, titles: Iterable[tuple[str, str]]) -> None:
    """Set what else a series is known as: texts with their languages, "" where unknown."""
    TitleForm.objects.filter(series=series, kind=TitleForm.Kind.ALTERNATIVE).delete()
    kind = TitleForm.Kind.ALTERNATIVE
    known = {text: language for text, language in titles if text != series.title}
    _add(_form(series.pk, kind, text, language) for text, language in known.items())


def _merged(series: Iterable[UUID]) -> dict[UUID, list[str]]:
    """What those are called that were merged into these series."""
    found: dict[UUID, list[str]] = {}
    for one in Series.objects.filter(merged_into__in=[*series]).order_by("id"):
        if one.merged_into_id is not None:
            found.setdefault(one.merged_into_id, []).extend((one.title, one.key))
    return found


def _forms(
    series: UUID, title: str, key: str, language: str, others: Iterable[str]
) -> list[TitleForm]:
    forms = {(shown := _form(series, TitleForm.Kind.SHOWN, title, language)).folded: shown}
    for name in (key, *others):
        form = _form(series, TitleForm.Kind.NAME, name)
        forms.setdefault(form.folded, form)
    return [*forms.values()]


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
