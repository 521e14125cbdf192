"""Whether any call breaks the API, or is answered otherwise than its description says.

    bench/fuzz.py [--examples 50] [--only TEXT]

Starts a server on a database of its own and calls every operation, as nobody, a reader, a curator
and an administrator: as its example says, with spoilt credentials, and with so many calls of each
of two kinds that schemathesis makes up: as described, and not as described. Most ids are of things
that are there. Prints the faults, the operations that never did what they do, or never refused,
for somebody who may call them, and, last, one JSON line. Ends with 1 when there was any.
"""

# ruff: noqa: PLC0415 - imported once Django is set up

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from serving import database, server

if TYPE_CHECKING:
    from tests.matrix.calling import Caller
    from tests.matrix.stage import Stage

# Who they are in the cast of the matrix.
ROLES = {"nobody": "anonymous", "reader": "owner", "curator": "curator", "administrator": "admin"}


def staged(folder: Path) -> tuple["Stage", list["Caller"]]:
    """An empty database filled anew."""
    from django.db import connection

    from tests.matrix.calling import callers
    from tests.matrix.stage import build

    kept = {"django_migrations", "django_content_type", "auth_permission"}
    tables = set(connection.introspection.django_table_names(only_existing=True)) - kept
    with connection.cursor() as cursor:
        names = ", ".join(connection.ops.quote_name(table) for table in sorted(tables))
        cursor.execute(f"TRUNCATE {names}")
    stage = build(Path(tempfile.mkdtemp(dir=folder)))
    return stage, callers(stage)


def fuzzed(port: int, folder: Path, examples: int, only: str) -> dict[str, Any]:
    """Everything called; the faults, and what was lacking."""
    from tests.fuzzing import Fuzz, may
    from tests.operations import declared

    root = f"http://127.0.0.1:{port}/api/v1"
    fuzz = Fuzz(lambda case, headers: case.call(base_url=root, headers=headers))
    every = [one for one in declared() if only in str(one)]
    wanted = []
    stage, cast = staged(folder)
    for role, who in ROLES.items():
        for one in every:
            caller = next(each for each in cast if each.name == who)
            if may(stage, one, caller):
                wanted.append((who, str(one)))
            fuzz.ask(stage, one, caller, examples)
            # Nobody changes nothing.
            if one.method != "GET" and caller.who:
                stage, cast = staged(folder)
        stage, cast = staged(folder)
        print(f"{role}: {fuzz.found.calls} calls, {len(fuzz.found.faults)} faults", flush=True)
    return {
        "operations": len(every),
        "calls": fuzz.found.calls,
        "faults": sorted(fuzz.found.faults),
        "lacking": fuzz.found.lacking(wanted),
    }


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--examples", type=int, default=50, help="of each of two kinds")
    options.add_argument("--only", default="", help="operations with this in their name")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="kiremisu-bench-") as place:
        folder = Path(place)
        # Passwords are hashed as in the tests, so that thousands of sign-ins are no matter.
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "KIREMISU_TEST_DATA": place,
            "KIREMISU_LOG_LEVEL": "error",
            "DATABASE_URL": "",
        }
        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        settings.JOBS_WAKE = False

        # One that knows nothing, in the place of the real one.
        from tests.upstream import serving as world

        with database(folder), world() as there:
            os.environ["KIREMISU_TEST_MANGADEX"] = there.url
            call_command("migrate", verbosity=0)
            call_command("createcachetable", verbosity=0)
            began = time.perf_counter()
            with server() as port:
                found = fuzzed(port, folder, asked.examples, asked.only)
    for fault in found["faults"] + found["lacking"]:
        print(fault)
    told = found | {name: len(found[name]) for name in ("faults", "lacking")}
    print(json.dumps(told | {"seconds": round(time.perf_counter() - began)}))
    return int(bool(found["faults"] or found["lacking"]))


if __name__ == "__main__":
    sys.exit(main())
