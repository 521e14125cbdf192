"""Credentials come in where they belong, and are found nowhere else: no answer, no log, no row."""

import re
import time
from pathlib import Path
from uuid import uuid4

import orjson
import pytest
from django.db import connection
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from kiremisu.accounts import keys
from kiremisu.accounts.models import User
from library.models import Chapter
from tests.asking import ROOT
from tests.attacks.asking import Sender, bearer, session
from tests.live import Served

pytestmark = pytest.mark.django_db(transaction=True)

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_PATIENCE = 600.0  # seconds


def lines_after(served: Served, sender: Sender, start: int) -> str:
    """What the server wrote into its log from there on, up to now."""
    last = f"last-{uuid4().hex}"
    sender.get("/nowhere", x_request_id=last)
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        written = served.log.read_bytes()[start:].decode(errors="replace")
        if last in written:
            return written
        time.sleep(0.05)
    pytest.fail("the log does not tell of the last request")


@pytest.fixture
def secrets(alice: User) -> dict[str, str]:
    return {
        "key": keys.make(alice, "Script", ["read", "admin"])[1],
        "access": str(AccessToken.for_user(alice)),
        "refresh": str(RefreshToken.for_user(alice)),
    }


PLACES = [
    "/api/v1/me?api_key={}",
    "/api/v1/me?X-API-Key={}&access_token={}&token={}",
    "/api/v1/series?search={}&seed={}&sort={}&cursor={}&filter={}",
    "/api/v1/series/{}",
    "/api/v1/{}",
    "/api/v1/events?token={}",
    "/api/v1/uploads/{}",
    "/static/{}",
    "/p/{}",
    "/{}",
    "/login?next=/{}",
    "/search?q={}",
]


def test_a_key_or_a_token_is_found_in_no_answer_and_no_log(
    served: Served, as_alice: Sender, anybody: Sender, chapter: Chapter, secrets: dict[str, str]
) -> None:
    """Sent where it belongs, and wherever somebody might put it by mistake."""
    start, answers = served.log.stat().st_size, list[bytes]()
    told = anybody.get(f"{ROOT}/me", x_api_key=secrets["key"], referer=f"/?k={secrets['key']}")
    assert told.status == 200
    answers.append(told.raw)
    for form in ("series.csv", "chapters.jsonl", "progress.csv"):
        answers.append(anybody.get(f"{ROOT}/export/{form}", x_api_key=secrets["key"]).raw)
    for text in secrets.values():
        headers = {"referer": f"http://x/?{text}", "user_agent": text, "x_request_id": text}
        for place in PLACES:
            told = anybody.get(place.replace("{}", text), **headers)
            assert told.status >= 300 or place.startswith(("/login", "/search")), place
        for name in ("x_api_key", "authorization", "cookie", "idempotency_key", "if_match"):
            answers.append(anybody.get(f"{ROOT}/nothing", **{name: f"x {text}"}).raw)
        wrong = b'{"username": "%s", "password": "x"}' % text[:150].encode()
        kind = {"content_type": "application/json"}
        answers.append(anybody.send("POST", f"{ROOT}/auth/token", wrong, **kind).raw)
        odd = b'{"%s": "%s", "email": 1}' % (text.encode(), text.encode())
        as_alice.send("PATCH", f"{ROOT}/me", odd, **kind)
    written = lines_after(served, anybody, start)
    for name, text in secrets.items():
        # Of a token the signature alone is what nobody else can know.
        hidden = text.rpartition(".")[2]
        assert hidden not in written, name
        assert not [one for one in answers if hidden.encode() in one], name


def test_no_credential_counts_in_an_address(anybody: Sender, secrets: dict[str, str]) -> None:
    for text in secrets.values():
        for name in (
            "api_key",
            "X-API-Key",
            "key",
            "token",
            "access_token",
            "authorization",
            "jwt",
        ):
            told = anybody.get(f"{ROOT}/series?{name}={text}")
            assert told.status == 401, name


def test_the_database_holds_no_credential(
    as_alice: Sender, anybody: Sender, secrets: dict[str, str]
) -> None:
    """As a backup has it, row by row."""
    anybody.get(f"{ROOT}/me", x_api_key=secrets["key"])
    body = b'{"username": "alice", "password": "a quiet harbour"}'
    kind = {"content_type": "application/json"}
    told = anybody.send("POST", f"{ROOT}/auth/token", body, **kind)
    given = orjson.loads(told.body).values()
    assert (told.status, len(given)) == (200, 2)
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows = "\n".join(text for (text,) in cursor.fetchall())
            for text in (secrets["key"], secrets["access"], "a quiet harbour", *given):
                assert text not in rows, table


def test_nothing_in_a_request_forges_a_line_of_the_log(
    served: Served, anybody: Sender, chapter: Chapter
) -> None:
    start = served.log.stat().st_size
    line = "%0Atimestamp=2026-01-01T00:00:00Z%20level=error%20event=forged%20user=1"
    for place in (f"/{line}", f"{ROOT}/series/{line}", f"{ROOT}/series?sort={line}", f"/p/{line}"):
        anybody.get(
            place, user_agent="x level=error event=forged", x_request_id="a b\tevent=forged"
        )
    written = lines_after(served, anybody, start)
    assert "forged" in written
    for line in written.splitlines():
        assert line.startswith("timestamp="), line
        assert not line.startswith("timestamp=2026-01-01"), line
        assert "forged" not in _QUOTED.sub("", line), line


def test_no_answer_to_a_reader_tells_where_files_lie(
    bob: User, live: str, chapter: Chapter, tmp_path: Path
) -> None:
    """Neither when all is well, nor when the file is broken or gone."""
    sender = Sender(live, authorization=bearer(bob), cookie=session(bob))
    root = str(tmp_path).encode()
    places = [
        f"{ROOT}/chapters/{chapter.pk}",
        f"{ROOT}/chapters/{chapter.pk}/pages",
        f"{ROOT}/chapters/{chapter.pk}/pages/1",
        f"{ROOT}/chapters/{chapter.pk}/file",
        f"{ROOT}/libraries",
        f"{ROOT}/series",
        f"{ROOT}/export/chapters.jsonl",
        f"/read/{chapter.pk}",
        "/activity",
    ]
    for _ in range(2):
        for place in places:
            told = sender.get(place)
            assert told.status in {200, 302, 409, 422}, place
            assert root not in told.raw, place
            if told.status == 302 and told.headers["location"].startswith("/p/"):
                assert root not in sender.get(told.headers["location"]).raw, place
        (Path(chapter.library.root) / chapter.path).write_bytes(b"PK broken")
    sender.close()
