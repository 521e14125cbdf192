"""django-q2's command, starting a cluster as `manage.py up` does."""

import os
from typing import Any, override

from django.core.management.base import BaseCommand

from kiremisu.server import clusters


class Command(BaseCommand):
    """`Q_CLUSTER_NAME=metadata manage.py qcluster` starts another queue's workers."""

    help = "Starts the job workers of one queue: default, or the one Q_CLUSTER_NAME names."

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        clusters.main(os.environ.get("Q_CLUSTER_NAME", "default"))
