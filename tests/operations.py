"""The API's operations as its tests walk them: what each declares, beside what it answers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ninja.operation import Operation

from kiremisu.accounts.askers import Bearer, Key, Session
from kiremisu.accounts.needs import Need
from kiremisu.api import api

# Who has nothing but a name and a password, or a refresh token, calls these.
OPEN = {"/auth/token", "/auth/token/refresh"}


@dataclass(frozen=True)
class Declared:
    """One operation; `need` is None where it declares nothing."""

    method: str
    path: str
    operation: Operation
    need: Need | None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def ids(self) -> set[str]:
        """The names of the ids in its path."""
        return set(re.findall(r"{uuid\w*:(\w+)}", self.path))


def declared() -> Iterator[Declared]:
    """Every operation of the API."""
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    yield Declared(method, f"{router.prefix}{path}", operation, _need(operation))


def _need(operation: Operation) -> Need | None:
    match operation.auth_param:
        case [Bearer(need=need), Key(need=also), Session(need=too)] if need is also is too:
            return need
    return None
