"""Who may know of a job or an event: the rules that settings' MAY_SEE names.

A rule is a function of a user, or a model: then its `visible_to` says which subjects a person
may know of, and so the jobs and events about them.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.utils.module_loading import import_string

from kiremisu.accounts.models import User

# What a rule answers for one user: a condition on jobs, or the subjects they may know of.
type Rule = Callable[[User], Q | QuerySet[Any]]


@cache
def rules() -> dict[str, Rule]:
    """The rule for each kind of job and each topic of events."""
    return {name: _rule(import_string(path)) for name, path in settings.MAY_SEE.items()}


def _rule(named: Any) -> Rule:
    is_model = isinstance(named, type) and issubclass(named, Model)
    rule: Rule = named._default_manager.visible_to if is_model else named
    return rule


def seen_jobs(user: User) -> Q:
    """The condition on jobs: administrators know of all, everybody of what they asked for and
    what MAY_SEE shows them, curators of what it does not speak of."""
    if user.is_administrator:
        return Q()
    seen = Q(asked_by=user)
    if user.curates:
        seen |= ~Q(kind__in=rules())
    kinds = {kind: rule for kind, rule in rules().items() if kind in settings.JOBS}
    for kind, rule in kinds.items():
        answer = rule(user)
        if isinstance(answer, Q):
            seen |= Q(kind=kind) & answer
        else:
            seen |= Q(kind=kind, subject__in=answer.order_by().values("pk"))
    return seen
