"""What is logged, as it was said, from every level on."""

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import structlog
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs


@contextmanager
def heard() -> Iterator[list[MutableMapping[str, Any]]]:
    """The lines that are logged inside the block, with what is bound to them."""
    before = structlog.get_config()["wrapper_class"]
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("debug"))
    try:
        with capture_logs(processors=[merge_contextvars]) as lines:
            yield lines
    finally:
        structlog.configure(wrapper_class=before)
