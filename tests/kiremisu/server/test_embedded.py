"""The embedded database: started by the first who needs it, stopped after the last."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from kiremisu.server import embedded, postgres
from kiremisu.server.embedded import CannotStart
from kiremisu.server.postgres import Cluster

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose cluster was made once, for all tests here."""
    data_dir = tmp_path_factory.mktemp("data")
    with embedded.hold(data_dir):
        ask(data_dir, "CREATE TABLE kept AS SELECT 'Salt Road' AS title")
    return data_dir


@pytest.fixture
def made(once: Path) -> Iterator[Path]:
    """The same, while nothing runs in it; and nothing is left running."""
    assert embedded.wait_until_stopped(once, 60)
    yield once
    assert embedded.wait_until_stopped(once, 60)


def ask(data_dir: Path, query: str) -> object:
    folder = str(embedded.socket_folder(data_dir))
    with psycopg.connect(host=folder, user="kiremisu", dbname="kiremisu") as connection:
        cursor = connection.execute(query)  # type: ignore[call-overload]
        return cursor.fetchone()[0] if cursor.description else None


def postmaster(data_dir: Path) -> int:
    return int((data_dir / "postgres/postmaster.pid").read_text().splitlines()[0])


def answers(data_dir: Path) -> bool:
    try:
        return ask(data_dir, "SELECT title FROM kept") == "Salt Road"
    except psycopg.OperationalError:
        return False


def test_what_was_stored_is_there_after_a_stop_and_a_start(made: Path) -> None:
    with embedded.hold(made):
        assert ask(made, "SELECT title FROM kept") == "Salt Road"


def test_it_knows_letters_of_every_script(made: Path) -> None:
    with embedded.hold(made):
        assert ask(made, "SELECT lower('ÉCOLE Ж')") == "école ж"


def test_the_extensions_for_searching_are_there(made: Path) -> None:
    with embedded.hold(made):
        ask(made, "CREATE EXTENSION IF NOT EXISTS pg_trgm")
        assert ask(made, "SELECT similarity('塩の道', '塩の道 2') > 0.3") is True


def test_it_listens_on_no_network(made: Path) -> None:
    with embedded.hold(made):
        assert not psutil.Process(postmaster(made)).net_connections(kind="inet")


def test_its_files_and_its_socket_are_private(made: Path) -> None:
    with embedded.hold(made):
        for folder in (made / "postgres", embedded.socket_folder(made)):
            assert stat.S_IMODE(folder.stat().st_mode) & 0o077 == 0


def test_two_holders_share_one_server(made: Path) -> None:
    with embedded.hold(made):
        first = postmaster(made)
        with embedded.hold(made):
            assert postmaster(made) == first
        assert ask(made, "SELECT title FROM kept") == "Salt Road"


def test_it_stops_when_the_last_holder_leaves(made: Path) -> None:
    with embedded.hold(made):
        server = postmaster(made)
    assert embedded.wait_until_stopped(made, 60)
    assert not psutil.pid_exists(server)


def test_it_stops_when_the_last_holder_is_killed(made: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(made)], stdout=subprocess.PIPE, cwd=Path.cwd()
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    server = postmaster(made)
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert embedded.wait_until_stopped(made, 60)
    assert not psutil.pid_exists(server)


HOLD = """
import sys, signal
from pathlib import Path
from kiremisu.server import embedded, postgres
with embedded.hold(Path(sys.argv[1])):
    print("held", flush=True)
    signal.pause()
"""


def test_a_killed_server_is_started_again_for_those_who_hold_it(
    made: Path, until: Callable[[Callable[[], bool]], None]
) -> None:
    with embedded.hold(made):
        killed = postmaster(made)
        os.kill(killed, signal.SIGKILL)
        until(lambda: answers(made) and postmaster(made) != killed)


