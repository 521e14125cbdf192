"""What every request passes, whoever answers it."""

import asyncio
import re
from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest

from kiremisu.lib.asgi import Receive, Scope, Send, answer
from kiremisu.lib.errors import Throttled
from kiremisu.outer import Route
from kiremisu.outer.gate import Gate
from tests.raw import answered, scope
from tests.saying import heard

pytestmark = pytest.mark.quick


async def pages(asked: Scope, receive: Receive, send: Send) -> None:
    await answer(send, 200, b"a page")


async def refusing(asked: Scope, receive: Receive, send: Send) -> None:
    raise Throttled("Slowly.", retry_after=7)


async def failing(asked: Scope, receive: Receive, send: Send) -> None:
    raise RuntimeError("the secret of the house")


async def failing_late(asked: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    raise RuntimeError("too late")


async def open_socket(asked: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "websocket.accept"})


async def failing_socket(asked: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "websocket.accept"})
    raise RuntimeError("too late")


async def inner(asked: Scope, receive: Receive, send: Send) -> None:
    asked["user_id"] = "alice"
    await answer(send, 200, b"django")


def route(prefix: str, app: str, **more: Any) -> Route:
    return Route(prefix, f"{__name__}.{app}", **more)


GATE = Gate(
    [
        route("/p/", "pages", secret=True),
        route("/p/special/", "refusing"),
        route("/failing", "failing"),
        route("/late", "failing_late"),
        route("/alive", "pages", any_host=True, quiet=True),
        route("/ws/open", "open_socket", socket=True),
        route("/ws/throttled", "refusing", socket=True),
        route("/ws/broken", "failing", socket=True),
        route("/ws/late", "failing_socket", socket=True),
        route("/sent", "pages", methods=frozenset({"PATCH"})),
    ],
    inner,
)


@pytest.fixture
def lines() -> Iterator[list[MutableMapping[str, Any]]]:
    """What is logged meanwhile, as it was said."""
    with heard() as said:
        yield said


def test_a_path_goes_to_the_app_of_its_prefix() -> None:
    assert answered(GATE, scope("/p/abc")).body == b"a page"


def test_an_app_of_some_methods_leaves_the_others_to_django() -> None:
    assert answered(GATE, scope("/sent", "PATCH")).body == b"a page"
    assert answered(GATE, scope("/sent", "GET")).body == b"django"


def test_the_longest_prefix_wins() -> None:
    assert answered(GATE, scope("/p/special/abc")).status == 429


def test_everything_else_goes_inside() -> None:
    assert answered(GATE, scope("/library")).body == b"django"


def test_a_refusal_is_a_problem_document() -> None:
    told = answered(GATE, scope("/p/special/abc"))
    assert told.headers["content-type"] == "application/problem+json"
    assert told.headers["retry-after"] == "7"
    assert told.json["code"] == "throttled"
    assert told.json["request_id"] == told.headers["x-request-id"]


def test_a_fault_of_ours_tells_nothing_of_itself() -> None:
    told = answered(GATE, scope("/failing"))
    assert told.status == 500
    assert b"secret" not in told.body


def test_a_fault_after_the_answer_began_ends_it() -> None:
    assert answered(GATE, scope("/late")).status == 200


def test_each_request_gets_an_id() -> None:
    first, second = (answered(GATE, scope("/p/abc")) for _ in range(2))
    assert re.fullmatch("[0-9a-f]{32}", first.headers["x-request-id"])
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


def test_an_id_that_came_along_is_kept() -> None:
    told = answered(GATE, scope("/p/abc", x_request_id="from-the-proxy-1"))
    assert told.headers["x-request-id"] == "from-the-proxy-1"


@pytest.mark.parametrize("odd", ["", "short", "x" * 65, "two words here", "a;b=c&d<e>12"])
def test_an_id_that_makes_no_sense_is_not_kept(odd: str) -> None:
    told = answered(GATE, scope("/p/abc", x_request_id=odd))
    assert told.headers["x-request-id"] != odd


