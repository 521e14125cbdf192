"""Looking at one page as somebody, about things of one realm, and what came of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.test import Client

from reader.models import Bookmark
from tests.matrix.calling import Answer, Caller, heard
from tests.matrix.stage import Stage
from tests.operations import declared
from tests.pages import filled, ids_of, paths

# Which models the ids in their paths are of: as the API names them, which has pages for bookmarks.
MODELS: dict[str, type[Model]] = {"bookmark_id": Bookmark} | {
    name: model for one in declared() if one.need for name, model in one.need.reaches.items()
}
# What is looked for beside all there is. It stands in every realm's texts; were it the word
# itself, it would come back as what was asked.
SOUGHT = {"q": "tale", "search": "tale", "view": "table"}


@dataclass(frozen=True)
class Look:
    """One page about things of a realm; `realm` is "" where its path names nothing."""

    path: str
    realm: str = ""
    query: dict[str, str] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return f"{self.path} {self.realm} {'&'.join(self.query)}".strip()


def looks(stage: Stage) -> Iterator[Look]:
    """Every page about everything there is."""
    for path in paths():
        models = [MODELS[name] for name in ids_of(path)]
        if not models:
            yield Look(path)
            yield Look(path, query=SOUGHT)
        for realm in stage.realms if models else ():
            if all(stage.of(realm, model) is not None for model in models):
                yield Look(path, realm)


def visitors(stage: Stage, *names: str) -> list[Caller]:
    """These of the cast, signed in as a browser is, and nobody."""
    return [Caller("anonymous"), *(_signed_in(stage, name) for name in names)]


def _signed_in(stage: Stage, who: str) -> Caller:
    client = Client()
    client.force_login(stage.users[who])
    name = settings.SESSION_COOKIE_NAME
    return Caller(who, who, {"cookie": f"{name}={client.cookies[name].value}"})


def open_page(stage: Stage, look: Look, caller: Caller) -> Answer:
    """The page; where it is only there to be sent a form, the answer to an empty one."""
    ids = {name: stage.of(look.realm, MODELS[name]).pk for name in ids_of(look.path)}
    asked = {"path": filled(look.path, ids), "query_params": look.query, "headers": caller.headers}
    with transaction.atomic():
        client = Client()
        answer = client.get(**asked)
        if answer.status_code == 405:
            answer = client.post(**asked)
        told = heard(answer)
        transaction.set_rollback(True)
    return told


def faults(stage: Stage, look: Look, caller: Caller) -> Iterator[str]:
    """What is wrong with a page: that it is there for those who may not see what it is about, or
    tells a word of somebody else's."""
    answer, who = open_page(stage, look, caller), f"{look} by {caller.name}"
    if answer.status >= 500:
        yield f"{who}: {answer.status}"
    sees = not look.realm or caller.who in stage.realms[look.realm].seen_by
    if caller.who and not sees and answer.status != 404:
        yield f"{who}: {answer.status} instead of 404"
    for realm in stage.realms.values():
        if caller.who not in realm.seen_by and answer.tells(realm.word):
            yield f"{who}: tells a word that is {realm.name}"
