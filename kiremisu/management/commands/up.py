"""manage.py up PATH [PATH …]: the whole server, until Ctrl-C."""

import http.client
import os
from argparse import SUPPRESS, ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any, override

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from kiremisu.lib.errors import Refused
from kiremisu.server import addresses, locks, migrating, preparing
from kiremisu.server.group import Child, Group


class Command(BaseCommand):
    help = "Start the server with these folders as libraries, and keep it running."
    requires_system_checks = ()

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", metavar="PATH", help="a folder with manga")
        parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 serves the network")
        parser.add_argument("--port", type=int, default=5473)
        parser.add_argument("--workers", type=_number, default=1, help="web processes")
        parser.add_argument(
            "--jobs", type=_number, default=os.process_cpu_count() or 1, help="job workers"
        )
        parser.add_argument("--no-scan", action="store_true", help="do not scan at the start")
        # For those who measure: an ASGI application around ours.
        parser.add_argument("--app", nargs=1, default=[], help=SUPPRESS)

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        lock = locks.take(settings.DATA_DIR / "up.lock")
        if lock is None:
            other = locks.taken_by(settings.DATA_DIR / "up.lock")
            raise CommandError(
                f"KireMisu runs already on {settings.DATA_DIR} (process {other}): stop it first, "
                "or choose another --data-dir."
            )
        if not addresses.is_free(options["host"], options["port"]):
            raise CommandError(
                f"Something listens on {options['host']}:{options['port']} already: choose "
                "another --port."
            )
        try:
            self._prepare(options)
        except Refused as error:
            raise CommandError(_sentence(error)) from error
        self._serve(options)

    def _prepare(self, options: dict[str, Any]) -> None:
        migrating.await_database()
        migrating.migrate()
        preparing.collect_static()
        preparing.make_administrator()
        preparing.forget_uploads()
        for path in options["paths"]:
            preparing.add_library(Path(path))
        if not options["no_scan"]:
            preparing.request_scans()

    def _serve(self, options: dict[str, Any]) -> None:
        host, port = options["host"], options["port"]
        if addresses.is_everywhere(host):
            names = [*addresses.own_names(), os.environ.get("KIREMISU_HOSTS", "")]
            os.environ["KIREMISU_HOSTS"] = ",".join(filter(None, names))
        elif host not in settings.ALLOWED_HOSTS:
            known = os.environ.get("KIREMISU_HOSTS", "")
            os.environ["KIREMISU_HOSTS"] = ",".join(filter(None, [host, known]))
        os.environ["KIREMISU_JOBS"] = str(options["jobs"])
        link = addresses.url(host, port) + preparing.first_page()
        # Children connect for themselves, and an idle connection would only be in the way.
        connections.close_all()
        told = [host, str(port), str(options["workers"]), *options["app"]]
        web = Child("web", "kiremisu.server.web", told)
        clusters = [
            Child(name, "kiremisu.server.clusters", [name], {"Q_CLUSTER_NAME": name})
            for name in locks.CLUSTERS
        ]
        companions = [Child(name, "manage", [name]) for name in settings.COMPANIONS]
        Group([web, *clusters, *companions], self._watch(host, port, link)).run()

    def _watch(self, host: str, port: int, link: str) -> Callable[[], None]:
        """Say once where the server is, when it answers; bring the database back if it went."""
        shown = False

        def watch() -> None:
            nonlocal shown
            if not shown and _answers(host, port):
                self.stdout.write(f"\nKireMisu: {link}\n\n")
                self.stdout.flush()
                shown = True
            migrating.bring_back()

        return watch


def _answers(host: str, port: int) -> bool:
    asked = http.client.HTTPConnection(
        "127.0.0.1" if addresses.is_everywhere(host) else host, port, timeout=1
    )
    try:
        asked.request("GET", "/healthz")
        return asked.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


def _sentence(error: Refused) -> str:
    return " ".join([error.detail, *(wrong.message for wrong in error.errors)])


def _number(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError
    return value
