"""The curation desk, by curators who see less: nobody meets there a word that is not theirs."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.db.models import Model

from library.models import Series
from metadata.models import Release
from tests.matrix.calling import Answer, Caller, client, heard
from tests.matrix.mutating import Use, met_by, noticed, written
from tests.matrix.stage import Stage
from tests.matrix.walking import visitors

pytestmark = pytest.mark.django_db

# A curator without the closed library, and one who sees what is safe alone.
WHO_SEE_LESS = ("outsider", "tame")
OF_DESK = {
    "kiremisu/accounts/desk/rooms.py", "library/admin/rows.py", "library/admin/shaping.py",
    "metadata/admin.py",
}  # fmt: skip
ELSEWHERE = {
    "library/admin/shaping.py:clean Series": "tests/library/test_admin.py",
    "metadata/admin.py:dress Candidate": "tests/metadata/test_admin.py",
}
# Whose words may come nevertheless: what is hidden is brought back at the desk, by whoever had it
# within reach; and what a feed lists is nobody's own, although it is asked for one.
TOLD: dict[type[Model], str] = {Series: "hidden", Release: "own"}
MODELS: dict[str, type[Model]] = {
    f"{one._meta.app_label}/{one._meta.model_name}": one for one in admin.site._registry
}


@pytest.fixture(scope="package")
def curators(stage: Stage) -> list[Caller]:
    return [one for one in visitors(stage, *WHO_SEE_LESS) if one.who]


def addresses(stage: Stage, name: str, who: str) -> Iterator[tuple[str, str]]:
    """Its list as it is and searched, and what is shown of each thing of those realms that this
    one may not see; each with its realm."""
    yield f"/admin/{name}/", ""
    yield f"/admin/{name}/?q=tale", ""
    for realm in stage.realms.values():
        row = stage.of(realm.name, MODELS[name])
        if row is not None and who not in realm.seen_by and TOLD.get(MODELS[name]) != realm.name:
            for page in ("change", "history", "delete"):
                yield f"/admin/{name}/{row.pk}/{page}/", realm.name


def look(address: str, caller: Caller) -> Answer:
    with transaction.atomic():
        told = heard(client().get(address, headers=caller.headers))
        transaction.set_rollback(True)
    return told


def faults(stage: Stage, name: str, caller: Caller) -> Iterator[str]:
    """What is wrong with the pages of a list."""
    for address, realm in addresses(stage, name, caller.who):
        answer, who = look(address, caller), f"{address} by {caller.name}"
        if answer.status >= 500 or (realm and answer.status == 200):
            yield f"{who}: {answer.status}"
        for other in stage.realms.values():
            is_told = TOLD.get(MODELS[name]) == other.name
            if caller.who not in other.seen_by and not is_told and answer.tells(other.word):
                yield f"{who}: tells a word that is {other.name}"


def every(stage: Stage, curators: list[Caller]) -> Iterator[str]:
    for name in MODELS:
        for caller in curators:
            yield from faults(stage, name, caller)


@pytest.mark.parametrize("name", MODELS)
def test_the_desk_tells_a_curator_nothing_that_is_not_theirs(
    name: str, stage: Stage, curators: list[Caller]
) -> None:
    found = [fault for caller in curators for fault in faults(stage, name, caller)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("page", ["", "library/", "metadata/", "jobs/"])
def test_nor_do_its_first_pages(page: str, stage: Stage, curators: list[Caller]) -> None:
    for caller in curators:
        answer = look(f"/admin/{page}", caller)
        words = [one.word for one in stage.realms.values() if caller.who not in one.seen_by]
        assert not [word for word in words if answer.tells(word)]


def test_readers_and_nobody_are_shown_the_door(stage: Stage) -> None:
    for caller in visitors(stage, "owner"):
        assert all(look(f"/admin/{name}/", caller).status == 302 for name in MODELS)


@pytest.mark.parametrize(
    "use",
    [use for use in written() if use.place in OF_DESK and str(use) not in ELSEWHERE],
    ids=str,
)
def test_it_would_be_noticed_if_the_desk_asked_no_more(
    use: Use, stage: Stage, curators: list[Caller]
) -> None:
    assert noticed([use], every(stage, curators))


def test_every_reason_is_still_needed(stage: Stage, curators: list[Caller]) -> None:
    known: Any = {str(use) for use in written()}
    assert ELSEWHERE.keys() <= known
    assert {use.place for use in written()} >= OF_DESK
    assert met_by(partial(list, faults(stage, "library/tag", curators[0])))
