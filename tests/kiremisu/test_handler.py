"""Django behind ASGI on borrowed threads."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from itertools import repeat
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import override_settings
from django.urls import path

from kiremisu import handler
from kiremisu.accounts.models import User
from kiremisu.handler import Handler
from kiremisu.lib.errors import Unavailable
from kiremisu.lib.ids import uuid7
from kiremisu.lib.threads import SeatLoop, close_seats, in_thread
from tests.raw import Answer, ask, scope

ALICE = uuid7()
_PATIENCE = 100  # seconds
MIDDLEWARE = ["django.middleware.common.CommonMiddleware", f"{__name__}.noting"]


def here() -> str:
    return threading.current_thread().name


def noting(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Any:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        thread = here()
        response = get_response(request)
        response["Middleware"] = thread
        return response

    return middleware


def sync_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse(here())


async def async_view(request: HttpRequest) -> HttpResponse:
    first, second = await in_thread(here), await in_thread(here)
    assert first == second
    return HttpResponse(first)


async def lone_view(request: HttpRequest) -> HttpResponse:
    await asyncio.sleep(0)
    return HttpResponse(here())


async def deep_view(request: HttpRequest) -> HttpResponse:
    """Sync code that asks async code, which asks sync code."""
    answer = await sync_to_async(async_to_sync(sync_to_async(here)))()
    return HttpResponse(answer)


def database_view(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return HttpResponse(str(cursor.fetchone()[0]))


def broken_view(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken")


def echo_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.body)


def streaming_view(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(here().encode() for _ in range(2))


def endless_view(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(repeat(b"x"))


def async_streaming_view(request: HttpRequest) -> StreamingHttpResponse:
    async def parts() -> AsyncIterator[bytes]:
        yield (await in_thread(here)).encode()

    return StreamingHttpResponse(parts())


seen: list[str] = []


async def waiting_view(request: HttpRequest) -> HttpResponse:
    seen.append("came")
    try:
        await asyncio.Event().wait()
    finally:
        seen.append("left")
    return HttpResponse()


async def abandoned_view(request: HttpRequest) -> HttpResponse:
    seen.append("came")
    await in_thread(let_go.wait, 20)
    await in_thread(seen.append, "went on")
    return HttpResponse()


let_go = threading.Event()


async def once_seen() -> None:
    # No event of this loop's can be set from before there is one.
    while not seen or seen[-1] == "left":  # noqa: ASYNC110
        await asyncio.sleep(0)


urlpatterns = [
    path("sync", sync_view),
    path("async", async_view),
    path("lone", lone_view),
    path("deep", deep_view),
    path("database", database_view),
    path("broken", broken_view),
    path("echo", echo_view),
    path("streaming", streaming_view),
    path("endless", endless_view),
    path("async-streaming", async_streaming_view),
    path("waiting", waiting_view),
    path("abandoned", abandoned_view),
]


@pytest.fixture(autouse=True)
def urls() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=MIDDLEWARE, REQUEST_THREADS=2):
        yield


def talk[T](conversation: Callable[[Handler], Awaitable[T]]) -> T:
    """A conversation with a fresh handler, whose threads end with it."""

    async def whole() -> T:
        try:
            return await asyncio.wait_for(conversation(Handler()), _PATIENCE)
        finally:
            await close_seats()

    return asyncio.run(whole())  # type: ignore[arg-type]


def get(path: str, body: bytes = b"", method: str = "GET") -> Answer:
    return talk(lambda app: ask(app, scope(path, method), body))


@pytest.mark.quick
@pytest.mark.parametrize("path", ["/sync", "/async", "/lone", "/deep"])
def test_a_request_runs_on_one_thread_from_end_to_end(path: str) -> None:
    told = get(path)
    assert told.body.decode() == told.headers["middleware"]
    assert told.body.startswith(b"seat-")


@pytest.mark.quick
def test_no_request_starts_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    start = threading.Thread.start
    monkeypatch.setattr(
        threading.Thread, "start", lambda thread: (started.append(thread), start(thread))[1]
    )

    async def conversation(app: Handler) -> list[int]:
        numbers = []
        for _ in range(10):
            await ask(app, scope("/sync"))
            await ask(app, scope("/async"))
            numbers.append(len(started))
        return numbers

    assert talk(conversation) == [1] * 10


@pytest.mark.quick
def test_as_many_requests_run_at_once_as_there_are_seats() -> None:
    async def conversation(app: Handler) -> list[Answer]:
        return await asyncio.gather(*[ask(app, scope("/async")) for _ in range(20)])

    told = talk(conversation)
    assert {answer.status for answer in told} == {200}
    assert {answer.body for answer in told} <= {b"seat-1_0", b"seat-2_0"}


@pytest.mark.django_db(transaction=True)
def test_connections_are_used_again() -> None:
    async def conversation(app: Handler) -> set[bytes]:
        return {(await ask(app, scope("/database"))).body for _ in range(10)}

    assert len(talk(conversation)) == 1


@pytest.mark.django_db(transaction=True)
def test_connections_are_closed_at_the_end() -> None:
    backend = int(get("/database").body)
    # The server's process takes a moment to go.
    deadline = time.monotonic() + 600
    with connection.cursor() as cursor:
        while cursor.execute("SELECT FROM pg_stat_activity WHERE pid = %s", [backend]).rowcount:
            assert time.monotonic() < deadline


@pytest.mark.quick
@pytest.mark.parametrize("path", ["/streaming", "/async-streaming"])
def test_a_stream_stays_on_its_thread(path: str) -> None:
    assert set(get(path).body.decode().split("seat-")) <= {"", "1_0"}


async def leaving(app: Handler, send: Callable[[Any], Awaitable[None]], path: str) -> None:
    """Asks, and leaves once something came."""
    came = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await came.wait()
        return {"type": "http.disconnect"}

    async def say(message: Any) -> None:
        if message["type"] == "http.response.body":
            came.set()
        await send(message)

    await app(scope(path), receive, say)


@pytest.mark.quick
def test_a_stream_ends_when_its_reader_leaves() -> None:
    async def take(_: Any) -> None:
        await asyncio.sleep(0)

    async def conversation(app: Handler) -> Answer:
        for _ in range(5):
            await leaving(app, take, "/endless")
        return await ask(app, scope("/sync"))

    assert talk(conversation).status == 200


@pytest.mark.quick
def test_a_stream_that_nobody_takes_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler, "PATIENCE", 0.01)

    async def conversation(app: Handler) -> Answer:
        async def receive() -> dict[str, Any]:
            await asyncio.Event().wait()
            return {}

        await app(scope("/endless"), receive, lambda _: asyncio.Event().wait())
        return await ask(app, scope("/sync"))

    assert talk(conversation).status == 200


@pytest.mark.quick
def test_streams_leave_threads_for_the_others() -> None:
    async def conversation(app: Handler) -> Answer:
        begun, hold = asyncio.Event(), asyncio.Event()

        async def send(_: Any) -> None:
            begun.set()
            await hold.wait()

        slow = asyncio.create_task(ask_and_hold(app, send, hold))
        await begun.wait()
        with pytest.raises(Unavailable):
            await ask(app, scope("/streaming"))
        told = await ask(app, scope("/sync"))
        hold.set()
        await slow
        return told

    assert talk(conversation).status == 200


async def ask_and_hold(
    app: Handler, send: Callable[[Any], Awaitable[None]], hold: asyncio.Event
) -> None:
    async def receive() -> dict[str, Any]:
        await hold.wait()
        return {"type": "http.disconnect"}

    await app(scope("/streaming"), receive, send)


@pytest.mark.quick
def test_a_client_that_leaves_ends_the_work_for_it() -> None:
    seen.clear()
    told = talk(lambda app: ask(app, scope("/waiting"), leave=once_seen))
    assert told.status == 0
    assert seen == ["came", "left"]


@pytest.mark.quick
def test_a_view_whose_client_left_begins_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    seen.clear()
    let_go.clear()
    leave = SeatLoop.leave
    monkeypatch.setattr(SeatLoop, "leave", lambda loop: (leave(loop), let_go.set()))
    told = talk(lambda app: ask(app, scope("/abandoned"), leave=once_seen))
    assert told.status == 0
    assert seen == ["came"]


@pytest.mark.quick
def test_after_a_client_left_its_seat_is_free_again() -> None:
    async def conversation(app: Handler) -> Answer:
        for _ in range(5):
            await ask(app, scope("/waiting"), leave=once_seen)
        return await ask(app, scope("/sync"))

    assert talk(conversation).status == 200


@pytest.mark.quick
def test_a_body_arrives_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler, "_IN_MEMORY", 10)
    assert get("/echo", b"x" * 1000, "POST").body == b"x" * 1000


@pytest.mark.quick
def test_a_body_past_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler, "LARGEST_BODY", 1000)
    assert get("/echo", b"x" * 1000, "POST").status == 200
    with pytest.raises(handler.TooLarge):
        get("/echo", b"x" * 1001, "POST")


@pytest.mark.quick
def test_a_client_that_leaves_while_it_sends_is_forgotten() -> None:
    async def conversation(app: Handler) -> list[object]:
        said: list[object] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            said.append(message)

        await app(scope("/echo", "POST"), receive, send)
        return said

    assert talk(conversation) == []


@pytest.mark.quick
@pytest.mark.parametrize("parts", [0, 3])
def test_a_body_that_comes_too_slowly_is_refused(
    parts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handler, "PATIENCE", 0.01)

    async def conversation(app: Handler) -> None:
        coming = iter([{"type": "http.request", "body": b"x", "more_body": True}] * parts)

        async def receive() -> dict[str, Any]:
            return next(coming, None) or await asyncio.Event().wait()  # type: ignore[return-value]

        await app(scope("/echo", "POST"), receive, asyncio.sleep)

    with pytest.raises(handler.TooSlow):
        talk(conversation)


@pytest.mark.quick
def test_an_error_in_a_view_is_answered() -> None:
    with override_settings(DEBUG_PROPAGATE_EXCEPTIONS=False):
        assert get("/broken").status == 500


@pytest.mark.quick
@pytest.mark.parametrize("place", ["auth", "_cached_user", "_acached_user"])
def test_whoever_was_recognised_is_known_to_the_log(place: str) -> None:
    request = HttpRequest()
    assert handler._user_id(request) == ""  # type: ignore[arg-type]
    setattr(request, place, User(id=ALICE))
    assert handler._user_id(request) == str(ALICE)  # type: ignore[arg-type]
