"""Chapters that stay in a series, into which another was merged, because a rule had them come under
the name of that one."""

from uuid import UUID

from pydantic import BaseModel, Field

from library import placing
from library.models import Chapter, Memo


class _Bound(BaseModel):
    """Of what an act on a rule remembers (`changing.Memo`), the chapters that it bound."""

    bound: list[UUID] = Field(default_factory=list)


def loosen(rule_id: UUID) -> None:
    """What came so by the word of this rule goes by its name again, within the caller's
    transaction, unless a person took it elsewhere since."""
    acts = Memo.objects.filter(deed__operation="name_rule", raw_before__memo__rule=str(rule_id))
    for act in acts.exclude(raw_before__memo__bound=[]).order_by("id"):
        bound = _Bound.model_validate(act.before.memo).bound
        held = Chapter.objects.filter(pk__in=bound, series=act.series_id)
        placing.loosen(held.order_by("id").values_list("pk", flat=True))
