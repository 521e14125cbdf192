"""django-q2's cluster, told how to sweep, how to stop soon, and to leave no orphan."""

import signal
from types import FrameType
from typing import Any, override

from django_q.cluster import Cluster
from django_q.management.commands import qcluster
from django_q.signals import post_spawn

from kiremisu.jobs import working
from kiremisu.lib.processes import forks_die_with_parent


class Command(qcluster.Command):  # type: ignore[misc] # django-q2 carries no types
    """`Q_CLUSTER_NAME=metadata manage.py qcluster` starts another queue's workers."""

    help = "Starts job workers."

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        forks_die_with_parent()
        post_spawn.connect(working.begin)
        cluster = Cluster()

        def stop(number: int, frame: FrameType | None) -> None:
            # The workers see it after their batch; django-q2 alone would wait for the job.
            working.stop()
            cluster.sig_handler(number, frame)

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        cluster.start()
        if options["run_once"]:
            cluster.stop()
