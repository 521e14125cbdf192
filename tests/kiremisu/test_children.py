"""Bounded child processes."""

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from kiremisu.lib import callee, child, children
from kiremisu.lib.children import ChildFailed, Worker, run_bounded, running
from kiremisu.lib.errors import Unreadable

pytestmark = pytest.mark.quick

MEMORY = 512 << 20
PYTHON = [sys.executable, "-c"]


def run(code: str, *, seconds: float = 60, most: int = 1000, memory: int = MEMORY) -> bytes:
    return run_bounded([*PYTHON, code], seconds=seconds, memory=memory, most=most)[1]


def reason_of(code: str, *, seconds: float = 60, most: int = 1000) -> str:
    with pytest.raises(ChildFailed) as caught:
        run(code, seconds=seconds, most=most)
    return caught.value.reason


def until_gone(pid: int) -> None:
    deadline = time.monotonic() + 600
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker(memory=MEMORY, most=1000)
    yield made
    made.close()


def test_a_program_gives_its_status_and_output() -> None:
    command = [*PYTHON, "print('hello'); raise SystemExit(3)"]
    assert run_bounded(command, seconds=60, memory=MEMORY, most=10) == (3, b"hello\n")


def test_errors_are_heard_when_asked_for() -> None:
    code = "import sys; print('no', file=sys.stderr)"
    assert run(code) == b""
    _, said = run_bounded([*PYTHON, code], seconds=60, memory=MEMORY, most=99, with_errors=True)
    assert said == b"no\n"


def test_output_past_the_limit_is_refused() -> None:
    assert run("print('x' * 9)", most=10) == b"x" * 9 + b"\n"
    assert reason_of("print('x' * 10)", most=10) == "too_much"


def test_a_program_that_takes_too_long_is_killed() -> None:
    assert reason_of("import time; time.sleep(99)", seconds=0.2) == "timed_out"


def test_a_program_that_closes_its_output_and_lingers_is_killed() -> None:
    code = "import os, time; os.close(1); time.sleep(99)"
    assert reason_of(code, seconds=0.5) == "timed_out"


def test_memory_is_bounded() -> None:
    code = "try: bytes(600 << 20)\nexcept MemoryError: print('refused')"
    assert run(code) == b"refused\n"


def test_nothing_is_written(tmp_path: Path) -> None:
    file = tmp_path / "x"
    write = f"import os; os.write(os.open({str(file)!r}, os.O_CREAT | os.O_WRONLY), b'x')"
    assert run(f"try: {write}\nexcept OSError: print('refused')") == b"refused\n"
    assert file.read_bytes() == b""


def test_a_program_that_is_not_there_is_no_success() -> None:
    status, _ = run_bounded(["/no/such/program"], seconds=60, memory=MEMORY, most=10)
    assert status != 0


def test_an_interpreter_that_is_not_there_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    assert reason_of("") == "missing"


def test_secrets_of_the_parent_are_not_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIREMISU_SECRET_KEY", "secret")
    monkeypatch.setenv("DATABASE_URL", "secret")
    assert b"secret" not in run("import os; print(os.environ)")


def test_a_descriptor_is_handed_on_under_its_number(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"inside")
    with open(tmp_path / "x", "rb") as file:
        code = f"import os; print(os.pread({file.fileno()}, 9, 0))"
        command = [*PYTHON, code]
        _, output = run_bounded(
            command, seconds=60, memory=MEMORY, most=99, descriptors=[file.fileno()]
        )
    assert output == b"b'inside'\n"


def test_leaving_early_kills_the_program_and_what_it_started() -> None:
    code = "import os, time\npid = os.fork()\nif pid: print(pid, flush=True)\ntime.sleep(99)"
    with running([*PYTHON, code], seconds=60, memory=MEMORY) as found:
        line = b""
        while not line.endswith(b"\n"):
            line += found.read(1)
    until_gone(int(line))
    assert found.process.returncode == -signal.SIGKILL


def test_a_child_dies_with_its_parent() -> None:
    code = (
        "from kiremisu.lib.children import Worker\nimport os\n"
        f"worker = Worker(memory={MEMORY}, most=99)\n"
        "print(worker.call('os:fsencode', '', seconds=60), worker._process.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)"
    )
    made = subprocess.run(
        [*PYTHON, code],
        capture_output=True,
        check=False,
        cwd=Path(children.__file__).parents[2],
    )
    until_gone(int(made.stdout.split()[1]))


def test_a_worker_answers_call_after_call_in_one_process(worker: Worker) -> None:
    assert worker.call("os:fsencode", "one", seconds=60) == b"one"
    first = worker._process
    assert worker.call("os:fsencode", "two", seconds=60) == b"two"
    assert worker._process is first


def test_a_worker_has_its_own_time_to_start() -> None:
    worker = Worker(memory=MEMORY, most=1000, start=0)
    with pytest.raises(ChildFailed, match="timed_out"):
        worker.call("os:fsencode", "one", seconds=60)
    assert worker._process is None


