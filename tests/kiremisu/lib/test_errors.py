"""Failures in words."""

import errno

import pytest

from kiremisu.lib.errors import in_words

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.EIO, "Input/output error", "/srv/secret"), "OSError: Input/output error"),
        (ValueError("the tide is out"), "ValueError: the tide is out"),
        (RuntimeError("a duplicate\nDETAIL: Key (name)=(alice)"), "RuntimeError: a duplicate"),
        (MemoryError(), "MemoryError"),
        (OSError(), "OSError"),
    ],
)
def test_what_nobody_expected_names_no_place_of_this_machine(error: Exception, words: str) -> None:
    assert in_words(error) == words
