"""The API's root: what all operations share, and where each app's part hangs."""

from typing import Any, override

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.docs import Swagger
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from kiremisu import problems, repeats
from kiremisu.accounts.api import router as accounts
from kiremisu.accounts.askers import needs
from kiremisu.accounts.models import Role, Scope
from kiremisu.jobs.api import router as jobs
from kiremisu.lib.errors import TooLarge, Unsupported
from kiremisu.lib.problems import MEDIA_TYPE
from kiremisu.lib.schemas import Problem, Renderer, WrongField
from library.api import router as library
from library.batches.api import router as batches
from library.exports.api import router as library_exports
from reader.api import router as reader
from reader.exports.api import router as reader_exports


class JsonOnly(Parser):
    """Bodies are JSON; anything else is refused by its media type."""

    @override
    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise Unsupported("Send the body as application/json.")
        # Django goes by the length that is announced; a body in chunks announces none.
        if len(request.body) > settings.BODY_LIMIT:
            raise TooLarge(f"A body may hold {settings.BODY_LIMIT >> 20} MiB at most.")
        return orjson.loads(request.body)


class Api(NinjaAPI):
    """Ninja's API, whose description says that anything may answer a problem."""

    @override
    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        described = super().get_openapi_schema(**given)
        place = "#/components/schemas/{model}"
        described["components"]["schemas"] |= {
            model.__name__: model.model_json_schema(ref_template=place)
            for model in (Problem, WrongField)
        }
        answer = {
            "description": "A problem (RFC 9457)",
            "content": {MEDIA_TYPE: {"schema": {"$ref": place.format(model="Problem")}}},
        }
        for operations in described["paths"].values():
            for operation in operations.values():
                operation["responses"]["default"] = answer
        return described


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
for router in (accounts, library, reader, jobs, batches, library_exports, reader_exports):
    api.add_router("", router)


def docs(request: HttpRequest) -> HttpResponse:
    """The operations, to read and to try."""
    return Swagger().render_page(request, api)
