"""`manage.py probe FILE …`: open each as the scanner would; one JSON object a line."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from library.archives import probe


class Command(BaseCommand):
    help = "Open files and folders as the scanner would, and print one JSON object for each."
    requires_system_checks: list[str] = []  # noqa: RUF012 – Django's own way; no database needed

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="+", help="a book, a folder of images or of books")

    def handle(self, *_: object, **options: Any) -> None:
        for file in options["file"]:
            # ASCII alone: a name that is no UTF-8 is then a lone surrogate in the JSON.
            self.stdout.write(json.dumps(asdict(probe(file))))
