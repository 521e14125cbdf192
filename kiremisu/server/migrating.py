"""The database's answer and its tables. Imports no models: it is needed before they load."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from kiremisu.lib import logs
from kiremisu.server import embedded

log = logs.get(__name__)

_MIGRATING = 0x6B697231  # one advisory lock: two starts at once migrate one after the other
_LONGEST_PAUSE = 10.0
# Whose migrations a newer version may have more of; other packages may drop some of theirs.
_OURS = {"kiremisu", "library", "metadata", "reader"}


def await_database() -> None:
    """Wait, with growing pauses, until the database answers. Raises CannotStart."""
    pause = 0.5
    while True:
        try:
            connection.ensure_connection()
        except OperationalError as error:
            reason = str(error).strip().splitlines()[0]
            log.warning("the database does not answer", reason=reason, again_in=pause)
            time.sleep(pause)
            bring_back()
            pause = min(pause * 2, _LONGEST_PAUSE)
        else:
            return


def bring_back() -> None:
    """Start the embedded database again whose keeper went. The caller holds it."""
    if not settings.DATABASE_URL and embedded.keeper(settings.DATA_DIR) is None:
        embedded.ensure(settings.DATA_DIR)


def migrate() -> None:
    """Bring the tables up to this version, unless they are. Raises CannotStart where a newer
    version used them: what this one does not know of it might spoil."""
    with _alone():
        if newer := _newer():
            raise embedded.CannotStart(
                f"A newer version of KireMisu used this database (it knows {newer[0]}). "
                "Start that version, or restore a backup from before it."
            )
        if not is_migrated():
            log.info("migrating the database")
            call_command("migrate", interactive=False, verbosity=0)


def is_migrated() -> bool:
    """Whether every migration of this version was applied."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _newer() -> list[str]:
    """The migrations that were applied and are none of this version's."""
    loader = MigrationExecutor(connection).loader
    known = {one for each in loader.disk_migrations.values() for one in each.replaces}
    applied = (loader.applied_migrations or {}).keys() - loader.disk_migrations.keys() - known
    ours = {one.label for one in apps.get_app_configs() if one.name.partition(".")[0] in _OURS}
    return sorted(f"{app} {name}" for app, name in applied if app in ours)


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])
