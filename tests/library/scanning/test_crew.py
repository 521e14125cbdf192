import os
import signal
from pathlib import Path

import pytest

from kiremisu.jobs.models import Job
from kiremisu.lib.errors import Unavailable
from library import inspection
from library.disk import Found, Walk
from library.inspection import Reading
from library.scanning import crew
from library.scanning.crew import Crew
from library.scanning.reading import Reader
from library.scanning.suspects import Suspects
from tests import files
from tests.library.scanning import workers


def books(root: Path, count: int) -> list[Found]:
    for number in range(count):
        files.make_zip(root / f"T c{number:03}.cbz", files.pages(1, first=number + 1))
    return list(Walk(str(root)))


def parts(reader: Reader, found: list[Found]) -> list[list[Reading]]:
    nobody = Suspects(Job(), {})
    return [part for batch in reader.read(found, nobody) for part in batch.readings]


def test_readings_come_in_order_whoever_read_them(tmp_path: Path) -> None:
    found = books(tmp_path, 12)
    with Crew(str(tmp_path), 2) as crew_at_work:
        read = [
            each for part in crew_at_work.read([found[:5], found[5:6], found[6:]]) for each in part
        ]
    assert [reading.path for reading in read] == [each.path for each in found]
    assert {reading.problem for reading in read} == {""}


def test_a_file_that_kills_twice_is_given_up_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "serve", workers.deadly)
    found = books(tmp_path, 5)
    with Crew(str(tmp_path), 2) as crew_at_work:
        read = [each for part in crew_at_work.read([found]) for each in part]
    assert {reading.path: reading.problem for reading in read} == {
        each.path: "killed_the_reader" if "3" in each.path else "" for each in found
    }


def test_what_waited_behind_a_deadly_file_is_read_by_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "serve", workers.deadly)
    found = books(tmp_path, 6)
    with Crew(str(tmp_path), 1) as crew_at_work:
        read = [
            each for part in crew_at_work.read([found[2:5], found[:2], found[5:]]) for each in part
        ]
    assert {reading.path for reading in read if reading.problem} == {found[3].path}
    assert len(read) == 6


def test_a_worker_that_falls_silent_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "serve", workers.silent)
    monkeypatch.setattr(crew, "_LOOK", 0.01)
    with Crew(str(tmp_path), 1, patience=0.05) as crew_at_work:
        parts = list(crew_at_work.read([[Found("T c1.cbz", 1, 1)]]))
    assert [] in parts
    assert parts[-1][0].problem == "killed_the_reader"


def test_where_no_worker_comes_up_no_file_is_blamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "serve", workers.stillborn)
    found = books(tmp_path, 2)
    with Crew(str(tmp_path), 1) as crew_at_work, pytest.raises(Unavailable, match="do not start"):
        list(crew_at_work.read([found]))


def test_a_worker_is_told_no_more_than_its_line_takes(tmp_path: Path) -> None:
    long = [Found(f"{number:04}/{'長い名前' * 80}.cbz", 1, 1) for number in range(32)]
    with Crew(str(tmp_path), 1) as crew_at_work:
        (worker,) = crew_at_work._workers
        os.kill(worker.process.pid or 0, signal.SIGSTOP)
        while worker.takes(crew._HELD):
            worker.begin(crew._Chunk(long))
        assert 1 < len(worker.chunks) < crew._HELD


def test_workers_end_with_the_block(tmp_path: Path) -> None:
    found = books(tmp_path, 2)
    with Crew(str(tmp_path), 2) as crew_at_work:
        list(crew_at_work.read([found]))
        pids = [worker.process.pid for worker in crew_at_work._workers]
    assert len(pids) == 2
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_many_files_are_read_by_a_crew_after_a_first_small_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("library.scanning.reading._FEW", 60)
    found = books(tmp_path, 90)
    with Reader(str(tmp_path)) as reader:
        batches = [part for part in parts(reader, found) if part]
        again = [each for part in parts(reader, found) for each in part]
    assert len(batches[0]) == 50
    assert [each.path for batch in batches for each in batch] == [each.path for each in found]
    assert len(again) == 90


def test_a_slow_batch_is_passed_on_before_it_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("library.scanning.reading._LONG", -1.0)
    with Reader(str(tmp_path)) as reader:
        assert [len(part) for part in parts(reader, books(tmp_path, 3))] == [1, 1, 1]


class Line:
    """The worker's end of its line, answering with what the test put there."""

    def __init__(self, *chunks: list[Found]) -> None:
        self.chunks, self.sent = list(chunks), list[list[inspection.Reading]]()

    def recv(self) -> list[Found]:
        if not self.chunks:
            raise EOFError
        return self.chunks.pop(0)

    def send(self, readings: list[inspection.Reading]) -> None:
        self.sent.append(readings)


@pytest.mark.parametrize(("often", "sizes"), [(60.0, [3]), (-1.0, [1, 1, 1])])
def test_a_worker_answers_in_pieces_when_it_takes_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, often: float, sizes: list[int]
) -> None:
    monkeypatch.setattr(inspection, "_OFTEN", often)
    monkeypatch.setattr(inspection, "die_with_parent", lambda parent: None)
    line = Line(books(tmp_path, 3))
    inspection.serve(line, str(tmp_path), os.getppid())  # type: ignore[arg-type]
    assert [len(readings) for readings in line.sent] == [0, *sizes]
