"""Whether real clients of tus bring 200 MB over a line that is cut five times.

    bench/uploads.py [--megabytes 200] [--cuts 5]

Starts `manage.py up` on a temporary data folder and library, and a small proxy before it that
breaks every connection each time so many bytes have passed. Installs tuspy and tus-js-client by
name into a temporary folder, uploads a book with each (tuspy twice: in one stream, and in pieces
with checksums), waits until the book lies in the library and compares SHA-256. Prints what it
saw and, last, one JSON line. Needs uv, node and npm.
"""

import argparse
import asyncio
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from random import Random
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests import files  # noqa: E402 (path set above)
from tests.live import free_port  # noqa: E402
from tests.story.running import up  # noqa: E402

_CLIENTS = ("tuspy", "tuspy in pieces", "tus-js-client")
_PASSWORD = "a quiet harbour"
_MB = 1_000_000
_PAGE = 2 * _MB
_PATIENCE = 120.0  # seconds until a whole upload must lie in its library

_TUSPY = """
import sys
from tusclient.client import TusClient

address, key, file, library, piece = sys.argv[1:6]
more = {"chunk_size": int(piece), "upload_checksum": True} if int(piece) else {}
uploader = TusClient(address, headers={"X-API-Key": key}).uploader(
    file,
    metadata={"filename": file.rpartition("/")[2], "library": library, "folder": "Salt Road"},
    retries=20,
    retry_delay=1,
    **more,
)
uploader.upload()
print(uploader.url)
"""
_TUS_JS = """
const fs = require("fs")
const tus = require("tus-js-client")
const [address, key, file, library] = process.argv.slice(2)
const upload = new tus.Upload(fs.createReadStream(file), {
  endpoint: address,
  headers: { "X-API-Key": key },
  metadata: { filename: file.split("/").pop(), library, folder: "Salt Road" },
  retryDelays: [0, 500, 1000, 3000, 5000],
  onError: (error) => { console.error(String(error)); process.exit(1) },
  onSuccess: () => console.log(upload.url),
})
upload.start()
"""


class Cutting:
    """A proxy on a port of its own that breaks all its connections at the given numbers of
    bytes sent, on a thread of its own."""

    def __init__(self, target: int, cuts: list[int]) -> None:
        self.port = free_port()
        self.cut_at: list[int] = []
        self.offsets: list[int] = []
        self._target, self._waiting, self._sent = target, list(cuts), 0
        self._open: set[asyncio.StreamWriter] = set()
        self._begun = threading.Event()
        threading.Thread(target=asyncio.run, args=(self._serve(),), daemon=True).start()
        self._begun.wait()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self._begun.set()
        await server.serve_forever()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        both = {writer, far_writer}
        self._open |= both
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pass(reader, far_writer, counted=True))
                group.create_task(self._pass(far_reader, writer, counted=False))
        except* OSError:
            pass
        finally:
            for end in both:
                end.transport.abort()
            self._open -= both

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool
    ) -> None:
        while data := await reader.read(1 << 16):
            if counted:
                found = re.search(rb"^upload-offset: (\d+)", data, re.IGNORECASE | re.MULTILINE)
                if data.startswith(b"PATCH ") and found:
                    self.offsets.append(int(found[1]))
                self._sent += len(data)
            writer.write(data)
            await writer.drain()
            if counted and self._waiting and self._sent >= self._waiting[0]:
                del self._waiting[0]
                self.cut_at.append(self._sent)
                for end in self._open:
                    end.transport.abort()
        # One side has ended: so has the other.
        raise ConnectionResetError


