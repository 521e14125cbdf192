"""A WebSocket as the least a client can be: frames by hand, so that tests can send wrong ones."""

import base64
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import orjson

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_MASK = b"\0\0\0\0"  # a client must say one; zeros leave the text as it is


class Refused(Exception):
    """The server answered the handshake with something else; `status` is that."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Socket:
    """One open WebSocket."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._arrived = b""

    def send(self, message: Any) -> None:
        """One message as JSON text."""
        self.send_frame(TEXT, orjson.dumps(message))

    def send_frame(self, kind: int, data: bytes = b"") -> None:
        size = len(data)
        if size < 126:
            length = bytes([0x80 | size])
        elif size < 1 << 16:
            length = b"\xfe" + struct.pack(">H", size)
        else:
            length = b"\xff" + struct.pack(">Q", size)
        self._connection.sendall(bytes([0x80 | kind]) + length + _MASK + data)

    def next(self) -> Any:
        """The next message; the code with which the server closed, once it did."""
        while True:
            kind, data = self._frame()
            if kind == TEXT:
                return orjson.loads(data)
            if kind == CLOSE:
                return int.from_bytes(data[:2])

    def until(self, **facts: Any) -> Any:
        """The next message that says this; a close before it fails."""
        while True:
            message = self.next()
            assert not isinstance(message, int), f"closed with {message}"
            if facts.items() <= message.items():
                return message

    def closed(self) -> tuple[int, str]:
        """The code and the reason with which the server closes, whatever it says before."""
        while True:
            kind, data = self._frame()
            if kind == CLOSE:
                return int.from_bytes(data[:2]), data[2:].decode()
            assert b'"alive"' not in data, "it stays open"

    def _frame(self) -> tuple[int, bytes]:
        first, size = self._take(2)
        if size == 126:
            size = int.from_bytes(self._take(2))
        elif size == 127:
            size = int.from_bytes(self._take(8))
        return first & 0x0F, self._take(size)

    def _take(self, size: int) -> bytes:
        while len(self._arrived) < size:
            part = self._connection.recv(1 << 16)
            if not part:
                raise EOFError("the server ended the connection without a word")
            self._arrived += part
        taken, self._arrived = self._arrived[:size], self._arrived[size:]
        return taken

    def _shake_hands(self, host: str, path: str, headers: dict[str, str]) -> None:
        told = {
            "Host": host,
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        } | headers
        lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items())]
        self._connection.sendall("\r\n".join([*lines, "", ""]).encode())
        while b"\r\n\r\n" not in self._arrived:
            part = self._connection.recv(1 << 16)
            if not part:
                raise EOFError("the server ended the connection without a word")
            self._arrived += part
        head, _, self._arrived = self._arrived.partition(b"\r\n\r\n")
        status = int(head.split()[1])
        if status != 101:
            raise Refused(status)


@contextmanager
def opened(base: str, path: str, **headers: str) -> Iterator[Socket]:
    """A WebSocket to the server at `base`; `x_api_key="…"` gives that header. Raises Refused."""
    place = urlsplit(base)
    assert place.hostname
    assert place.port
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    with socket.create_connection((place.hostname, place.port), timeout=60) as connection:
        one = Socket(connection)
        one._shake_hands(place.netloc, path, told)
        yield one
