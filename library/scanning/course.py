"""One scan from the walk to the last commit, as the steps of a job."""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from functools import partial
from itertools import batched
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from kiremisu.jobs.running import Step, Work
from kiremisu.lib.errors import Unavailable
from library import disk, showing, turns
from library.disk import Found, Walk
from library.inspection import Reading
from library.models import Library
from library.scanning import afterwards, judging, learning, losses, plan, rows, series
from library.scanning.applying import apply, touch
from library.scanning.judging import Verdict
from library.scanning.plan import Comparison, Difference, Loose, Settled
from library.scanning.reading import Reader
from library.scanning.suspects import Suspects
from library.scanning.tally import Tally

_OFTEN = 1.0  # seconds between two signs of life
_MANY = 1000
_FEW = 100  # series that are told of in one transaction

type Look = Callable[[Sequence[Reading]], Settled]


class Course:
    """A scan of one library; `steps` is drawn to its end, each step's `apply` committed."""

    def __init__(self, library: Library, work: Work, *, full: bool) -> None:
        self.library, self.work, self.full = library, work, full
        self.root = library.folder
        self.tally = Tally.resumed(work.cursor)
        self.suspects = Suspects(work.job, work.cursor)
        self.difference = Difference()
        self.loose = Loose(set())
        self.may_be_loose = self.wrote = False
        self.later: list[Found] = []

    def steps(self) -> Iterator[Step]:
        began = time.monotonic()
        before = self.tally.seconds
        self.root_identity = disk.identity(self.root)
        with Reader(self.root) as reader:
            yield from self._walk(reader)
            yield from self._restore()
            yield from self._recognise(reader, self.difference.changed, self.difference.new)
            yield from self._recognise(reader, (yield from self._settled()), [])
        yield from self._mark_missing()
        yield from self._learn_beside()
        if self.wrote or self.tally.changes:
            yield from self._learn_of_books()
        self.tally.phase = ""
        self.tally.seconds = round(before + time.monotonic() - began, 3)
        yield self._step(self._finish, last=True)

    def _step(
        self, effect: Callable[[], object] | None = None, *, ahead: int = 0, last: bool = False
    ) -> Step:
        """`ahead`: how many files more will be done with the effect."""

        def with_tally() -> None:
            if effect:
                # A power cut may cost the last batch and its cursor, both; the next scan
                # does it again. So nobody need wait for the disk.
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL synchronous_commit = off")
                effect()
            self.work.cursor.update(self.tally.as_cursor())

        tally = self.tally
        self.work.cursor.update(tally.as_cursor())
        return Step(
            tally.files if last else min(tally.done + ahead, tally.files),
            tally.files or None,
            tally.message,
            apply=with_tally if effect else None,
            last=last,
        )

    def _walk(self, reader: Reader) -> Iterator[Step]:
        self.tally.phase = "Looking through the folders"
        yield self._step()
        present, missing = rows.known(self.library.id)
        self.known = len(present)
        settle = int(settings.SCAN_SETTLE_SECONDS * 1e9)
        self.looked_at = time.time_ns()
        young_from = self.looked_at - settle if settle else 1 << 63
        comparison = Comparison(present, missing, young_from=young_from, full=self.full)
        self.walk = walk = Walk(self.root)
        shown = time.monotonic()
        for found in walk.looking():
            if found is not None:
                comparison.take(found)
                reader.expect(len(comparison.difference.new))
            if time.monotonic() - shown > _OFTEN:
                self.tally.files = comparison.difference.files
                shown = time.monotonic()
                yield self._step()
        self.difference = comparison.finish(walk.unreadable)
        yield from self._refuse_empty()
        self.may_be_loose = bool(missing or self.difference.gone or self.difference.changed)
        self.loose = Loose(self.difference.gone)
        self.tally.begin(self.difference.files, self.difference.unchanged)

    def _refuse_empty(self) -> Iterator[Step]:
        gone = self.difference.gone
        if not gone or self.difference.files:
            return
        verdict = self._judged(gone)
        yield from self._hold(verdict, gone)
        if verdict.hold:
            raise Unavailable(
                f"The folder is empty, but {len(gone)} files were in it. Nothing was changed. "
                "Is its disk or share there?",
                code="root_empty",
            )

    def _restore(self) -> Iterator[Step]:
        for batch in batched(self.difference.returned, _MANY, strict=False):
            yield self._step(partial(self._restore_batch, batch), ahead=len(batch))

    def _restore_batch(self, batch: Sequence[Found]) -> None:
        # Before files, as those who move chapters hold series before files.
        turns.take()
        touched = rows.restore(self.library.id, batch)
        self.tally.restored += len(touched)
        self.tally.done += len(batch)
        self._changed(touched)

    def _recognise(
        self, reader: Reader, changed: Sequence[Found], new: Sequence[Found]
    ) -> Iterator[Step]:
        """The three looks; what one leaves over goes to the next."""
        yield from self._look(reader, changed, self._at_known_paths)
        yield from self._look(reader, [*self._leftover(), *new], self._by_signature)
        yield from self._look(reader, self._leftover(), self._by_path)

    def _leftover(self) -> list[Found]:
        left, self.later = self.later, []
        return left

    def _look(self, reader: Reader, found: Sequence[Found], look: Look) -> Iterator[Step]:
        for batch in reader.read(found, self.suspects):
            if batch.opened:
                yield self._step(partial(self.suspects.open, batch.opened))
            for readings in batch.readings:
                if any(reading.problem in plan.OF_THE_DISK for reading in readings):
                    self._check_root()
                # What went away since the walk is the next scan's business.
                here = [reading for reading in readings if reading.problem != "gone"]
                effect = partial(self._apply, readings, here, look) if readings else None
                yield self._step(effect, ahead=len(here))

    def _apply(self, readings: list[Reading], here: list[Reading], look: Look) -> None:
        self.suspects.close(readings)
        settled = look(here)
        self.later += settled.later
        if settled.decisions:
            heard = apply(self.library, settled.decisions, self.loose, self.tally, full=self.full)
            self.wrote |= heard is not None
            learning.of_books(heard or [], self.work.job.pk)

    def _at_known_paths(self, readings: Sequence[Reading]) -> Settled:
        at = rows.at_paths(self.library.id, (reading.path for reading in readings))
        return plan.at_known_paths(readings, lambda path: at.get(path, []), self.loose)

    def _by_signature(self, readings: Sequence[Reading]) -> Settled:
        at: dict[str, list[plan.Row]] = {}
        of: dict[bytes, list[plan.Row]] = {}
        # In a first scan there is nobody to ask for.
        if self.may_be_loose:
            at = rows.at_paths(self.library.id, (reading.path for reading in readings))
            of = rows.with_signatures(self.library.id, {each.signature for each in readings})
        return plan.by_signature(
            readings, lambda path: at.get(path, []), lambda sign: of.get(sign, []), self.loose
        )

    def _by_path(self, readings: Sequence[Reading]) -> Settled:
        at = rows.at_paths(self.library.id, (reading.path for reading in readings))
        return plan.by_path(readings, lambda path: at.get(path, []), self.loose)

    def _settled(self) -> Generator[Step, None, list[Found]]:
        """Look a second time at files that were young; the answer are those that are stable."""
        young = self.difference.young
        newest = max((found.mtime_ns for found in young), default=0)
        # By a clock that is ahead of ours a file may be younger than now.
        until = min(newest, self.looked_at) + int(settings.SCAN_SETTLE_SECONDS * 1e9)
        while young and time.time_ns() < until:
            time.sleep(min(0.5, max(0, until - time.time_ns()) / 1e9))
            yield self._step()
        walk = Walk(self.root)
        stable = [found for found in young if walk.at(found.path) == found]
        self.tally.waiting = len(young) - len(stable)
        return stable

    def _judged(self, gone: set[str]) -> Verdict:
        self.losses = losses.standing(self.library)
        return judging.judge(
            gone,
            self.known,
            losses.word_in(self.losses),
            is_empty=not self.difference.files,
            is_elsewhere=self.library.device not in (None, self.root_identity[0]),
        )

    def _hold(self, verdict: Verdict, gone: set[str]) -> Iterator[Step]:
        if verdict.hold or self.losses:
            yield self._step(partial(losses.note, self.library, verdict, gone, self.known))

    def _mark_missing(self) -> Iterator[Step]:
        """Mark what is gone; of what looks like a loss nothing, until somebody says so."""
        lost = self.difference.gone
        gone = rows.still_at(self.library.id, lost) if lost else set()
        verdict = self._judged(gone)
        self.tally.held = len(verdict.hold)
        self.is_whole = gone <= verdict.mark
        yield from self._hold(verdict, gone)
        for batch in batched(sorted(verdict.mark), _MANY, strict=False):
            self._check_root()
            yield self._step(partial(self._mark_batch, batch))

    def _check_root(self) -> None:
        if disk.identity(self.root) != self.root_identity:
            raise Unavailable("The folder was replaced meanwhile.", code="root_changed")

    def _mark_batch(self, paths: Sequence[str]) -> None:
        turns.take()
        touched = rows.mark_missing(self.library.id, paths)
        self.tally.missing += len(touched)
        self._changed(touched)

    def _learn_of_books(self) -> Iterator[Step]:
        """Learn what files say of their series for the first time, once they are all listed,
        because that takes longer; forget what none says any more."""
        last, self.tally.phase = None, "Learning what files say of their series"
        for unsaid in batched(rows.unsaid(self.library.id), _FEW, strict=False):
            yield self._step(partial(learning.let_go, unsaid, self.work.job.pk))
        while some := rows.unheard(self.library.id, last, _FEW):
            told = yield from self._one_by_one(learning.read_books(self.root, some))
            last = some[-1]
            yield self._step(partial(learning.of_unheard, told, self.work.job.pk))

    def _learn_beside(self) -> Iterator[Step]:
        """Read what lies beside files, where it changed or has a series only now."""
        before, beside = learning.known(self.library), self.walk.beside
        self.tally.phase = "Reading what lies beside files"
        wanted = learning.to_read(beside, before, again=self.wrote, full=self.full)
        for some in batched(wanted, _FEW, strict=False):
            self.wrote = True
            answers = yield from self._one_by_one(learning.read(self.root, some))
            yield self._step(partial(learning.of_folders, self.library, answers, self.work.job.pk))
        if not self.is_whole:
            # What lay beside files that are waited for is not there either.
            return
        # Last, so that what only moved is known to be elsewhere.
        gone = learning.gone(beside, before, self.walk.unreadable)
        for paths in batched(gone, _MANY, strict=False):
            self.wrote = True
            yield self._step(partial(learning.forget, self.library, paths, self.work.job.pk))

    def _one_by_one[T](self, answers: Iterator[T]) -> Generator[Step, None, list[T]]:
        """All that is read, with a sign of life after each: on a slow share many take longer
        than a step may."""
        told = []
        for answer in answers:
            told.append(answer)
            yield self._step()
        return told

    def _changed(self, touched: Sequence[UUID]) -> None:
        if touched:
            self.wrote = True
            series.count(set(touched), timezone.now())
            showing.pass_on(set(touched))
            touch(self.library.id)

    def _finish(self) -> None:
        tally = self.tally
        tally.missing += len(self.loose.displaced - self.loose.taken)
        tally.done = tally.files
        if self.wrote or tally.changes or self.library.scanned_at is None:
            Library.objects.filter(id=self.library.id).update(scanned_at=timezone.now())
            for path in settings.AFTER_SCAN:
                import_string(path)(self.library)
        if self.losses:
            losses.close(self.losses)
        device = self.root_identity[0]
        if self.is_whole and self.library.device != device:
            Library.objects.filter(id=self.library.id).update(device=device)
        afterwards.ask(self.library, full=self.full)
