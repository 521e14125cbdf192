"""Refusals as RFC 9457 problem documents, for the API, the views and the outer app alike."""

import orjson

from kiremisu.lib.errors import Refused, status_of

MEDIA_TYPE = "application/problem+json"


def problem(error: Refused, request_id: str, status: int | None = None) -> bytes:
    """The document for one refusal; `status` where it is not the one of the table."""
    return orjson.dumps(
        {
            "type": f"urn:kiremisu:problem:{error.code}",
            "title": error.title,
            "status": status or status_of(error),
            "code": error.code,
            "detail": error.detail,
            "errors": [
                {"field": wrong.field, "message": wrong.message, "code": wrong.code}
                for wrong in error.errors
            ],
            "request_id": request_id,
        }
    )