def test_a_killed_keeper_takes_its_server_along(
    made: Path, until: Callable[[Callable[[], bool]], None]
) -> None:
    with embedded.hold(made):
        server, keeper = postmaster(made), embedded.keeper(made)
        assert keeper
        os.kill(keeper, signal.SIGKILL)
        until(lambda: not psutil.pid_exists(server))
        embedded.ensure(made)
        assert answers(made)


def test_a_server_that_does_not_hear_is_replaced(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaf, fresh = Cluster(made), Cluster(made)
    deaf.start()
    assert deaf.process
    os.kill(deaf.process.pid, signal.SIGSTOP)
    monkeypatch.setattr(postgres, "_POLITE", 0.1)
    fresh.start()
    assert answers(made)
    assert deaf.process.wait() == -signal.SIGKILL
    fresh.stop()


def test_a_trace_of_a_server_long_gone_stops_nobody(made: Path) -> None:
    trace = f"{os.getpid()}\n{made}/postgres\n0\n5432\n{made}\n\n0 0\nready   \n"
    (made / "postgres/postmaster.pid").write_text(trace)
    with embedded.hold(made):
        assert answers(made)


def test_a_folder_of_another_version_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir(mode=0o700)
    (tmp_path / "postgres/PG_VERSION").write_text("15\n")
    with pytest.raises(CannotStart, match="was made by PostgreSQL 15"), embedded.hold(tmp_path):
        pass


def test_folders_that_others_may_enter_are_made_private_again(made: Path) -> None:
    folders = (made / "postgres", embedded.socket_folder(made))
    for folder in folders:
        folder.chmod(0o755)
    with embedded.hold(made):
        assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700, 0o700]


def test_a_socket_folder_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    embedded.socket_folder(tmp_path).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CannotStart, match="another user"), embedded.hold(tmp_path):
        pass


def test_a_start_that_broke_off_leaves_no_half_of_a_cluster(tmp_path: Path) -> None:
    (tmp_path / "postgres.new/base").mkdir(parents=True)
    with embedded.hold(tmp_path):
        assert ask(tmp_path, "SELECT 1") == 1
        assert not (tmp_path / "postgres.new").exists()
    assert embedded.wait_until_stopped(tmp_path, 60)


def test_a_long_path_gets_its_socket_elsewhere() -> None:
    short, long = Path("/srv/manga"), Path("/srv") / ("m" * 120)
    assert embedded.socket_folder(short) == short / "postgres-run"
    assert len(str(embedded.socket_folder(long) / ".s.PGSQL.5432")) <= 103
    assert embedded.socket_folder(long) != embedded.socket_folder(long / "b")


def test_a_data_folder_that_cannot_be_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotStart, match="cannot be used"), embedded.hold(tmp_path / "file/data"):
        pass


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder whose parents everybody may pass."""
    folder = Path(tempfile.mkdtemp(prefix="kiremisu-open-"))
    folder.chmod(0o755)
    yield folder / "data"
    shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_where_namespaces_are_forbidden_root_runs_it_as_nobody(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_namespaces_work", lambda: False)
    open_folder.mkdir(mode=0o700)
    if subprocess.run(
        ["/usr/bin/test", "-x", postgres._binary("postgres")], user=65534, check=False
    ).returncode:
        pytest.skip("the binaries lie where nobody else may look")
    cluster = Cluster(open_folder)
    cluster.prepare()
    cluster.start()
    assert ask(open_folder, "SELECT 1") == 1
    assert cluster.process
    assert psutil.Process(cluster.process.pid).uids().real == 65534
    cluster.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has files to hand over")
def test_a_cluster_changes_hands_when_the_way_to_run_it_does(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_folder.mkdir(mode=0o700)
    Cluster(open_folder).prepare()
    monkeypatch.setattr(postgres, "_namespaces_work", lambda: False)
    Cluster(open_folder).prepare()
    assert (open_folder / "postgres/PG_VERSION").stat().st_uid == 65534
    monkeypatch.setattr(postgres, "_namespaces_work", lambda: True)
    Cluster(open_folder).prepare()
    assert (open_folder / "postgres/PG_VERSION").stat().st_uid == 0
