"""The database in the data folder, for every command that needs one.

Each process that needs the database holds a shared lock on the data folder (`hold`). The
first one starts a keeper (`kiremisu.server.keeper`), whose direct child is `postgres`; the
keeper stops it when nobody holds the lock any more, also when the last one was killed.
A killed keeper takes `postgres` with it, in an orderly way.

    data folder/
        database.lock   shared: somebody needs the database; exclusive: it is being stopped
        keeper.lock     exclusive, while a keeper lives; holds its process id
        postgres/       the cluster
        postgres-run/   its socket, unless the path is too long for one
        postgres.log
"""

import fcntl
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiremisu.server.locks import open_lock, taken_by

USER = "kiremisu"
DATABASE = "kiremisu"
PATIENCE = 60.0  # seconds for a start, a recovery after a crash included

_ROOT = Path(__file__).resolve().parents[2]
# sun_path holds 108 bytes on Linux, 104 on macOS, the final NUL included.
_LONGEST_FOLDER = 103 - len("/.s.PGSQL.5432")


class CannotStart(Exception):
    """The embedded database cannot run here; the sentence says why and what to do."""


def socket_folder(data_dir: Path) -> Path:
    """Where the embedded server of this data folder listens: the HOST of its clients."""
    inside = data_dir.absolute() / "postgres-run"
    if len(os.fsencode(inside)) <= _LONGEST_FOLDER:
        return inside
    name = hashlib.blake2b(os.fsencode(inside), digest_size=10).hexdigest()
    # Not TMPDIR, which differs between shells. The keeper checks whose folder it is.
    return Path("/tmp") / f"kiremisu-{os.getuid()}-{name}"  # noqa: S108


@contextmanager
def hold(data_dir: Path, *options: str) -> Iterator[None]:
    """Have the database of this folder running inside the block.

    `options` are settings for a server that is started here, as "name=value".
    Raises CannotStart.
    """
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = open_lock(data_dir / "database.lock")
    except OSError as error:
        raise CannotStart(
            f"The data folder {data_dir} cannot be used: {error.strerror}."
        ) from error
    try:
        # Waits while a keeper that nobody needed any more stops its server.
        fcntl.flock(lock, fcntl.LOCK_SH)
        ensure(data_dir, *options)
        yield
    finally:
        # Unlocked by name: a child forked meanwhile shares the open file.
        fcntl.flock(lock, fcntl.LOCK_UN)
        os.close(lock)


def ensure(data_dir: Path, *options: str) -> None:
    """Start the database unless it runs. The caller holds it. Raises CannotStart."""
    starting = open_lock(data_dir / "starting.lock")
    try:
        fcntl.flock(starting, fcntl.LOCK_EX)
        if keeper(data_dir) is None:
            _start_keeper(data_dir, options)
    finally:
        os.close(starting)


def keeper(data_dir: Path) -> int | None:
    """The process id of this folder's keeper, None when there is none."""
    return taken_by(data_dir / "keeper.lock")


def wait_until_stopped(data_dir: Path, patience: float = 15.0) -> bool:
    """Wait for the keeper to be gone, once nobody holds the database; whether it is."""
    deadline = time.monotonic() + patience
    while keeper(data_dir) is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _start_keeper(data_dir: Path, options: tuple[str, ...]) -> None:
    with (data_dir / "postgres.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "kiremisu.server.keeper", str(data_dir.absolute()), *options],
            cwd=_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    assert process.stdout is not None
    with process.stdout as answers:
        answer = answers.readline()
    # The keeper itself is its child, and nobody's to wait for.
    process.wait()
    died = f"The embedded database ended while it was starting; see {data_dir}/postgres.log."
    report = json.loads(answer) if answer else {"error": died}
    if "error" in report:
        raise CannotStart(report["error"])
