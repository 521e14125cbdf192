"""A short run of bench/fuzz.py: no operation breaks, and each answers as it is described."""

from urllib.parse import unquote

import pytest
import requests
from django.db import transaction
from django.test import Client
from schemathesis import Case, Response

from tests.fuzzing import Fuzz, may
from tests.matrix.calling import Caller
from tests.matrix.stage import Stage
from tests.operations import declared

pytestmark = pytest.mark.django_db

EXAMPLES = 3
# Given apart; not unpacked here.
LEFT_OUT = {"Content-Type", "Accept-Encoding"}


def send(case: Case, headers: dict[str, str]) -> Response:
    """The answer without a server between, as one that came over a line."""
    asked = requests.Request(**case.as_transport_kwargs("http://localhost/api/v1", headers))
    made = asked.prepare()
    path, _, query = made.path_url.partition("?")
    with transaction.atomic():
        answer = Client().generic(
            made.method or "",
            unquote(path),
            made.body or b"",
            made.headers.get("Content-Type", ""),
            headers={name: made.headers[name] for name in made.headers if name not in LEFT_OUT},
            QUERY_STRING=query,
        )
        content = b"".join(answer) if answer.streaming else answer.content
        # What broke in the database must not break what comes after it.
        transaction.set_rollback(answer.status_code >= 500)
    headers = {name.lower(): [value] for name, value in answer.items()}
    return Response(answer.status_code, headers, content, made, elapsed=0, verify=False)


def test_what_nobody_thought_of_is_answered_as_described(
    stage: Stage, everybody: list[Caller]
) -> None:
    fuzz, caller = Fuzz(send), next(one for one in everybody if one.name == "admin")
    for one in declared():
        with transaction.atomic():
            fuzz.ask(stage, one, caller, EXAMPLES)
            transaction.set_rollback(True)
    assert not fuzz.found.faults, "\n".join(sorted(fuzz.found.faults))
    wanted = [(caller.name, str(one)) for one in declared() if may(stage, one, caller)]
    assert not fuzz.found.lacking(wanted)
