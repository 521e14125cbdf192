"""Bounded child processes: limited memory, time and output; they die with their parent.

A fresh interpreter each (no fork): the parent may have threads and database connections.
"""

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Literal

from kiremisu.lib.callee import READY, REFUSAL
from kiremisu.lib.errors import Unreadable

_ROOT = str(Path(__file__).resolve().parents[2])
_KEPT = ("PATH", "HOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME", "VIRTUAL_ENV")
_CHUNK = 1 << 20

type Reason = Literal["timed_out", "crashed", "too_much", "missing"]


class ChildFailed(Exception):
    """A child ran out of time, died, said too much, or could not be started: see `reason`."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


class Running:
    """A child's output, read until a deadline."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self.process = process
        self.until = time.monotonic() + seconds

    def read(self, length: int) -> bytes:
        """`length` bytes, or fewer at the end of the output."""
        parts, left = [], length
        while left > 0:
            part = _some(self.process.stdout, min(left, _CHUNK), self.until)
            if not part:
                break
            parts.append(part)
            left -= len(part)
        return b"".join(parts)

    def ended(self) -> int:
        """Wait for the end; the exit status, negative for a signal."""
        try:
            return self.process.wait(max(0.0, self.until - time.monotonic()))
        except subprocess.TimeoutExpired as error:
            raise ChildFailed("timed_out") from error


@contextmanager
def running(
    arguments: Sequence[str],
    *,
    seconds: float,
    memory: int,
    descriptors: Sequence[int] = (),
    with_errors: bool = False,
) -> Iterator[Running]:
    """Run a program (its full path first); it is killed on leaving.

    `descriptors` stay open in it under their numbers; `with_errors` adds what it says on
    standard error. Raises ChildFailed.
    """
    process = _started(
        ["-S", "-m", "kiremisu.lib.child"],  # site is slow, and not needed to exec
        [str(memory), str(os.getpid()), *arguments],
        subprocess.DEVNULL,
        subprocess.STDOUT if with_errors else subprocess.DEVNULL,
        descriptors,
    )
    try:
        yield Running(process, seconds)
    finally:
        _end(process)


def run_bounded(
    arguments: Sequence[str],
    *,
    seconds: float,
    memory: int,
    most: int,
    descriptors: Sequence[int] = (),
    with_errors: bool = False,
) -> tuple[int, bytes]:
    """Run a program to its end: its exit status and output of at most `most` bytes."""
    with running(
        arguments,
        seconds=seconds,
        memory=memory,
        descriptors=descriptors,
        with_errors=with_errors,
    ) as found:
        output = found.read(most + 1)
        if len(output) > most:
            raise ChildFailed("too_much")
        return found.ended(), output


class Worker:
    """A child that answers calls of Python functions, one after another.

    It is started at the first call, ends itself after `idle` seconds without one, and is
    started anew after a crash, a timeout or a fork. `module` is imported at the start, which
    has `start` seconds of its own: calls are timed from when it is ready.
    """

    def __init__(
        self, *, memory: int, most: int, module: str = "", idle: float = 60.0, start: float = 60.0
    ) -> None:
        self._memory, self._most, self._module = memory, most, module
        self._idle, self._start = idle, start
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()
        os.register_at_fork(after_in_child=self._forget)

    def call(self, target: str, *arguments: object, seconds: float) -> bytes:
        """The bytes that "module:function" returns for these arguments, which must be JSON.

        Raises the Unreadable that it raised, or ChildFailed.
        """
        body = json.dumps([target, arguments]).encode()
        message = len(body).to_bytes(4, "big") + body
        if not self._turn.acquire(timeout=seconds + self._start):
            raise ChildFailed("timed_out")
        try:
            if self._process is not None and self._process.poll() is None:
                try:
                    return self._asked(message, seconds)
                except ChildFailed as failure:
                    if failure.reason != "crashed":
                        raise  # else it may have gone idle just now: once more
            self._begin()
            return self._asked(message, seconds)
        finally:
            self._turn.release()

    def close(self) -> None:
        """End the child; a later call starts a new one."""
        process, self._process = self._process, None
        if process is not None:
            _end(process)

    def _forget(self) -> None:
        # The child belongs to the process that started it; a fork takes its own.
        self._process, self._turn = None, threading.Lock()

    def _begin(self) -> None:
        self.close()
        self._process = _started(
            ["-m", "kiremisu.lib.callee"],
            [str(self._memory), str(os.getpid()), str(self._idle), *filter(None, [self._module])],
            subprocess.PIPE,
            subprocess.DEVNULL,
        )
        try:
            _whole(self._process.stdout, len(READY), time.monotonic() + self._start)
        except ChildFailed:
            self.close()
            raise

    def _asked(self, message: bytes, seconds: float) -> bytes:
        process, until = self._process, time.monotonic() + seconds
        assert process is not None
        assert process.stdin is not None
        finished = False
        try:
            process.stdin.write(message)
            process.stdin.flush()
            kind, made = self._answer(process.stdout, until)
            finished = True
        except BrokenPipeError as error:
            raise ChildFailed("crashed") from error
        finally:
            if not finished:
                self.close()
        if kind == REFUSAL:
            code, detail = json.loads(made)
            raise Unreadable(detail, code=code)
        return made

    def _answer(self, output: IO[bytes] | None, until: float) -> tuple[bytes, bytes]:
        head = _whole(output, 5, until)
        length = int.from_bytes(head[:4], "big")
        if length > self._most:
            raise ChildFailed("too_much")
        return head[4:], _whole(output, length, until)


def _started(
    module: Sequence[str],
    arguments: Sequence[str],
    stdin: int,
    stderr: int,
    descriptors: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-B", *module, *arguments],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
            pass_fds=tuple(descriptors),
            start_new_session=True,
            cwd="/",
            env={**kept, "PYTHONPATH": _ROOT, "LC_ALL": "C.UTF-8"},
            bufsize=0,
        )
    except OSError as error:
        raise ChildFailed("missing") from error


def _some(output: IO[bytes] | None, length: int, until: float) -> bytes:
    assert output is not None
    left = until - time.monotonic()
    ready = select.poll()  # select() knows no descriptor above 1023
    ready.register(output, select.POLLIN)
    if left <= 0 or not ready.poll(left * 1000):
        raise ChildFailed("timed_out")
    return os.read(output.fileno(), length)


def _whole(output: IO[bytes] | None, length: int, until: float) -> bytes:
    found = b""
    while len(found) < length:
        part = _some(output, min(length - len(found), _CHUNK), until)
        if not part:
            raise ChildFailed("crashed")
        found += part
    return found


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the child and all it started, and take its exit status and pipes away."""
    if process.returncode is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()
    process.wait()
