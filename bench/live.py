"""How a thousand live connections fare on one server process.

    bench/live.py [--connections 1000] [--people 50] [--events 40]

Starts a server on a database of its own and opens so many connections, half of them Server-Sent
Events and half WebSockets, of so many people. Says how much more memory the process takes, how
long it is until an event has reached all, whether a stranger's reached anybody, and whether those
whose connection is cut, again and again while 200 events pass, miss one once they came back.
Client, server and database share this machine. Prints a table and, last, one JSON line.
"""

# ruff: noqa: PLC0415 - imported once Django is set up

import argparse
import asyncio
import base64
import json
import os
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, override
from uuid import UUID, uuid4

import django
import psutil
from serving import server

PASSING, CUT_AGAIN = 200, 0.15  # events; the chance of a cut, each 50 ms
_ID = re.compile(rb'(?:^id: |"id":")([0-9a-f]{8}-\d+)(?:"|$)', re.MULTILINE)
_MARK = re.compile(rb'"mark":(\d+)')
_TOPICS = ["job", "library", "progress", "series"]


class Line(asyncio.Protocol):
    """One live connection: the marks it heard, and the id to go on from."""

    def __init__(self, person: int, token: str, port: int, *, is_socket: bool) -> None:
        self.person, self.token, self.port, self.is_socket = person, token, port, is_socket
        self.marks: list[int] = []
        self.resyncs = 0
        self.last = ""
        self.told = asyncio.Event()
        self.transport: asyncio.Transport | None = None
        self._arrived = b""

    async def open(self) -> None:
        self.told.clear()
        self._arrived = b""
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self, "127.0.0.1", self.port)
        await asyncio.wait_for(self.told.wait(), 60)

    def cut(self) -> None:
        assert self.transport
        self.transport.abort()
        self.transport = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        head = f"Host: 127.0.0.1\r\nAuthorization: Bearer {self.token}\r\n"
        if self.is_socket:
            key = base64.b64encode(os.urandom(16)).decode()
            head += "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            transport.write(
                f"GET /ws/events HTTP/1.1\r\n{head}Sec-WebSocket-Key: {key}\r\n\r\n".encode()
            )
            asked = {"type": "subscribe", "topics": _TOPICS, "since": self.last}
            text = json.dumps(asked).encode()
            transport.write(b"\x81\xfe" + len(text).to_bytes(2) + b"\0\0\0\0" + text)
        else:
            since = f"Last-Event-ID: {self.last}\r\n" if self.last else ""
            transport.write(f"GET /api/v1/events HTTP/1.1\r\n{head}{since}\r\n".encode())

    @override
    def data_received(self, data: bytes) -> None:
        self._arrived += data
        # What is whole: up to the end of an event, or the brace that ends a message.
        end = self._arrived.rfind(b"}" if self.is_socket else b"\n\n") + 1
        whole, self._arrived = self._arrived[:end], self._arrived[end:]
        self.resyncs += whole.count(b"resync")
        self.marks += map(int, _MARK.findall(whole))
        if b'"hello"' in whole and self.last:
            whole = whole[whole.index(b"}") + 1 :]
        self.last = (_ID.findall(whole) or [self.last.encode()])[-1].decode()
        if (b"subscribed" if self.is_socket else b"retry:") in whole:
            self.told.set()


def people_of(count: int) -> tuple[list[Any], list[str], UUID, list[UUID], UUID]:
    """So many people and their tokens; a library for all, many for five of them, one for none."""
    from django.core.management import call_command
    from rest_framework_simplejwt.tokens import AccessToken

    from kiremisu.accounts.models import User
    from library.models import Access, Library

    call_command("migrate", verbosity=0)
    people = [User.objects.create(username=f"reader {n}", password="!") for n in range(count)]
    shared = Library.objects.create(name="all", root="/srv/all").pk
    secret = Library.objects.create(name="none", root="/srv/none", open_to_all=False).pk
    # One for each event that passes: two of one library at once are told as the later one.
    few = [
        Library.objects.create(name="few", root=f"/srv/few/{n}", open_to_all=False)
        for n in range(PASSING)
    ]
    Access.objects.bulk_create(
        Access(library=library, user=person) for library in few for person in people[:5]
    )
    tokens = [str(AccessToken.for_user(person)) for person in people]
    return people, tokens, shared, [library.pk for library in few], secret


def memory() -> float:
    """MiB that the server's processes hold for themselves."""
    mine = psutil.Process().children(recursive=True)
    web = [one for one in mine if "kiremisu.server.web" in " ".join(one.cmdline())]
    both = {each for one in web for each in (one, *one.children(recursive=True))}
    return float(sum(each.memory_full_info().uss for each in both)) / (1 << 20)


