"""Whether the process lives, and whether everything behind it does."""

from django.conf import settings
from django.db import DatabaseError, connection

from kiremisu.lib.asgi import Receive, Scope, Send, answer_json
from kiremisu.lib.threads import borrowed, in_thread
from kiremisu.server.locks import clusters_live
from kiremisu.server.migrating import is_migrated


async def alive(_scope: Scope, _receive: Receive, send: Send) -> None:
    """GET /healthz: this process answers."""
    await answer_json(send, 200, {"status": "ok"})


async def ready(_scope: Scope, _receive: Receive, send: Send) -> None:
    """GET /readyz: the database answers, is migrated, and job workers run; 503 if not all."""
    async with borrowed():
        parts = await in_thread(_parts)
    good = all(parts.values())
    told = {"status": "ok" if good else "unavailable"} | {
        name: "ok" if fine else "unavailable" for name, fine in parts.items()
    }
    await answer_json(send, 200 if good else 503, told)


_migrated = False


def _parts() -> dict[str, bool]:
    global _migrated  # noqa: PLW0603 - what is migrated stays so
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _migrated:
            _migrated = is_migrated()
    except DatabaseError:
        connection.close()
        return {
            "database": False,
            "migrations": _migrated,
            "workers": clusters_live(settings.DATA_DIR),
        }
    return {"database": True, "migrations": _migrated, "workers": clusters_live(settings.DATA_DIR)}
