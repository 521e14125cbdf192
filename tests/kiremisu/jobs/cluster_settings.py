"""Settings of a cluster that a test starts: the test's database, its kinds, a faster clock."""

import os
from pathlib import Path

from tests.kiremisu.jobs.names import KINDS
from tests.settings import *  # noqa: F403
from tests.settings import DATABASES, JOB_ALL_DEATHS, JOB_DEATHS, JOBS

DATABASES["default"]["NAME"] = os.environ["KIREMISU_TEST_DATABASE"]
DATA_DIR = Path(os.environ["KIREMISU_TEST_CLUSTER"])
JOBS = JOBS | KINDS
JOB_HEARTBEAT, JOB_LEASE, JOB_SWEEP = 0.5, 4, 1
# Of who kills at random, so that no job is given up that was hit twice by chance.
JOB_DEATHS = int(os.environ.get("KIREMISU_TEST_DEATHS", JOB_DEATHS))
JOB_ALL_DEATHS = max(JOB_ALL_DEATHS, JOB_DEATHS)
LOG_FORMAT = "json"
