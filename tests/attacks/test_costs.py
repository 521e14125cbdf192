"""Texts made to be slow to read are not: what is read of strangers' words takes linear time."""

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from kiremisu.accounts.origins import is_ours
from kiremisu.lib.errors import Refused
from kiremisu.lib.logs import harmless
from kiremisu.lib.text import clean, fold, natural_key
from kiremisu.lib.versions import is_fresh
from library import folding
from library.filters import language
from library.uploads import names, protocol
from reader import delivery, notes
from tests.raw import scope

pytestmark = pytest.mark.quick

LETTERS = 100_000
# Seconds of this process's own time; each takes under a tenth of it, read quadratically minutes.
MOST = 20.0


def nested(text: str) -> object:
    """A filter as deep as its text is long."""
    tree: object = {"field": text, "value": text}
    for _ in range(LETTERS // 100):
        tree = {"not": tree}
    return language.read(tree)


READERS: dict[str, Callable[[str], object]] = {
    "text to store": clean,
    "a folded title": fold,
    "a name in its order": natural_key,
    "a log line": harmless,
    "words of a title": lambda text: list(folding.tokens(text)),
    "a nested filter": nested,
    "a wide filter": lambda text: language.read({"and": [{"field": text}] * 1000}),
    "tags of a note": notes.named,
    "a name to upload": names.file_name,
    "what an upload says": lambda text: protocol.beginning(scope("/", upload_metadata=text)),
    "an ETag": lambda text: is_fresh(text, '"a"'),
    "an origin": lambda text: is_ours(f"http://{text}", "localhost"),
    "a range": lambda text: delivery.asked_span(scope("/", range=text), 100, "e"),
    "an encoding": lambda text: delivery.takes_gzip(scope("/", accept_encoding=text)),
}
BAITS = [
    *("a", " ", "\t", "0", "1.", "a-", "_", ",", '"', "=", ":", "://", "a:", "token=", "eyJ"),
    *("eyJa.", "km_", "bearer ", "((", "[]", "\u0301", "\ufdfa", "か\u3099", "ー", "😀", "\x00"),
]


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_a_bait_is_read_in_linear_time(read: Callable[[str], object]) -> None:
    for bait in BAITS:
        text = (bait * LETTERS)[:LETTERS]
        began = time.process_time()
        with suppress(Refused, UnicodeError):
            read(text)
        assert time.process_time() - began < MOST, repr(bait)
