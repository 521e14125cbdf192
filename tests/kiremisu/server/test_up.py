"""manage.py up, as a person starts it."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psutil
import pytest

from kiremisu.server import embedded
from tests.cast import PASSWORD
from tests.files import make_zip
from tests.live import free_port

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
type Until = Callable[[Callable[[], bool]], None]


class Up:
    """A server that was started by its command, and what it said."""

    def __init__(self, data: Path, *arguments: str) -> None:
        self.data, self.port = data, free_port()
        self.log = data.parent / f"up-{self.port}.log"
        own = {"DATABASE_URL", "DATABASE_URL_FILE", "KIREMISU_DATA_DIR", "KIREMISU_TEST_DATA"}
        environment = {key: value for key, value in os.environ.items() if key not in own}
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "manage.py", "up", *arguments),
                    *("--data-dir", str(data), "--port", str(self.port), "--jobs", "1"),
                ],
                cwd=ROOT,
                env=environment
                | {"DJANGO_SETTINGS_MODULE": "kiremisu.settings", "KIREMISU_UP_TEST": str(data)}
                | {"KIREMISU_ENRICH": "no"},
                stdout=output,
                stderr=output,
            )

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def is_up(self) -> bool:
        assert self.process.poll() is None, self.said()
        return "KireMisu: http" in self.said()

    def members(self) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                marked = process.environ().get("KIREMISU_UP_TEST") == str(self.data)
                if marked and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
        return found

    def named(self, words: str) -> psutil.Process:
        """The youngest process with these words in its command line."""
        fitting = [one for one in self.members() if words in " ".join(one.cmdline())]
        return max(fitting, key=lambda one: (one.create_time(), one.pid))

    def get(self, path: str, **more: str) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", headers=more, timeout=60)

    def is_ready(self) -> bool:
        with suppress(httpx.HTTPError):
            return self.get("/readyz").status_code == 200
        return False

    def end(self) -> None:
        with suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()
        embedded.wait_until_stopped(self.data, 60)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    make_zip(folder / "Salt Road v01.cbz")
    return folder


@pytest.fixture(scope="module")
def up(folder: Path, tmp_path_factory: pytest.TempPathFactory, until: Until) -> Iterator[Up]:
    """One server for the tests that leave it standing."""
    started = Up(tmp_path_factory.mktemp("up") / "data", str(folder))
    try:
        until(started.is_up)
        until(started.is_ready)
        yield started
    finally:
        started.end()


def test_it_prints_one_link_with_which_the_first_user_is_made(up: Up) -> None:
    links = re.findall(r"http://\S+", up.said())
    assert len(links) == 1
    assert re.fullmatch(rf"http://127\.0\.0\.1:{up.port}/setup\?token=[\w-]{{20,}}", links[0])
    with httpx.Client(follow_redirects=True, timeout=60) as browser:
        assert 'name="password"' in browser.get(links[0]).text


def test_it_says_that_it_lives_and_that_all_is_ready(up: Up) -> None:
    assert up.get("/healthz").json() == {"status": "ok"}
    assert up.get("/readyz").json()["workers"] == "ok"


def test_it_scans_the_folder(up: Up, until: Until) -> None:
    until(lambda: 'event="job done" kind=scan' in up.said())


def test_one_request_id_leads_to_every_line_of_its_job(up: Up, until: Until) -> None:
    until(lambda: 'event="job done" kind=scan' in up.said())
    mine = {"X-Request-ID": "a-request-of-mine"}
    with administrator(up) as program:
        (library,) = program.get("/api/v1/libraries").json()["items"]
        job = program.post(f"/api/v1/libraries/{library['id']}/scan", headers=mine).json()
    until(lambda: any(job["id"] in line and '"job done"' in line for line in lines(up)))
    mine_alone = [line for line in lines(up) if "request_id=a-request-of-mine" in line]
    assert all(line in mine_alone for line in lines(up) if f"job={job['id']}" in line)
    for event in ("event=request method=POST", 'event="job started"', 'event="job done"'):
        assert any(event in line for line in mine_alone), event


def lines(up: Up) -> list[str]:
    return up.said().splitlines()


@contextmanager
def administrator(up: Up) -> Iterator[httpx.Client]:
    """Alice's program, once she was made by the set-up link."""
    base, alice = f"http://127.0.0.1:{up.port}", {"username": "alice", "password": PASSWORD}
    with httpx.Client(base_url=base, timeout=60, follow_redirects=True) as client:
        page = client.get(re.findall(r"http://\S+/setup\S+", up.said())[0]).text
        if found := re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page):
            client.post("/setup", data=alice | {"csrfmiddlewaretoken": found[1]})
        access = client.post("/api/v1/auth/token", json=alice).json()["access"]
        client.headers["Authorization"] = f"Bearer {access}"
        yield client


def test_the_address_of_a_page_is_not_in_the_log(up: Up) -> None:
    up.get("/setup?token=tell-nobody")
    assert "tell-nobody" not in up.said()


def test_a_second_one_on_the_same_data_folder_refuses(up: Up) -> None:
    second = subprocess.run(
        [sys.executable, "manage.py", "up", "--data-dir", str(up.data), "--port", "1"],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "kiremisu.settings", "DATABASE_URL": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert f"runs already on {up.data} (process {up.process.pid})" in second.stderr


def test_a_port_that_is_taken_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        refused = subprocess.run(
            [sys.executable, "manage.py", "up", "--data-dir", str(tmp_path), "--port", port],
            cwd=ROOT,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "kiremisu.settings", "DATABASE_URL": ""},
            capture_output=True,
            text=True,
            check=False,
        )
    embedded.wait_until_stopped(tmp_path, 60)
    assert refused.returncode == 1
    assert "listens on 127.0.0.1" in refused.stderr


@pytest.mark.parametrize("words", ["server.web", "clusters default", "server.keeper"])
def test_what_is_killed_comes_back(up: Up, until: Until, words: str) -> None:
    until(up.is_ready)
    killed = up.named(words)
    killed.kill()
    until(lambda: not killed.is_running() and up.is_ready())
    assert up.named(words).pid != killed.pid


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of servers that are stopped again, each as its test does; the second finds
    its database made."""
    return tmp_path_factory.mktemp("stopped") / "data"


def test_it_stops_when_asked_and_leaves_nothing(data: Path, until: Until) -> None:
    up = Up(data)
    until(up.is_up)
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(600) == 0
    until(lambda: not up.members())
    until(lambda: embedded.keeper(up.data) is None)


def test_nothing_outlives_a_killed_supervisor(data: Path, until: Until) -> None:
    up = Up(data)
    until(up.is_ready)
    until(lambda: len(up.members()) > 8)
    up.process.kill()
    up.process.wait()
    until(lambda: not up.members())
