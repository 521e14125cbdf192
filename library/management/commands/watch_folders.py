"""`manage.py watch_folders`: ask for scans where files change. `up` runs it."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from kiremisu.lib import processes
from library.scanning import watching


class Command(BaseCommand):
    """Watches until told to stop."""

    help = "Have libraries scanned soon after files in their folders change."

    def handle(self, *_: Any, **__: Any) -> None:
        processes.die_with_starter()
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        watching.run(stop)