def test_a_worker_whose_module_is_not_there_crashes() -> None:
    worker = Worker(memory=MEMORY, most=1000, module="no.such.module")
    with pytest.raises(ChildFailed, match="crashed"):
        worker.call("os:fsencode", "one", seconds=60)


def test_a_refusal_in_the_worker_is_a_refusal_here(worker: Worker) -> None:
    raising = "from kiremisu.lib.errors import Unreadable; raise Unreadable('Why.', code='x')"
    with pytest.raises(Unreadable) as caught:
        worker.call("builtins:exec", raising, seconds=60)
    assert (caught.value.code, caught.value.detail) == ("x", "Why.")


def test_a_worker_that_crashes_is_started_anew(worker: Worker) -> None:
    with pytest.raises(ChildFailed, match="crashed"):
        worker.call("os:_exit", 3, seconds=60)
    assert worker.call("os:fsencode", "again", seconds=60) == b"again"


def test_a_worker_that_went_idle_is_started_anew() -> None:
    worker = Worker(memory=MEMORY, most=1000, idle=1)
    worker.call("os:fsencode", "one", seconds=60)
    assert worker._process is not None
    assert worker._process.wait(60) == 0
    assert worker.call("os:fsencode", "two", seconds=60) == b"two"
    worker.close()


def test_a_worker_killed_between_calls_is_started_anew(worker: Worker) -> None:
    worker.call("os:fsencode", "one", seconds=60)
    assert worker._process is not None
    os.kill(worker._process.pid, signal.SIGSTOP)
    os.kill(worker._process.pid, signal.SIGKILL)
    assert worker.call("os:fsencode", "two", seconds=60) == b"two"


def test_a_call_that_takes_too_long_ends_the_worker(worker: Worker) -> None:
    worker.call("os:fsencode", "warm", seconds=60)
    with pytest.raises(ChildFailed, match="timed_out"):
        worker.call("time:sleep", 99, seconds=0.2)
    assert worker._process is None


def test_an_answer_past_the_limit_is_refused(worker: Worker) -> None:
    assert len(worker.call("os:fsencode", "x" * 1000, seconds=60)) == 1000
    with pytest.raises(ChildFailed, match="too_much"):
        worker.call("os:fsencode", "x" * 1001, seconds=60)


def test_a_busy_worker_is_not_waited_for_longer_than_asked() -> None:
    worker = Worker(memory=MEMORY, most=1000, start=0)
    with worker._turn, pytest.raises(ChildFailed, match="timed_out"):
        worker.call("os:fsencode", "x", seconds=0.05)


def test_memory_of_a_worker_is_bounded(worker: Worker) -> None:
    with pytest.raises(ChildFailed, match="crashed"):
        worker.call("builtins:bytes", 600 << 20, seconds=60)


def test_a_fork_takes_a_worker_of_its_own(worker: Worker) -> None:
    worker.call("os:fsencode", "x", seconds=60)
    kept = worker._process
    worker._forget()
    assert worker.call("os:fsencode", "y", seconds=60) == b"y"
    assert worker._process is not kept
    assert kept is not None
    children._end(kept)


# The other side, looked at from outside it.


def test_the_child_tells_answers_from_refusals() -> None:
    assert callee.answer(b'["os:fsencode", ["x"]]') == (callee.ANSWER, b"x")


def test_the_child_serves_until_its_input_ends() -> None:
    calls, to_child = os.pipe()
    from_child, answers = os.pipe()
    body = b'["os:fsencode", ["x"]]'
    os.write(to_child, len(body).to_bytes(4, "big") + body)
    os.write(to_child, b"\0\0")
    os.close(to_child)
    callee.serve(calls, answers, 20)
    assert os.read(from_child, 100) == b"\0\0\0\1" + callee.ANSWER + b"x"
    for descriptor in (calls, from_child, answers):
        os.close(descriptor)


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What the child would do to its process, which here is that of the tests."""
    said: list[tuple[object, ...]] = []
    monkeypatch.setattr(child, "die_with_parent", lambda parent: said.append(("dies", parent)))
    monkeypatch.setattr(resource, "setrlimit", lambda what, how: said.append((what, how)))
    monkeypatch.setattr(os, "execv", lambda *program: said.append(program))
    return said


def test_the_child_bounds_itself_and_becomes_the_program(
    limits: list[tuple[object, ...]],
) -> None:
    child.main(["1000", "7", "/bin/true", "-x"])
    assert limits[0] == ("dies", 7)
    assert (resource.RLIMIT_AS, (1000, 1000)) in limits
    assert limits[-1] == ("/bin/true", ["/bin/true", "-x"])


def test_the_child_answers_beside_what_is_printed(
    limits: list[tuple[object, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "dup", lambda _: 41)
    monkeypatch.setattr(os, "dup2", lambda *both: limits.append(both))
    monkeypatch.setattr(callee, "_given", lambda *both: limits.append(both))
    monkeypatch.setattr(callee, "serve", lambda *all_three: limits.append(all_three))
    callee.main(["1000", "7", "60", "json"])
    assert limits[-3:] == [(2, 1), (41, callee.READY), (0, 41, 60.0)]
