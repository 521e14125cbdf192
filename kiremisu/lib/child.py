"""The first moments of a bounded child process (see `kiremisu.lib.children`).

    python -m kiremisu.lib.child MEMORY PARENT PROGRAM ARGUMENT …

It imports next to nothing: some archives need one such child a page.
"""

import os
import resource
import sys

from kiremisu.lib.processes import die_with_parent


def bound(memory: int, parent: int) -> None:
    """Limits on this process and all it starts; it writes no file and dies with `parent`."""
    die_with_parent(parent=parent)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.platform == "linux":  # elsewhere the kernel refuses
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def main(arguments: list[str]) -> None:
    """Bound this process, then become the program."""
    memory, parent, *program = arguments
    bound(int(memory), int(parent))
    os.execv(program[0], program)  # noqa: S606 – an argument list, no shell


if __name__ == "__main__":
    main(sys.argv[1:])
