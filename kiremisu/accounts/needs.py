"""What an operation of the API declares about who may call it, and what holds them to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from kiremisu.accounts import rates, roles
from kiremisu.accounts.models import Role, Scope, User
from kiremisu.lib.errors import Forbidden, NotThere
from kiremisu.lib.threads import in_thread


@dataclass(frozen=True, slots=True)
class Need:
    """`scopes`: a key wants one of them. `least`: the lowest role that will do, whatever the
    credentials. `reaches`: which model each id in the path is of, found through its
    `visible_to`. `own`: it answers what is the asker's own, to administrators too. `or_by`: the
    field by which a lower role may as well, on what is theirs. `by_owner`: of what its ids name,
    only whose it is may do this, found through its `of`. `a_minute`: how often one person may
    ask, 0 for as often as they like.
    """

    scopes: tuple[Scope, ...]
    least: Role = Role.READER
    own: bool = False
    or_by: str = ""
    by_owner: bool = False
    a_minute: int = 0
    reaches: Mapping[str, type[Model]] = field(default_factory=dict)

    async def admit(self, request: HttpRequest, user: User) -> User:
        """This person, when they may. Raises Forbidden for what they see and may not do,
        NotThere for what they do not see, Throttled past so many a minute."""
        asked = request.resolver_match
        assert asked is not None
        if self.by_owner or not user.ranks(self.least):
            await in_thread(self._check_own, user, asked.kwargs)
        if self.a_minute:
            subject = (f"{request.method} {asked.route}", str(user.pk))
            await in_thread(rates.spend, rates.Bound(subject, self.a_minute, 60))
        return user

    def _check_own(self, user: User, ids: Mapping[str, Any]) -> None:
        mine = False
        for name, model in self.reaches.items():
            # Models in general have no `visible_to`, querysets no `of`: those named here do.
            visible: QuerySet[Model] = model._default_manager.visible_to(user)  # type: ignore[attr-defined]
            found = visible.filter(pk=ids[name])
            if not found.exists():
                raise NotThere
            if self.by_owner and not found.of(user).exists():  # type: ignore[attr-defined] # see above
                raise Forbidden("Only whose this is may change it.", code="not_yours")
            mine = mine or bool(self.or_by and found.filter(**{self.or_by: user}).exists())
        if not mine:
            roles.check(user, self.least)
