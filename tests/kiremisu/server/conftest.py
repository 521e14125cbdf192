import time
from collections.abc import Callable

import pytest


@pytest.fixture(scope="session")
def until() -> Callable[[Callable[[], bool]], None]:
    """Waits for something that another process does; fails after ten minutes."""

    def wait(is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 600
        while not is_so():
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.1)

    return wait
