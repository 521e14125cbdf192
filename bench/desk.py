"""How quickly the lists of the curation desk open on a big library.

    bench/desk.py [--series 100000] [--chapters 10] [--times 5]

Fills a database of its own with so many series of so many chapters, then opens each list of the
Django admin as an administrator: as it is, narrowed, searched, its second and its last page. Prints
for each the median time (milliseconds, in this process: no network) and the statements that it
took, and, last, one JSON line. Ends with 1 when one took 15 statements or more, or 300 ms.
"""

# ruff: noqa: PLC0415 - imported once Django is set up

import argparse
import json
import statistics
import sys
import time
from typing import Any

from filling import fill
from serving import data_folder, database

MOST, SLOWEST = 15, 300.0
LISTS = {
    "library/series": [
        "", "?q=road", "?q=no+such+title", "?p=2", "?p=100", "?p=-1", "?p=-100",
        "?presence=fileless", "?match=review", "?score=low", "?score=none",
        "?read=1", "?lacks=gaps",
        "?lacks=cover", "?lacks=files", "?lacks=broken", "?lacks=gaps&p=2", "?locked=yes",
        "?locked=yes&p=-1", "?status=ongoing", "?direction=rtl",
        "?lacks=files&score=low&locked=yes",
        "?o=6", "?o=-6", "?o=5", "?o=13", "?o=2&p=-100",
    ],
    "library/chapter": [
        "", "?q=road", "?p=2", "?p=100", "?p=-1", "?state=problem", "?state=missing",
        "?state=doubt", "?state=sidecar",
    ],
    "library/library": [""],
    "library/tag": ["", "?q=dra", "?kind__exact=genre"],
    "library/person": ["", "?q=a", "?q=person+19", "?p=-1"],
    "library/sidecar": ["", "?q=road", "?state=problem", "?source=comicinfo"],
    "library/factchange": ["", "?p=2", "?p=100", "?p=-1", "?q=road", "?field=title", "?since=7"],
    "metadata/candidate": ["", "?score=low", "?state=rejected", "?q=road"],
    "metadata/match": ["", "?score=low", "?p=100", "?p=-1"],
    "metadata/decision": ["", "?kind__exact=none"],
    "metadata/watch": ["", "?p=100"], "metadata/feed": [""], "metadata/release": [""],
    "metadata/upstream": [""],
    "library/content": ["", "?p=100"], "accounts/auditentry": [""],
    "jobs/job": ["", "?q=scan", "?kind=scan"],
    "accounts/user": [""],
}  # fmt: skip


def opened(client: Any, path: str, times: int) -> dict[str, Any]:
    """The median time of some, and the statements of one."""
    from django.db import connection

    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")
    took = []
    for _ in range(times):
        began = time.perf_counter()
        client.get(path)
        took.append((time.perf_counter() - began) * 1000)
    return {"ms": round(statistics.median(took), 1), "statements": len(asked)}


