"""The one door from async endpoints to sync verbs."""

from collections.abc import Callable

from asgiref.sync import sync_to_async


async def in_thread[**P, T](call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a sync callable on the request's thread (which owns its database connection)."""
    return await sync_to_async(call, thread_sensitive=True)(*args, **kwargs)