async def until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.perf_counter() + seconds
    while not is_so():
        if time.perf_counter() > deadline:
            raise TimeoutError("waited in vain")
        await asyncio.sleep(0.002)


async def say(topic: str, subject: UUID, mark: int, only: UUID | None = None) -> None:
    from django.db import close_old_connections

    from kiremisu.lib.notices import announce

    def speak() -> None:
        close_old_connections()
        announce(topic, subject, only=only, mark=mark)

    await asyncio.to_thread(speak)


async def reach_all(lines: list[Line], shared: UUID, events: int) -> list[float]:
    """Milliseconds from each event until the last connection had it."""
    times = []
    for mark in range(events):
        began = time.perf_counter()
        await say("library", shared, mark)
        await until(lambda mark=mark: all(mark in line.marks[-1:] for line in lines))  # type: ignore[misc]
        times.append((time.perf_counter() - began) * 1000)
    return times


async def strangers(lines: list[Line], secret: UUID, shared: UUID, person: UUID) -> int:
    """How many connections heard what is not theirs; a place of the first person, too."""
    for mark in range(1000, 1020):
        await say("library", secret, mark)
        await say("progress", uuid4(), mark + 1000, only=person)
    await say("library", shared, 9999)
    await until(lambda: all(9999 in line.marks for line in lines))
    own = [line for line in lines if line.person == 0]
    assert all(set(range(2000, 2020)) <= set(line.marks) for line in own)
    return sum(
        any(1000 <= mark < 1020 or (2000 <= mark < 2020 and line.person) for mark in line.marks)
        for line in lines
    )


async def lost(lines: list[Line], few: list[UUID]) -> tuple[int, int]:
    """How often connections of the first five people were cut while events passed, and how many
    events any of them did not get."""
    theirs, chance, cuts = [line for line in lines if line.person < 5], random.Random(1), 0
    is_over = asyncio.Event()

    async def cut_and_return(line: Line) -> int:
        times = 0
        while not is_over.is_set():
            await asyncio.sleep(0.05)
            if chance.random() < CUT_AGAIN:
                line.cut()
                await asyncio.sleep(chance.random() / 2)
                await line.open()
                times += 1
        return times

    cutting = [asyncio.create_task(cut_and_return(line)) for line in theirs]
    wanted = range(10_000, 10_000 + PASSING)
    for mark, library in zip(wanted, few, strict=True):
        await say("library", library, mark)
        await asyncio.sleep(0.05)
    is_over.set()
    cuts = sum(await asyncio.gather(*cutting))
    await asyncio.sleep(2)
    return cuts, sum(len(set(wanted) - set(line.marks)) for line in theirs)


async def measured(port: int, asked: argparse.Namespace, known: Any) -> dict[str, Any]:
    people, tokens, shared, few, secret = known
    lines = [
        Line(
            n % asked.people, tokens[n % asked.people], port, is_socket=bool(n // asked.people % 2)
        )
        for n in range(asked.connections)
    ]
    first, rest = lines[:2], lines[2:]
    for line in first:
        await line.open()
    await reach_all(first, shared, 3)
    before, began = memory(), time.perf_counter()
    gate = asyncio.Semaphore(50)

    async def open_one(line: Line) -> None:
        async with gate:
            await line.open()

    await asyncio.gather(*map(open_one, rest))
    opened = time.perf_counter() - began
    times = await reach_all(lines, shared, asked.events)
    after = memory()
    heard = await strangers(lines, secret, shared, people[0].pk)
    cuts, missing = await lost(lines, few)
    assert not sum(line.resyncs for line in lines), "somebody was told to load again"
    return {
        "connections": len(lines),
        "opened in s": round(opened, 1),
        "memory before, MiB": round(before, 1),
        "memory more, MiB": round(after - before, 1),
        "reached all, median ms": round(statistics.median(times), 1),
        "reached all, worst ms": round(max(times), 1),
        "strangers' events heard": heard,
        "cuts": cuts,
        "events missed after cuts": missing,
        "memory at the end, MiB": round(memory(), 1),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--connections", type=int, default=1000)
    options.add_argument("--people", type=int, default=50)
    options.add_argument("--events", type=int, default=40)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "kiremisu.settings",
            "KIREMISU_DATA_DIR": folder,
            "KIREMISU_LOG_LEVEL": "error",
            "DATABASE_URL": "",
        }
        django.setup()
        from kiremisu.server import embedded
        from kiremisu.server.web import files

        files()
        with embedded.hold(Path(folder)):
            known = people_of(asked.people)
            with server() as port:
                found = asyncio.run(measured(port, asked, known))
    for name, value in found.items():
        print(f"{name:28}{value:>10}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
