"""Processes that do not outlive the one that started them, and what they do when told to stop."""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from types import FrameType

_PR_SET_PDEATHSIG = 1
# Between our own processes; no setting.
_STARTER = "_KIREMISU_STARTED_BY"
_LINUX = sys.platform == "linux"
# Loaded at import: between fork and exec nothing may be loaded any more.
_libc = ctypes.CDLL(None, use_errno=True) if _LINUX else None


def die_with_parent(number: int = signal.SIGKILL, parent: int | None = None) -> None:
    """Ask the kernel to send this process signal `number` when its parent is gone.

    Linux watches the *thread* that started this process, so start it from one that lives
    as long as its process does. A change of credentials clears the wish: call this after.
    `parent` is the process this one was started by, where the caller knows it: when that
    one is gone already, this process ends at once. Elsewhere a thread looks each second.
    """
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
        if parent is not None and os.getppid() != parent:
            os.kill(os.getpid(), number)
    else:
        watch = threading.Thread(target=_watch, args=(parent or os.getppid(), number), daemon=True)
        watch.start()


def forks_die_with_parent() -> None:
    """From now on every `os.fork` of this process, and of those forks, dies with its parent."""
    os.register_at_fork(before=_remember_self, after_in_child=_follow_parent)


def die_with_starter() -> None:
    """Die with the parent, if it is one of ours that said so by `be_starter`; at once, if that
    one is gone already."""
    # Taken away, so that it says nothing to those whom we start.
    parent = os.environ.pop(_STARTER, None)
    if parent is not None:
        die_with_parent(parent=int(parent))


def be_starter() -> None:
    """Let those we start from now on know that they are ours (see `die_with_starter`)."""
    os.environ[_STARTER] = str(os.getpid())


def when_told_to_stop(call: Callable[[], object]) -> None:
    """Have `call` called in the main thread at SIGTERM or SIGINT, before whoever handles that
    now. Nothing where nobody does: the signal then ends the process."""
    for number in (signal.SIGTERM, signal.SIGINT):
        known = signal.getsignal(number)
        if callable(known):
            # An event loop is told of a signal on a way of its own, which stays.
            signal.signal(number, partial(_both, call, known))


def _both(
    call: Callable[[], object],
    known: Callable[[int, FrameType | None], object],
    number: int,
    frame: FrameType | None,
) -> None:
    call()
    known(number, frame)


_self = 0


def _remember_self() -> None:
    global _self  # noqa: PLW0603 - what a fork inherits
    _self = os.getpid()


def _follow_parent() -> None:
    die_with_parent(parent=_self)


def _watch(parent: int, number: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), number)
