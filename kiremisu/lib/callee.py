"""The other side of `kiremisu.lib.children.Worker`: a bounded child that answers calls.

    python -m kiremisu.lib.callee MEMORY PARENT IDLE_SECONDS [MODULE]

It imports MODULE, says `READY` on standard output, and answers the calls that come on
standard input until that ends or stays idle. A call is a length (4 bytes) and
the JSON of ["module:function", [arguments]]; the answer is a length, a kind (`ANSWER` or
`REFUSAL`) and bytes. Any other failure ends the process.
"""

import importlib
import json
import os
import select
import sys
from collections.abc import Callable

from kiremisu.lib.child import bound
from kiremisu.lib.errors import Unreadable

ANSWER, REFUSAL, READY = b"\0", b"\1", b"\2"


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
    """Bound this process, then serve standard input."""
    memory, parent, idle, *modules = arguments
    bound(int(memory), int(parent))
    # What a library prints must not get between the answers.
    answers = os.dup(1)
    os.dup2(2, 1)
    for module in modules:
        importlib.import_module(module)
    _given(answers, READY)
    serve(0, answers, float(idle))


if __name__ == "__main__":
    main(sys.argv[1:])
