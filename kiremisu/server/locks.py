"""Locks on files of the data folder: the kernel lets them go when their process dies."""

import fcntl
import os
from pathlib import Path

CLUSTERS = ("default", "metadata")


def open_lock(path: Path) -> int:
    """A descriptor to lock, not inherited by programs that are started."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def take(path: Path) -> int | None:
    """Lock this file for as long as the descriptor stays open; None when somebody has it."""
    lock = open_lock(path)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)
    return lock


def taken_by(path: Path) -> int | None:
    """The process that has this file locked; None when nobody has."""
    lock = open_lock(path)
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return int(os.pread(lock, 20, 0) or b"0")
    else:
        return None
    finally:
        os.close(lock)


def clusters_live(data_dir: Path) -> bool:
    """Whether every job cluster of this data folder has a process."""
    return all(taken_by(data_dir / f"{name}.cluster") is not None for name in CLUSTERS)
