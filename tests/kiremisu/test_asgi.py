"""The ASGI entry."""

import subprocess
import sys


def test_what_was_loaded_at_start_holds_up_nobody_later() -> None:
    asked = "import gc, kiremisu.asgi; print(gc.get_freeze_count(), len(gc.get_objects()))"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    frozen, looked_through = map(int, told.stdout.split())
    assert frozen > 10 * looked_through
