"""Processes as one tells of them."""

from datetime import UTC, datetime

import psutil


def name_of(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return "gone"


def parent_of(process: psutil.Process) -> int:
    """Its parent's id; its own where it is gone, which is nobody's orphan."""
    try:
        return process.ppid()
    except psutil.Error:
        return process.pid


def about(process: psutil.Process) -> str:
    """A process in words: who it is, whose child, what it does, since when, its last words."""
    try:
        with process.oneshot():
            began = f"{datetime.fromtimestamp(process.create_time(), UTC):%H:%M:%S.%f}"
            return (
                f"{process.pid} of {process.ppid()}, {process.status()}, since {began}: "
                f"{name_of(process)}"
            )
    except psutil.Error:
        return f"{process.pid}, gone while we looked"
