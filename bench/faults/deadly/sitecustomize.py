"""On the path of a process: whoever opens a file "… deadly.cbz" dies of it."""

import os
import signal
import sys


def _look(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and str(arguments[0]).endswith("deadly.cbz"):
        os.kill(os.getpid(), signal.SIGKILL)


sys.addaudithook(_look)