def test_a_host_that_is_not_ours_is_refused() -> None:
    assert answered(GATE, scope("/p/abc", host="evil.example")).json["code"] == "bad_host"


def test_health_is_told_under_any_name() -> None:
    assert answered(GATE, scope("/alive", host="10.0.0.7:5473")).status == 200


def called(path: str, **headers: str) -> list[dict[str, Any]]:
    """What a WebSocket to this path is told."""
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        said.append(message)

    asyncio.run(GATE(scope(path, **headers) | {"type": "websocket"}, receive, send))
    return said


def test_a_socket_to_nowhere_is_closed() -> None:
    assert called("/ws/nothing") == [{"type": "websocket.close", "code": 4404}]
    assert called("/p/abc") == [{"type": "websocket.close", "code": 4404}]


@pytest.mark.parametrize(
    ("path", "host", "code", "reason"),
    [
        ("/ws/open", "evil.example", 1008, "bad_host"),
        ("/ws/throttled", "localhost", 1013, "throttled"),
        ("/ws/broken", "localhost", 1011, "internal_error"),
    ],
)
def test_a_socket_that_is_refused_is_opened_first_and_told_why(
    path: str, host: str, code: int, reason: str
) -> None:
    assert called(path, host=host) == [
        {"type": "websocket.accept"},
        {"type": "websocket.close", "code": code, "reason": reason},
    ]


def test_a_socket_that_breaks_later_is_closed() -> None:
    said = called("/ws/late")
    assert [message["type"] for message in said] == ["websocket.accept", "websocket.close"]


def test_one_line_tells_of_each_socket(lines: list[MutableMapping[str, Any]]) -> None:
    called("/ws/open?ticket=very-secret")
    called("/ws/throttled?ticket=very-secret")
    assert [(line["event"], line["path"], line["code"]) for line in lines] == [
        ("socket", "/ws/open", 1000),
        ("socket", "/ws/throttled", 1013),
    ]
    assert "very-secret" not in str(lines)


def test_a_page_cannot_be_asked_of_a_socket() -> None:
    assert answered(GATE, scope("/ws/open")).body == b"django"


def test_the_server_is_told_that_we_are_ready_and_that_we_are_done() -> None:
    coming = iter(["lifespan.startup", "lifespan.shutdown"])
    said = []

    async def receive() -> dict[str, str]:
        return {"type": next(coming)}

    async def send(message: dict[str, str]) -> None:
        said.append(message["type"])

    asyncio.run(GATE({"type": "lifespan"}, receive, send))  # type: ignore[arg-type]
    assert said == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_what_does_not_exist_raises_when_the_gate_is_built() -> None:
    with pytest.raises(ImportError):
        Gate([Route("/x", "kiremisu.nothing.app")], inner)


def test_one_line_tells_of_each_request(lines: list[MutableMapping[str, Any]]) -> None:
    told = answered(GATE, scope("/library?token=abc", method="POST"))
    (line,) = lines
    assert line["event"] == "request"
    assert (line["method"], line["path"], line["status"]) == ("POST", "/library", 200)
    assert (line["user"], line["request_id"]) == ("alice", told.headers["x-request-id"])


def test_what_a_link_carries_stays_out_of_the_log(lines: list[MutableMapping[str, Any]]) -> None:
    answered(GATE, scope("/p/very-secret"))
    assert lines[0]["path"] == "/p/…"


def test_health_makes_no_noise(lines: list[MutableMapping[str, Any]]) -> None:
    answered(GATE, scope("/alive"))
    assert lines[0]["log_level"] == "debug"


def test_a_route_that_is_no_folder_is_that_one_path() -> None:
    assert answered(GATE, scope("/alive")).body == b"a page"
    assert answered(GATE, scope("/alive-and-well")).body == b"django"
