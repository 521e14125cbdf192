"""The API's root: what all operations share, and where each app's part hangs."""

from typing import Any, override

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.docs import Swagger
from ninja.parser import Parser

from kiremisu import problems
from kiremisu.accounts.api import router as accounts
from kiremisu.accounts.askers import Bearer, Session
from kiremisu.jobs.api import router as jobs
from kiremisu.lib.errors import Unsupported
from kiremisu.lib.schemas import Renderer
from library.api import router as library
from reader.api import router as reader


class JsonOnly(Parser):
    """Bodies are JSON; anything else is refused by its media type."""

    @override
    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise Unsupported("Send the body as application/json.")
        return orjson.loads(request.body)


api = NinjaAPI(
    title="KireMisu",
    version=settings.VERSION,
    description=(
        "Everything the web pages do, for programs. Sign in with `POST auth/token`, "
        "then send `Authorization: Bearer <access>`."
    ),
    urls_namespace="api",
    docs_url=None,
    auth=[Bearer(), Session()],
    renderer=Renderer(),
    parser=JsonOnly(),
)
problems.install(api)
for router in (accounts, library, reader, jobs):
    api.add_router("", router)


def docs(request: HttpRequest) -> HttpResponse:
    """The operations, to read and to try."""
    return Swagger().render_page(request, api)
