"""`manage.py scan`: bring libraries up to date here and now."""

import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from kiremisu.jobs.models import Job
from kiremisu.lib.errors import Refused
from kiremisu.lib.paths import storable
from library import libraries, scanning
from library.models import Library


class Command(BaseCommand):
    """Finds the libraries, scans one after the other, prints what came of it."""

    help = "Scan libraries in the foreground; a PATH that is no library yet becomes one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "targets",
            nargs="*",
            metavar="LIBRARY|PATH",
            help="names or ids of libraries, or folders; all libraries when none is given",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--full", action="store_true", help="open every file again")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            chosen = [_library(target) for target in options["targets"]]
            chosen = chosen or list(Library.objects.order_by("name", "id"))
            summary = self._scan(chosen, full=options["full"], quiet=options["json"])
        except Refused as refusal:
            raise CommandError(refusal.detail) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(summary._asdict()))
        else:
            self.stdout.write(_told(summary))

    def _scan(self, chosen: Iterable[Library], *, full: bool, quiet: bool) -> scanning.Summary:
        console = Console(file=sys.stderr)
        bar = _bar(console) if console.is_terminal and not quiet else None
        summaries = [scanning.Summary()]
        with bar or nullcontext():
            for library in dict.fromkeys(chosen):
                watch = _watching(bar, library) if bar else None
                summaries.append(scanning.scan(library, watch, full=full))
        counts = (sum(counts) for counts in zip(*summaries, strict=True))
        summary = scanning.Summary(*counts)
        return summary._replace(seconds=round(summary.seconds, 3))


def _library(target: str) -> Library:
    """By id, by name, by folder; a folder that is none yet is made one. Raises Invalid."""
    try:
        known = Library.objects.filter(id=UUID(target)).first()
    except ValueError:
        known = Library.objects.filter(name=target).order_by("id").first()
    if known is None and not os.path.isdir(target):
        raise CommandError(f"There is neither a library nor a folder {storable(target)}.")
    return known or libraries.add(target)


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.fields[library]}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
        console=console,
    )


def _watching(bar: Progress, library: Library) -> Callable[[Job], None]:
    line = bar.add_task("", total=None, library=library.name)

    def watch(job: Job) -> None:
        bar.update(line, completed=job.done, total=job.total, description=job.message[:60])

    return watch


def _told(summary: scanning.Summary) -> str:
    changes = [
        f"{count} {name}"
        for name, count in summary._asdict().items()
        if count and name not in {"files", "seconds"}
    ]
    return (
        f"{summary.files} files in {summary.seconds:.1f} s: {', '.join(changes) or 'no changes'}."
    )