def make(path: Path, megabytes: int, seed: int) -> Path:
    """A book of so many megabytes whose pages are pictures with noise behind."""
    noise = Random(seed)
    pages = {
        f"{number:03}.jpg": files.image(number, "JPEG") + noise.randbytes(_PAGE)
        for number in range(megabytes * _MB // _PAGE)
    }
    return files.make_zip(path, pages)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def install(folder: Path) -> dict[str, str]:
    """Both clients, by name; their versions."""
    subprocess.run(
        ["uv", "pip", "install", "--quiet", "--target", str(folder / "python"), "tuspy"], check=True
    )
    subprocess.run(
        ["npm", "install", "--silent", "--no-audit", "--prefix", str(folder), "tus-js-client"],
        check=True,
    )
    (folder / "upload.js").write_text(_TUS_JS)
    about = json.loads((folder / "node_modules/tus-js-client/package.json").read_text())
    (told,) = (folder / "python").glob("tuspy-*.dist-info")
    tuspy = told.name.removeprefix("tuspy-").removesuffix(".dist-info")
    return {"tuspy": tuspy, "tus-js-client": about["version"]}


def command(client: str, folder: Path, arguments: list[str]) -> list[str]:
    if client == "tus-js-client":
        return ["node", str(folder / "upload.js"), *arguments]
    piece = 8 << 20 if client == "tuspy in pieces" else 0
    return [sys.executable, "-c", _TUSPY, *arguments, str(piece)]


def key_of(api: httpx.Client) -> str:
    """A key for uploading, as a person makes one."""
    body = {"username": "bench", "password": _PASSWORD}
    access = api.post("auth/token", json=body).json()["access"]
    wanted = {"name": "Uploads", "scopes": ["read", "curate"]}
    told = api.post("auth/keys", json=wanted, headers={"Authorization": f"Bearer {access}"})
    return str(told.json()["key"])


def wait_for(api: httpx.Client, upload: str) -> dict[str, str]:
    """The upload once the server is done with it."""
    until = time.monotonic() + _PATIENCE
    while True:
        told: dict[str, str] = api.get(f"uploads/{upload}").json()
        if told["state"] in {"done", "failed"} or time.monotonic() > until:
            return told
        time.sleep(0.2)


def measure(client: str, folder: Path, book: Path, api: httpx.Client, cuts: int) -> dict[str, Any]:
    """Upload this book with this client, and look for it in the library."""
    every = book.stat().st_size // (cuts + 1)
    proxy = Cutting(api.base_url.port or 80, [every * (n + 1) for n in range(cuts)])
    (library,) = api.get("libraries").json()["items"]
    address = f"http://127.0.0.1:{proxy.port}/api/v1/uploads"
    arguments = [address, api.headers["X-API-Key"], str(book), library["id"]]
    began = time.perf_counter()
    done = subprocess.run(
        command(client, folder, arguments),
        env=os.environ | {"PYTHONPATH": str(folder / "python")},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{client} failed: {done.stderr[-2000:]}")
    sent = time.perf_counter() - began
    upload = wait_for(api, done.stdout.split()[-1].rpartition("/")[2])
    placed = folder / "library" / upload["path"]
    print(f"\n{client}: {book.stat().st_size:,} bytes, SHA-256 {sha256(book)}")
    print("  cut after", ", ".join(f"{at:,}" for at in proxy.cut_at))
    print("  began at", ", ".join(f"{at:,}" for at in proxy.offsets))
    return {
        "cuts": len(proxy.cut_at),
        "requests": len(proxy.offsets),
        "sent_after": round(sent, 1),
        "in_library_after": round(time.perf_counter() - began, 1),
        "state": upload["state"],
        "equal": placed.is_file() and sha256(placed) == sha256(book),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--cuts", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kiremisu-bench-") as temporary:
        folder = Path(temporary)
        (folder / "library").mkdir()
        versions = install(folder)
        print(", ".join(f"{name} {version}" for name, version in versions.items()))
        known = {"KIREMISU_ADMIN_USER": "bench", "KIREMISU_ADMIN_PASSWORD": _PASSWORD}
        results = {}
        with (
            up(folder / "data", str(folder / "library"), **known) as running,
            httpx.Client(base_url=f"{running.base}/api/v1/", timeout=60) as api,
        ):
            api.headers["X-API-Key"] = key_of(api)
            for number, client in enumerate(_CLIENTS, 1):
                book = make(folder / f"Salt Road c{number:03}.cbz", options.megabytes, number)
                found = results[client] = measure(client, folder, book, api, options.cuts)
                print("  " + ", ".join(f"{name} {value}" for name, value in found.items()))
    print(json.dumps({"versions": versions, **results}))
    wanted = {"cuts": options.cuts, "state": "done", "equal": True}
    if not all(wanted.items() <= found.items() for found in results.values()):
        sys.exit("Not all went as it should.")


if __name__ == "__main__":
    main()
