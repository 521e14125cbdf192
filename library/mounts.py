"""What kind of file system a folder lies on, as the kernel tells it (mountinfo, proc(5))."""

import re
from collections.abc import Iterable
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
_FAR = ("nfs", "cifs", "smb", "9p", "afs", "ceph", "gluster", "fuse", "virtiofs", "vboxsf")
# Blanks and the like stand as octal numbers there.
_ESCAPED = re.compile(r"\\([0-7]{3})")


def is_far_away(path: str, mounts: Iterable[str] | None = None) -> bool:
    """Whether a folder or file lies on a file system of another machine, or on one made by a
    program: the kernel tells of no changes there, and any look at it may take long. `mounts`: the
    lines of mountinfo."""
    if mounts is None:
        mounts = (
            _MOUNTS.read_text(errors="surrogateescape").splitlines() if _MOUNTS.exists() else ()
        )
    best, kind = "", ""
    for line in mounts:
        before, _, after = line.partition(" - ")
        place = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), before.split()[4])
        is_above = place == "/" or f"{path}/".startswith(f"{place}/")
        if is_above and len(place) >= len(best):
            best, kind = place, after.split()[0]
    return kind.startswith(_FAR)
