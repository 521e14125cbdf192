"""Prism (the npm package @stoplight/prism-cli): a server made of the official description alone.

It looks neither at ids nor at paging, keeps nothing, and makes answers up where it is told to.
"""

import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import which

from django.utils import timezone

from kiremisu.lib.errors import Refused
from metadata.models import Upstream
from metadata.providers.mangadex import MangaDex

PRISM = which("prism")
KEY = "d86cf65b-5f6c-437d-a0af-19a31f94ec55"


@contextmanager
def prism(program: str, description: Path, *, at_random: bool) -> Iterator[str]:
    """Prism on a free port until the end of the block; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    how = ["-d"] if at_random else []
    process = subprocess.Popen(
        [program, "mock", *how, "-h", "127.0.0.1", "-p", str(port), str(description)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise TimeoutError("Prism did not start.")


def questions(client: MangaDex) -> list[Callable[[], object]]:
    """Everything that can be asked, once."""
    return [
        lambda: client.search("salt road"),
        lambda: client.one(KEY),
        lambda: client.many([KEY]),
        lambda: client.feed(KEY, ["en", "es-419"]),
        lambda: client.outline(KEY),
        lambda: client.covers([KEY]),
        client.tags,
        lambda: client.esteem([KEY]),
    ]


def ask(times: int) -> Counter[str]:
    """The outcomes of so many questions; what is no refusal of ours begins with "fault"."""
    found: Counter[str] = Counter()
    while found.total() < times:
        # Nothing that was told counts, nobody is left alone.
        Upstream.objects.all().delete()
        for question in questions(MangaDex(since=timezone.now())):
            try:
                question()
                found["answered"] += 1
            except Refused as refused:
                found[refused.code] += 1
            except Exception as error:  # noqa: BLE001 - what this looks for
                found[f"fault {type(error).__name__}: {error}"[:300]] += 1
    return found
