"""The tests' settings in a process of its own, on the staging folder of one test."""

import os
from pathlib import Path

from tests.settings import *  # noqa: F403

UPLOADS_DIR = Path(os.environ["UPLOADS_DIR"])
