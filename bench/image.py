"""The steps of the Dockerfile without an engine: does the image's server start and stop?

    bench/image.py [FOLDER]

A copy of what .dockerignore lets through, a virtual environment of its own without the tools
for developers, a tree that cannot be written, an ordinary user with a home of its own (where
this runs as root). Starts `up` there twice, asks /readyz, stops it. Prints one JSON line. The
watchdog stands beside the copy; fails when one callback held the event loop for over 50 ms.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.watchdog import APP, watching  # noqa: E402 (path set above)

SOMEBODY = 1000


def let_through() -> list[str]:
    """The names after the "!" of .dockerignore."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    return [line[1:].rstrip("/") for line in lines if line.startswith("!")]


def build(app: Path) -> None:
    app.mkdir()
    for name in let_through():
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, app / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, app / name)
    # The interpreter too: the one here may lie where only root may look.
    shutil.copytree(sys.base_prefix, app / ".python", symlinks=True)
    environment = os.environ | {
        "UV_LINK_MODE": "copy",
        "UV_PROJECT_ENVIRONMENT": str(app / ".venv"),
    }
    environment["LD_LIBRARY_PATH"] = str(app / ".python/lib")
    environment.pop("VIRTUAL_ENV", None)
    python = str(app / f".python/bin/python{sys.version_info[0]}.{sys.version_info[1]}")
    subprocess.run(
        [
            *(shutil.which("uv") or "uv", "sync", "--quiet", "--no-dev", "--no-install-project"),
            *("--compile-bytecode", "--python", python),
        ],
        cwd=app,
        env=environment,
        check=True,
    )
    for place, folders, files in os.walk(app):
        for name in (*folders, *files):
            path = Path(place, name)
            if not path.is_symlink():
                path.chmod((path.stat().st_mode | 0o444 | (0o111 if path.is_dir() else 0)) & ~0o222)
    app.chmod(0o555)


def put_watchdog(beside: Path) -> None:
    """The image has no tests: what APP names is copied."""
    (beside / "tests").mkdir(parents=True)
    for name in ("__init__.py", "watchdog.py", "watched.py"):
        shutil.copy(ROOT / "tests" / name, beside / "tests")


class Container:
    """One start of the image's command."""

    def __init__(
        self, app: Path, data: Path, folder: Path, log: Path, told: dict[str, str]
    ) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.began = time.monotonic()
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [
                    *(app / ".venv/bin/python", "manage.py", "up", "--host", "0.0.0.0"),
                    *("--port", str(self.port), "--app", APP, str(folder)),
                ],
                cwd=app,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                user=SOMEBODY if os.getuid() == 0 else None,
                group=SOMEBODY if os.getuid() == 0 else None,
                extra_groups=[] if os.getuid() == 0 else None,
                env={
                    "PATH": f"{app}/.venv/bin:/usr/bin:/bin",
                    "HOME": str(data),
                    "LD_LIBRARY_PATH": str(app / ".python/lib"),
                    "PYTHONDONTWRITEBYTECODE": "1",
                    "KIREMISU_DATA_DIR": str(data),
                    "KIREMISU_ENRICH": "no",
                    **told,
                },
            )

    def is_ready(self) -> bool:
        if self.process.poll() is not None:
            raise SystemExit("The server ended while it was starting.")
        with suppress(OSError):
            address = f"http://127.0.0.1:{self.port}/readyz"
            return bool(urllib.request.urlopen(address, timeout=5).status == 200)
        return False

    def seconds_to_ready(self, patience: float = 180) -> float:
        until(self.is_ready, patience)
        return round(time.monotonic() - self.began, 1)

    def seconds_to_stop(self) -> float:
        began = time.monotonic()
        self.process.terminate()
        self.process.wait(30)
        return round(time.monotonic() - began, 1)


def until(is_so: Callable[[], bool], patience: float) -> None:
    deadline = time.monotonic() + patience
    while not is_so():
        if time.monotonic() > deadline:
            raise SystemExit("Waited in vain.")
        time.sleep(0.1)


def main() -> None:
    work = Path(tempfile.mkdtemp(prefix="kiremisu-image-"))
    work.chmod(0o755)
    app, data, log = work / "app", work / "data", work / "server.log"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else work / "library"
    folder.mkdir(exist_ok=True)
    data.mkdir()
    if os.getuid() == 0:
        os.chown(data, SOMEBODY, SOMEBODY)
    try:
        build(app)
        put_watchdog(work / "beside")
        found: dict[str, object] = {"bench": "image"}
        with watching() as told:
            told["PYTHONPATH"] = str(work / "beside")
            for start in ("first", "second"):
                container = Container(app, data, folder, log, told)
                try:
                    found[f"{start}_start"] = container.seconds_to_ready()
                    found[f"{start}_stop"] = container.seconds_to_stop()
                finally:
                    container.process.kill()
                    container.process.wait()
        print(json.dumps(found))
    except BaseException:
        if log.exists():
            sys.stderr.write(log.read_text(errors="replace")[-4000:])
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