# What jobs and people leave behind in time.
_LEFT = (
    """
    UPDATE library_series s SET gap_count = (n % 7 = 0)::int, duplicate_count = (n % 11 = 0)::int,
        problem_count = (n % 13 = 0)::int, missing_count = (n % 17 = 0)::int,
        cover_id = CASE WHEN n % 19 = 0 THEN NULL ELSE cover_id END,
        locks = CASE WHEN n % 5 = 0 THEN ARRAY['year'] ELSE locks END,
        match_state = CASE WHEN n % 10 = 0 THEN 'review' ELSE 'matched' END,
        match_score = 60 + n % 41,
        hidden_at = CASE WHEN n % 1000 = 0 THEN now() END
    FROM (SELECT id, row_number() OVER () AS n FROM library_series) r WHERE r.id = s.id
    """,
    """
    UPDATE library_chapter c SET problem = CASE WHEN n % 50 = 0 THEN 'damaged' ELSE '' END,
        missing_since = CASE WHEN n % 80 = 0 THEN now() END
    FROM (SELECT id, row_number() OVER () AS n FROM library_chapter) r
    WHERE r.id = c.id AND (n % 50 = 0 OR n % 80 = 0)
    """,
    """
    INSERT INTO library_sidecar (id, library_id, series_id, source, path, size, mtime_ns, problem,
                                 problem_detail, created, updated)
    SELECT gen_random_uuid(), library_id, id, 'details.json', id::text, 9, 1,
           CASE WHEN n % 10 = 0 THEN 'not_json' ELSE '' END, '', now(), now()
    FROM (SELECT id, library_id, row_number() OVER () AS n FROM library_series) s
    """,
    """
    INSERT INTO library_person (id, name, folded, created, updated)
    SELECT gen_random_uuid(), 'Person ' || n, 'person ' || n, now(), now()
    FROM generate_series(1, 20000) n
    """,
    """
    INSERT INTO metadata_watch (id, user_id, series_id, since, paused, languages, groups, created,
                                updated)
    SELECT gen_random_uuid(), u.id, s.id, now(), false, '{}', '{}', now(), now()
    FROM (SELECT id FROM library_series LIMIT 2000) s, (SELECT id FROM accounts_user LIMIT 20) u
    """,
    """
    INSERT INTO metadata_feed (series_id, provider, provider_id, due, failures, problem, updated)
    SELECT id, 'mangadex', id::text, now(), 0, '', now() FROM library_series LIMIT 2000
    """,
    """
    INSERT INTO metadata_match (series_id, provider, provider_id, score, told, due, created,
                                updated)
    SELECT id, 'mangadex', id::text, 60 + n % 41, now(), now(), now(), now()
    FROM (SELECT id, row_number() OVER () AS n FROM library_series) s
    """,
    """
    INSERT INTO metadata_candidate (id, series_id, provider, provider_id, score, content_rating,
                                    weighed, told, created, updated)
    SELECT gen_random_uuid(), id, 'mangadex', id::text, 60 + n % 41, content_rating,
           jsonb_build_object('title', title), now(), now(), now()
    FROM (SELECT id, title, content_rating, row_number() OVER () AS n FROM library_series) s
    """,
    """
    INSERT INTO library_factchange (id, series_id, field, before, after, source, run, created)
    SELECT gen_random_uuid(), id, 'year', '{}', '{}', 'mangadex', gen_random_uuid(), now()
    FROM library_series, generate_series(1, 5)
    """,
    """
    INSERT INTO metadata_decision (id, series_id, kind, run, before, created)
    SELECT gen_random_uuid(), id, 'matched', gen_random_uuid(), '{}', now() FROM library_series
    """,
    "ANALYZE",
)


def leave() -> None:
    """Matches, candidates, decisions and history of all series."""
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in _LEFT:
            cursor.execute(statement)


def measured(times: int) -> dict[str, dict[str, Any]]:
    """Each list, opened in each way."""
    from django.conf import settings
    from django.test import Client

    from kiremisu.accounts.models import Role, User

    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(User.objects.create_superuser("desk", role=Role.ADMIN))
    found = {}
    print(f"{'':44}{'ms':>9}{'statements':>12}")
    for name, ways in LISTS.items():
        for way in ways:
            path = f"/admin/{name}/{way}"
            found[path] = opened(client, path, times)
            print(f"{path:44}{found[path]['ms']:9.1f}{found[path]['statements']:12}", flush=True)
    return found


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--series", type=int, default=100_000)
    options.add_argument("--chapters", type=int, default=10, help="of each series")
    options.add_argument("--times", type=int, default=5)
    asked = options.parse_args()
    with data_folder() as folder, database(folder):
        fill(asked.series, asked.chapters, asked.series // 20)
        leave()
        found = measured(asked.times)
    print(json.dumps({"series": asked.series, "lists": found}))
    slow = [path for path, told in found.items() if told["ms"] >= SLOWEST]
    many = [path for path, told in found.items() if told["statements"] >= MOST]
    return int(bool(slow or many))


if __name__ == "__main__":
    sys.exit(main())
