"""Everything the product does with one file or folder, in a process of its own.

    bench/faults/one_file.py PATH

Probes it, opens it as the scanner does, measures and reads every page of it, renders and reads
the text of a PDF, makes its cover. Prints one JSON line: the probe's answer, what was read, the
seconds of the slowest step and what memory the process or its largest child took at most.
"""

import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from kiremisu.lib.errors import Unreadable  # noqa: E402 (path set above)
from library import thumbnails  # noqa: E402
from library.archives import (  # noqa: E402
    measure,
    open_book,
    page_texts,
    probe,
    read_page,
    read_sidecar,
    render_page,
)
from library.archives.shelves import Shelf  # noqa: E402

WIDTHS = (240, 480)


class Steps:
    """What was done, how often it was refused and with which code, and the longest of all."""

    def __init__(self) -> None:
        self.done = Counter[str]()
        self.refused = Counter[str]()
        self.slowest = (0.0, "")

    def take[T](self, name: str, step: Callable[[], T]) -> T | None:
        """The step's answer, nothing where it was refused. Any other failure is let out."""
        began = time.monotonic()
        try:
            answer = step()
            self.done[name] += 1
        except Unreadable as refusal:
            self.refused[f"{name}: {refusal.code}"] += 1
            return None
        finally:
            self.slowest = max(self.slowest, (time.monotonic() - began, name))
        return answer


def read_whole(path: str, steps: Steps) -> None:
    """All that may be asked of one book."""
    book = steps.take("open", lambda: open_book(path))
    if book is None:
        return
    steps.take("sidecar", lambda: read_sidecar(path, book))
    for number in range(1, len(book.pages) + 1):
        steps.take("measure", lambda at=number: measure(path, book.format, book.pages, at))
        steps.take("read", lambda at=number: read_page(path, book.format, book.pages, at))
        if book.format == "pdf":
            steps.take("render", lambda at=number: render_page(path, book.pages, at, 320))
    if book.format == "pdf":
        steps.take("texts", lambda: page_texts(path, 1))
    places = [list(page) for page in book.pages[:5]]
    if steps.take("cover", lambda: thumbnails.cover(path, book.format, places, WIDTHS)):
        steps.done["a cover"] += 1


def memory() -> float:
    """MiB that the largest of this process and its children held at most."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    most = [resource.getrusage(kind).ru_maxrss for kind in kinds]
    # Children that wait for more work have not been counted yet.
    for child in psutil.Process().children(recursive=True):
        told = Path(f"/proc/{child.pid}/status").read_text()
        most.append(int(told.partition("VmHWM:")[2].split()[0]))
    return max(most) / 1024


def main(path: str) -> None:
    steps = Steps()
    found = steps.take("probe", lambda: probe(path))
    books = list(Shelf(path).books()) if os.path.isdir(path) else [path]
    for book in books or [path]:
        read_whole(book, steps)
    print(
        json.dumps(
            {
                **(asdict(found) if found else {}),
                "done": steps.done,
                "refused": steps.refused,
                "slowest": round(steps.slowest[0], 2),
                "slowest_step": steps.slowest[1],
                "mb": round(memory()),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1])
