"""Workers that misbehave. Without Django, because fresh processes import this."""

import os
import signal
from multiprocessing.connection import Connection

from library import inspection


def deadly(line: Connection, root: str, parent: int) -> None:
    """Dies of every file with a 3 in its name."""
    line.send([])
    while True:
        for found in line.recv():
            if "3" in found.path:
                os.kill(os.getpid(), signal.SIGKILL)
            line.send([inspection.inspect(root, found)])


def silent(line: Connection, root: str, parent: int) -> None:
    """Takes its files and says nothing more."""
    line.send([])
    line.recv()
    line.recv()


def stillborn(line: Connection, root: str, parent: int) -> None:
    """Is gone before it said that it is there."""
