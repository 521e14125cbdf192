"""What must be true before the server starts."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command

from kiremisu.accounts import setup
from kiremisu.lib import env, logs
from library import libraries, scanning, uploads
from library.models import Library

log = logs.get(__name__)


def collect_static() -> None:
    """Copy the static files into the data folder, under names that hold their hash.

    Nothing is done while the files are those of the last time.
    """
    stamp = settings.DATA_DIR / "static.stamp"
    sources = _sources()
    if stamp.exists() and stamp.read_text() == sources and settings.STATIC_ROOT.is_dir():
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(sources)


def _sources() -> str:
    """A digest of what would be collected: names, sizes, times."""
    digest = hashlib.blake2b(settings.VERSION.encode(), digest_size=16)
    for finder in finders.get_finders():
        for name, storage in finder.list(None):
            about = Path(storage.path(name)).stat()
            digest.update(f"{name} {about.st_size} {about.st_mtime_ns}\n".encode())
    return digest.hexdigest()


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


def forget_uploads() -> None:
    """What is left of uploads whose time was over while nobody ran."""
    uploads.forget_expired()


def first_page() -> str:
    """The path to open first: the set-up page, with its token, while there is no user."""
    return f"setup?token={setup.issue_token()}" if setup.is_needed() else ""
