"""The API's root: what all operations share, and where each app's part hangs."""

import json
from typing import Any, override

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.docs import Swagger
from ninja.operation import Operation
from ninja.parser import Parser

from kiremisu import problems, repeats
from kiremisu.accounts.api import router as accounts
from kiremisu.accounts.askers import needs
from kiremisu.accounts.audit.api import router as audit
from kiremisu.accounts.models import Role, Scope
from kiremisu.accounts.users.api import router as users
from kiremisu.accounts.vault.api import router as vault
from kiremisu.document import Document
from kiremisu.jobs.api import router as jobs
from kiremisu.lib.errors import Refused, TooLarge, Unsupported
from kiremisu.lib.schemas import Renderer
from library.api import router as library
from library.batches.api import router as batches
from library.exports.api import router as library_exports
from library.findings.api import router as findings
from library.history.api import router as history
from library.naming.api import router as naming
from library.uploads.api import router as uploads
from metadata.api import router as metadata
from metadata.notifying.api import router as notifying
from metadata.review.api import router as review
from metadata.watching.api import router as watching
from reader.api import router as reader
from reader.exports.api import router as reader_exports
from reader.lists.api import router as lists


class JsonOnly(Parser):
    """Bodies are JSON; anything else is refused by its media type."""

    @override
    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise Unsupported("Send the body as application/json.")
        # Django goes by the length that is announced; a body in chunks announces none.
        if len(request.body) > settings.BODY_LIMIT:
            raise TooLarge(f"A body may hold {settings.BODY_LIMIT >> 20} MiB at most.")
        told = orjson.loads(request.body)
        # orjson takes the last of two values of one name; whoever looks at the body before us
        # may take the first.
        json.loads(request.body, object_pairs_hook=_named_once)
        return told


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) < len(pairs):
        raise Refused("The body gives one name two values.")
    return told


class Api(NinjaAPI):
    """Ninja's API with our description of it."""

    @override
    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> Document:
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        return Document(self, prefix)

    @override
    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


api = Api(
    title="KireMisu",
    version=settings.VERSION,
    description=(
        "Everything the web pages do, for programs. Sign in with `POST auth/token`, "
        "then send `Authorization: Bearer <access>`; or make a key in Settings and send it as "
        "`X-API-Key`."
    ),
    urls_namespace="api",
    docs_url=None,
    # What an operation that declares nothing would want.
    auth=needs(Scope.ADMIN, least=Role.ADMIN),
    renderer=Renderer(),
    parser=JsonOnly(),
)
problems.install(api)
api.add_decorator(repeats.once)
for router in (
    *(accounts, users, audit, vault, library, reader, jobs, batches, uploads),
    *(history, lists, library_exports, reader_exports, metadata, review, watching, notifying),
    *(findings, naming),
):
    api.add_router("", router)


def docs(request: HttpRequest) -> HttpResponse:
    """The operations, to read and to try."""
    return Swagger().render_page(request, api)
