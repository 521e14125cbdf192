"""The small MangaDex as a server on a free port of this machine, in threads of this process."""

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.upstream.answering import Answer, Query, answer
from tests.upstream.catalogue import Catalogue
from tests.upstream.faults import Fault, Faults

_HELD = 60.0  # seconds after which nothing is held back any more


@dataclass(frozen=True)
class Asked:
    """A request as it came: `at` by this process's monotonic clock."""

    at: float
    path: str
    query: Query
    headers: Mapping[str, str]


class Upstream:
    """The running server: what it knows, what it was asked, what is to go wrong.

    `most`: how many requests it takes in one second before it answers 429 by itself.
    """

    def __init__(self, most: int = 0) -> None:
        self.catalogue, self.faults = Catalogue(), Faults()
        self.asked: list[Asked] = []
        self.most = most
        self.dripped = 0
        self._guard = threading.Lock()
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.upstream = self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def note(self, path: str, query: Query, headers: Mapping[str, str]) -> bool:
        """Write down that this was asked; whether it is one too many for now."""
        with self._guard:
            at = time.monotonic()
            self.asked.append(Asked(at, path, query, headers))
            return 0 < self.most < sum(each.at > at - 1 for each in self.asked[-self.most - 1 :])

    def busiest(self, seconds: float = 1.0) -> int:
        """The most requests that came within any stretch of so many seconds."""
        times = sorted(each.at for each in self.asked)
        first, most = 0, 0
        for last, at in enumerate(times):
            while at - times[first] >= seconds:
                first += 1
            most = max(most, last - first + 1)
        return most

    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [each.path for each in self.asked]


@contextmanager
def serving(most: int = 0) -> Iterator[Upstream]:
    """A server until the end of the block."""
    upstream = Upstream(most)
    thread = threading.Thread(target=upstream.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield upstream
    finally:
        upstream.faults.let_go()
        upstream.server.shutdown()
        upstream.server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Connections are kept open by who asks; the end of a test waits for none of them.
    block_on_close = False
    request_queue_size = 128
    upstream: Upstream


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body are sent apart: without this each answer waits for the other side's word.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        upstream: Upstream = self.server.upstream  # type: ignore[attr-defined] # ours, above
        parts = urlsplit(self.path)
        query = Query(parse_qsl(parts.query, keep_blank_values=True))
        too_many = upstream.note(parts.path, query, dict(self.headers.items()))
        fault = upstream.faults.next_for(parts.path) or Fault()
        if fault.is_held:
            upstream.faults.gate.wait(_HELD)
        if fault.resets:
            self.close_connection = True
            return
        with suppress(OSError):  # who asked may have had enough
            self._tell(self._told(upstream, parts.path, query, fault, too_many), fault)

    def _told(
        self, upstream: Upstream, path: str, query: Query, fault: Fault, too_many: bool
    ) -> Answer:
        if fault.status is not None:
            return Answer(fault.status, fault.body, fault.kind)
        if too_many:
            return Answer(429, b'{"result":"error","errors":[]}')
        if "User-Agent" not in self.headers or "Via" in self.headers:
            return Answer(400, b'{"result":"error","errors":[]}')
        return answer(upstream.catalogue, path, query)

    def _tell(self, told: Answer, fault: Fault) -> None:
        length = "" if fault.endless else f"Content-Length: {len(told.body)}\r\n"
        own = "".join(f"{name}: {value}\r\n" for name, value in fault.headers.items())
        head = f"HTTP/1.1 {told.status} Told\r\nContent-Type: {told.kind}\r\n{length}{own}\r\n"
        if fault.drips:
            at_once = b"" if fault.drips_head else head.encode()
            self.wfile.write(at_once)
            self._drip((head.encode() + told.body)[len(at_once) :], fault.drips)
            return
        self.wfile.write(head.encode() + told.body[: fault.cut])
        while fault.endless:
            self.wfile.write(told.body)
        self.close_connection = fault.cut is not None
        if self.close_connection:
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

    def _drip(self, told: bytes, each: float) -> None:
        upstream: Upstream = self.server.upstream  # type: ignore[attr-defined] # ours, above
        for at in range(len(told)):
            self.wfile.write(told[at : at + 1])
            upstream.dripped += 1
            if upstream.faults.gate.wait(each):
                return

    def log_message(self, *_: Any) -> None:
        """Nothing: `Upstream.asked` has it."""
