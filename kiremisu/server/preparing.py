"""What must be true before the server starts."""

from pathlib import Path

from django.core.management import call_command

from kiremisu.accounts import setup
from kiremisu.lib import env, logs
from library import libraries, scanning
from library.models import Library

log = logs.get(__name__)


def collect_static() -> None:
    """Copy the static files into the data folder, under names that hold their hash."""
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)


def make_administrator() -> None:
    """The first administrator from the environment, where it names one and nobody is there."""
    username = env.text("KIREMISU_ADMIN_USER")
    if username and setup.is_needed():
        setup.administrator(username, env.secret("KIREMISU_ADMIN_PASSWORD"))
        log.info("made the first administrator", username=username)


def add_library(root: Path) -> None:
    """Have this folder as a library. Raises Refused."""
    libraries.add(str(root.expanduser().absolute()))


def request_scans() -> None:
    """Have every library's scan wait for the workers."""
    for library in Library.objects.order_by("name", "id"):
        scanning.request(library)


def first_page() -> str:
    """The path to open first: the set-up page, with its token, while there is no user."""
    return f"setup?token={setup.issue_token()}" if setup.is_needed() else ""
