"""What runs inside a bounded child process (see `kiremisu.lib.children`).

    python -m kiremisu.lib.child MEMORY PARENT run PROGRAM ARGUMENT …
    python -m kiremisu.lib.child MEMORY PARENT serve IDLE_SECONDS

`serve` answers calls on standard input until that ends or stays idle. A call is a length
(4 bytes) and the JSON of ["module:function", [arguments]]; the answer is a length, a kind
(`ANSWER` or `REFUSAL`) and bytes. Any other failure ends the process.
"""

import importlib
import json
import os
import resource
import select
import sys
from collections.abc import Callable

from kiremisu.lib.errors import Unreadable
from kiremisu.lib.processes import die_with_parent

ANSWER, REFUSAL = b"\0", b"\1"


def bound(memory: int, parent: int) -> None:
    """Limits on this process and all it starts; it writes no file and dies with `parent`."""
    die_with_parent(parent=parent)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def answer(call: bytes) -> tuple[bytes, bytes]:
    """Do one call: the kind of the answer, and the answer."""
    target, arguments = json.loads(call)
    try:
        return ANSWER, _found(target)(*arguments)
    except Unreadable as refusal:
        return REFUSAL, json.dumps([refusal.code, refusal.detail]).encode()


def _found(target: str) -> Callable[..., bytes]:
    module, _, name = target.partition(":")
    function: Callable[..., bytes] = getattr(importlib.import_module(module), name)
    return function


def serve(calls: int, answers: int, idle: float) -> None:
    """Answer calls from one descriptor on the other until the end of input, or idle too long."""
    while select.select([calls], [], [], idle)[0]:
        head = _taken(calls, 4)
        if len(head) < 4:
            return
        kind, made = answer(_taken(calls, int.from_bytes(head, "big")))
        _given(answers, len(made).to_bytes(4, "big") + kind + made)


def _taken(descriptor: int, length: int) -> bytes:
    taken = b""
    while len(taken) < length:
        more = os.read(descriptor, length - len(taken))
        if not more:
            break
        taken += more
    return taken


def _given(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def main(arguments: list[str]) -> None:
    memory, parent, mode, *rest = arguments
    bound(int(memory), int(parent))
    if mode == "run":
        os.execv(rest[0], rest)  # noqa: S606 – an argument list, no shell
    # What a library prints must not get between the answers.
    answers = os.dup(1)
    os.dup2(2, 1)
    serve(0, answers, float(rest[0]))


if __name__ == "__main__":
    main(sys.argv[1:])
