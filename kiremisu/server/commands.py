"""What stands around every command: the data folder and the database it needs."""

import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import django
from django.conf import settings
from django.core.management import execute_from_command_line

from kiremisu.lib import env, logs
from kiremisu.lib.env import Misconfigured
from kiremisu.server import embedded, migrating
from kiremisu.server.embedded import CannotStart

_WITHOUT_DATABASE = {
    *("help", "version", "parse", "probe", "check", "collectstatic", "findstatic"),
    *("diffsettings", "startapp", "startproject", "makemessages", "compilemessages"),
}
# These look at the tables as they are, or make them themselves.
_AS_IT_IS = {
    *("up", "migrate", "makemigrations", "showmigrations", "sqlmigrate", "squashmigrations"),
    *("restore", "doctor", "dbshell", "shell", "inspectdb", "optimizemigration", "qcluster"),
}


def main(arguments: Sequence[str]) -> int:
    """Run one command line, "manage.py" first; the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kiremisu.settings")
    try:
        arguments, folder = without_data_dir(arguments)
        if folder is not None:
            os.environ["KIREMISU_DATA_DIR"] = str(Path(folder).expanduser().absolute())
        _run(list(arguments))
    except (Misconfigured, CannotStart) as error:
        print(f"{Path(arguments[0]).name}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def without_data_dir(arguments: Sequence[str]) -> tuple[list[str], str | None]:
    """The command line without --data-dir, which every command has, and what it said."""
    rest: list[str] = []
    folder: str | None = None
    parts = iter(arguments)
    for part in parts:
        if part == "--":
            rest += [part, *parts]
        elif part == "--data-dir":
            folder = next(parts, None)
            if folder is None:
                raise Misconfigured("--data-dir needs a folder.")
        elif part.startswith("--data-dir="):
            folder = part.partition("=")[2]
        else:
            rest.append(part)
    return rest, folder


def needs_database(arguments: Sequence[str]) -> bool:
    command = arguments[1] if len(arguments) > 1 else "help"
    asks_for_help = any(part in {"-h", "--help", "--version"} for part in arguments[1:])
    return not asks_for_help and command not in _WITHOUT_DATABASE


def _run(arguments: list[str]) -> None:
    wanted = needs_database(arguments)
    own = wanted and not env.secret("DATABASE_URL")
    with embedded.hold(data_dir()) if own else nullcontext():
        django.setup()
        logs.configure(settings.LOG_FORMAT, settings.LOG_LEVEL)
        if own and arguments[1] not in _AS_IT_IS:
            migrating.migrate()
        execute_from_command_line(arguments)


def data_dir() -> Path:
    return env.path("KIREMISU_DATA_DIR", Path.home() / ".local/share/kiremisu")
