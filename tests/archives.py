"""Asking archives for what must fail."""

from collections.abc import Callable

import pytest

from kiremisu.lib.errors import Unreadable
from library.archives import CODES


def code_of[**P](call: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> str:
    """The code with which this call refuses; its sentence must be that of the code."""
    with pytest.raises(Unreadable) as caught:
        call(*args, **kwargs)
    assert caught.value.detail == CODES[caught.value.code]
    return caught.value.code
