"""The API's operations as its tests walk them: what each declares, beside what it answers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ninja.operation import Operation

from kiremisu.accounts.needs import Need
from kiremisu.api import api
from kiremisu.document import need_of

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
    def name(self) -> str:
        """Its operationId."""
        return self.operation.view_func.__name__

    @property
    def answered(self) -> set[str]:
        """The fields of what it answers when all went well."""
        models = [m for s, m in self.operation.response_models.items() if m and s < 400]
        kinds = [model.model_fields["response"].annotation for model in models]
        return {name for kind in kinds for name in getattr(kind, "model_fields", {})}

    @property
    def plain_path(self) -> str:
        """The path as the description writes it."""
        return re.sub(r"{\w+:", "{", self.path)

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
                    yield Declared(method, f"{router.prefix}{path}", operation, need_of(operation))
