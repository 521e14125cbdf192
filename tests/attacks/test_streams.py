"""Things of every kind of secrecy change while people follow: nobody hears what is not theirs."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import httpx
import orjson
import pytest
from django.utils import timezone

from kiremisu.accounts.models import User
from kiremisu.jobs.events import announce
from kiremisu.jobs.models import Job
from library import curation
from library.models import Chapter, Library, Series
from reader import progress
from tests.attacks.asking import bearer
from tests.factories import make_library
from tests.matrix.stage import Stage, build
from tests.sockets import opened

pytestmark = pytest.mark.django_db(transaction=True)

LAST = "that is all"
TOPICS = ["job", "library", "series", "progress"]
CROWD = ("owner", "stranger", "child", "outsider", "tame", "curator")

# Follows what happens as somebody: line by line, or message by message.
type Follow = Callable[[str, User], AbstractContextManager[Iterator[str]]]


@pytest.fixture
def stage(transactional_db: None, tmp_path: Path) -> Stage:
    return build(tmp_path)


@contextmanager
def events(live: str, user: User) -> Iterator[Iterator[str]]:
    headers, patience = {"Authorization": bearer(user)}, httpx.Timeout(60)
    with (
        httpx.Client(headers=headers, timeout=patience) as client,
        client.stream("GET", f"{live}/api/v1/events") as answer,
    ):
        lines = answer.iter_lines()
        # The first says that it is open.
        next(lines)
        yield lines


@contextmanager
def socket(live: str, user: User) -> Iterator[Iterator[str]]:
    with opened(live, "/ws/events", authorization=bearer(user)) as one:
        one.send({"type": "subscribe", "topics": TOPICS})
        one.until(type="subscribed")
        yield iter(lambda: orjson.dumps(one.next()).decode(), "")


def change_everything(stage: Stage) -> None:
    """Each thing there is, and last a library that is new and open to all."""
    for _, job in stage.rows[Job]:
        announce("job", job.pk)
    for _, series in stage.rows[Series]:
        curation.change_series(series, summary="Another")
        announce("series", series.pk, library=series.library_id, added=1)
    owner, chapter = stage.users["owner"], stage.of("open", Chapter)
    device = stage.realms["own"].word
    progress.turn_to(owner, chapter.content, 7, timezone.now(), device=device, chapter=chapter)
    for _, library in stage.rows[Library]:
        announce("library", library.pk)
    announce("library", make_library("Last").pk, said=LAST)


def told_to(stage: Stage, follow: Follow, live: str) -> dict[str, str]:
    """What each of them hears meanwhile."""
    with ExitStack() as streams:
        lines = {who: streams.enter_context(follow(live, stage.users[who])) for who in CROWD}
        change_everything(stage)
        return {who: heard(some) for who, some in lines.items()}


def heard(lines: Iterator[str]) -> str:
    told = []
    while not told or LAST not in told[-1]:
        told.append(next(lines))
    return "\n".join(told)


def marks(stage: Stage, who: str) -> tuple[set[str], set[str]]:
    """By what one knows what is told of: the words and ids of what they see, and of all else."""
    rows = [(realm, str(row.pk)) for found in stage.rows.values() for realm, row in found]
    named = [*rows, *((realm, realm.word) for realm in stage.realms.values())]
    seen = {name for realm, name in named if who in realm.seen_by}
    return seen, {name for _, name in named} - seen


@pytest.mark.parametrize("follow", [events, socket])
def test_nobody_hears_of_what_is_not_theirs(follow: Follow, live: str, stage: Stage) -> None:
    told = told_to(stage, follow, live)
    for who, text in told.items():
        seen, secret = marks(stage, who)
        assert any(mark in text for mark in seen), who
        assert not [mark for mark in secret if mark in text], who
    for realm in ("own", "closed", "asked"):
        assert stage.realms[realm].word in told["owner"], realm
    assert stage.realms["kept"].word in told["curator"]
