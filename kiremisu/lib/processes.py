"""Processes that do not outlive the one that started them."""

import ctypes
import os
import select
import signal
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1
_WISH = "KIREMISU_STOP_PIPE"
_STARTER = "KIREMISU_STARTED_BY"
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
    parents: list[int] = []
    os.register_at_fork(
        before=lambda: parents.append(os.getpid()),
        after_in_parent=parents.clear,
        after_in_child=lambda: die_with_parent(parent=parents.pop()),
    )


def die_with_starter() -> None:
    """Die with the parent, if it is one of ours that said so by `be_starter`."""
    parent = os.environ.get(_STARTER)
    if parent == str(os.getppid()):
        die_with_parent(parent=int(parent))


def be_starter() -> None:
    """Let those we start from now on know that they are ours (see `die_with_starter`)."""
    os.environ[_STARTER] = str(os.getpid())


class Wish:
    """The wish of one process that all it started come to a good end, told through a pipe.

    It is also told when that process dies.
    """

    def __init__(self) -> None:
        self.heard_through, self._told_through = os.pipe()
        os.set_inheritable(self.heard_through, True)
        os.environ[_WISH] = str(self.heard_through)

    def tell(self) -> None:
        if self._told_through >= 0:
            os.close(self._told_through)
            self._told_through = -1


def asked_to_stop() -> bool:
    """Whether long work should end at the next good place, because the server stops."""
    pipe = os.environ.get(_WISH)
    if pipe is None:
        return False
    # Nothing is ever written: readable means closed at the other end.
    return bool(select.select([int(pipe)], [], [], 0)[0])


def _watch(parent: int, number: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), number)
