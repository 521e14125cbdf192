"""A child for tests: says its id in the folder given, then sits, also when asked to end."""

import os
import signal
import sys
from pathlib import Path

from kiremisu.lib import processes

processes.die_with_starter()
if "deaf" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if "parent" in sys.argv and os.fork() == 0:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
Path(sys.argv[1], str(os.getpid())).touch()
if "short" not in sys.argv:
    signal.pause()
