"""The ASGI entry: `granian --interface asgi kiremisu.asgi:application`."""

import gc
import os
from importlib import import_module

import django
from django.conf import settings

from kiremisu.lib import logs, processes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kiremisu.settings")
# A worker of our own web server, which says its process id: never outlive it.
processes.die_with_starter()
django.setup()
logs.configure(settings.LOG_FORMAT, settings.LOG_LEVEL)

# After the set-up, which they need.
from kiremisu.accounts import access  # noqa: E402
from kiremisu.handler import Handler  # noqa: E402
from kiremisu.jobs import hub  # noqa: E402
from kiremisu.outer import ROUTES  # noqa: E402
from kiremisu.outer.gate import Gate  # noqa: E402


def _begin() -> None:
    access.follow()
    hub.end_with_process()


application = Gate(ROUTES, Handler(), at_start=_begin)

# What is loaded by now stays: without this each full garbage collection goes through all of it
# and holds up everybody for some 0.2 s. Django would load the pages at the first request only.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
