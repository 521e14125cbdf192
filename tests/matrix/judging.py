"""What must come of a call, from the operation's declaration alone, and what came instead."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from kiremisu.accounts.models import ApiKey, Scope, User
from kiremisu.accounts.needs import Need
from kiremisu.jobs.models import Job
from library.models import (
    Chapter,
    Deed,
    FactChange,
    Library,
    Loss,
    NameRule,
    Person,
    Series,
    Sidecar,
    Tag,
    Upload,
)
from metadata.models import Notice, Watch
from reader.models import Bookmark, List, ListEntry, Note
from tests.matrix.bodies import NAMED, parameters_of
from tests.matrix.calling import Answer, Caller, ask, models_of
from tests.matrix.stage import CURATORS, KEPT_FROM, SHARED, Stage
from tests.operations import Declared

# Who is told by an operation of what they see nowhere else.
TOLD_ALSO = {
    # Curators bring back what nobody sees.
    ("restore_series", "hidden"): CURATORS | {"admin"},
    # What was done is written down, whatever it was done to.
    ("list_entries", "hidden"): frozenset({"admin"}),
    ("list_entries", "own"): frozenset({"admin"}),
}
# What each list holds.
LISTS = {
    "list_libraries": Library,
    "list_series": Series,
    "list_chapters": Chapter,
    "list_jobs": Job,
    "list_keys": ApiKey,
    "list_notes": Note,
    "list_chapter_notes": Note,
    "list_bookmarks": Bookmark,
    "list_tags": Tag,
    "list_people": Person,
    "list_users": User,
    "list_uploads": Upload,
    "list_lists": List,
    "list_list_series": Series,
    "list_list_entries": ListEntry,
    "list_history": FactChange,
    "list_sidecars": Sidecar,
    "list_watches": Watch,
    "list_news": Notice,
    "list_acts": Deed,
    "list_act_series": Series,
    "list_changes": Loss,
    "list_rules": NameRule,
}
UNCOUNTED = {
    "preview_rule": "what would be is no row; tests/library/naming/test_weighing.py counts",
    "list_entries": "more is written down while the matrix calls",
    "list_findings": "a finding is no row; tests/library/test_findings.py counts",
}


def expected(stage: Stage, one: Declared, realm: str, caller: Caller) -> int:
    """The status that the declaration promises this caller."""
    worked = min(status for status in one.operation.response_models if status < 400)
    need = one.need
    if need is None:
        return worked
    if not caller.who:
        return 401
    if caller.scopes is not None and not caller.scopes & {Scope.ADMIN, *need.scopes}:
        return 403
    sees = caller.who in _seen_by(stage, one, realm)
    if need.reaches and not sees:
        return 404
    if not _may(stage, need, realm, caller):
        return 403
    return worked if sees or one.name not in NAMED else 404


def _seen_by(stage: Stage, one: Declared, realm: str) -> frozenset[str]:
    kept_from = (KEPT_FROM.get(model, frozenset()) for model in models_of(one).values())
    told = stage.realms[realm].seen_by | TOLD_ALSO.get((one.name, realm), frozenset())
    return told.difference(*kept_from)


def _may(stage: Stage, need: Need, realm: str, caller: Caller) -> bool:
    if need.by_owner:
        return caller.who == "owner"
    user = stage.users[caller.who]
    is_theirs = realm == "asked" and caller.who == "owner"
    return user.ranks(need.least) or bool(need.or_by and is_theirs)


def faults(stage: Stage, one: Declared, realm: str, caller: Caller) -> Iterator[str]:
    """What is wrong with the answer to one call: its status, a word of somebody else's, a
    number that counts what is not seen."""
    answer = ask(stage, one, realm, caller)
    wanted = expected(stage, one, realm, caller)
    who = f"{one} about what is {realm}, by {caller.name}"
    if answer.status != wanted:
        yield f"{who}: {answer.status} instead of {wanted}"
    yield from (f"{who}: {each}" for each in _told(stage, one, caller, answer))
    if one.method == "GET" and isinstance(answer.json, dict):
        yield from (f"{who}: {each}" for each in _counts(stage, caller.who, answer.json))
    if answer.status < 300 and one.name in LISTS:
        yield from (f"{who}: {each}" for each in _miscounted(stage, one, realm, caller, answer))
    for name in parameters_of(one) & {"search", "q"}:
        for word in stage.secrets_of(caller.who) if wanted < 300 else []:
            found = ask(stage, one, realm, caller, **{name: word})
            if found.status >= 300 or _found(found.json):
                yield f"{who}: looking for a word of somebody else's finds {_found(found.json)}"


def _told(stage: Stage, one: Declared, caller: Caller, answer: Answer) -> Iterator[str]:
    for name, realm in stage.realms.items():
        if caller.who not in _seen_by(stage, one, name) and answer.tells(realm.word):
            yield f"tells a word that is {name}"


def _found(told: Any) -> list[Any]:
    """Everything a search brought up, in whichever of its lists."""
    return [each for items in told.values() if isinstance(items, list) for each in items]


def _miscounted(
    stage: Stage, one: Declared, realm: str, caller: Caller, answer: Answer
) -> Iterator[str]:
    """Where a list differs from what is there when counted one by one."""
    seen = stage.seen(LISTS[one.name], caller.who)
    if "chapter_id" in one.ids:
        content = stage.of(realm, Chapter).content_id
        seen = [row for row in seen if row.content_id == content]
    elif "series_id" in one.ids:
        seen = [row for row in seen if row.series_id == stage.of(realm, Series).pk]
    elif "run" in one.ids:
        seen = [row for row in seen if row in stage.acted_on]
    elif "library_id" in one.ids:
        seen = [row for row in seen if row.library_id == stage.of(realm, Library).pk]
    elif "list_id" in one.ids:
        found = stage.of(realm, List)
        inside = _inside(stage, found, caller.who)
        held = {row.series or row.chapter.series for row in inside}
        seen = [row for row in seen if row in held or getattr(row, "list_id", None) == found.pk]
    items = answer.json if isinstance(answer.json, list) else answer.json["items"]
    if {UUID(item["id"]) for item in items} != {row.pk for row in seen}:
        yield f"lists {len(items)} instead of the {len(seen)} that are seen"
    if isinstance(answer.json, dict) and answer.json["total"] != len(seen):
        yield f"says that there are {answer.json['total']} instead of {len(seen)}"
    for item in items:
        yield from _counts(stage, caller.who, item)


def _counts(stage: Stage, who: str, item: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the numbers in a library, in a label that every series has, in a list
    or an entry of it."""
    if "entry_count" in item or "position" in item:
        yield from _miscounts(stage, who, item)
    is_library = "root" in item
    if not is_library and item.get("name") != SHARED:
        return
    wanted = {"series_count": Series, "chapter_count": Chapter}
    for name in wanted.keys() & item.keys():
        seen = stage.seen(wanted[name], who)
        count = sum(not is_library or str(row.library_id) == item["id"] for row in seen)
        if item[name] != count:
            yield f"says {name} {item[name]} of {item['name']} instead of {count}"


def _inside(stage: Stage, found: List, who: str) -> list[ListEntry]:
    """The entries of a list that this one sees; of a smart list those in which it finds its
    series: the owner's, for the owner alone."""
    if found.is_smart:
        return _inside(stage, stage.of("own", List), who) if who == "owner" else []
    return [row for row in stage.seen(ListEntry, who) if row.list_id == found.pk]


def _miscounts(stage: Stage, who: str, item: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the number of entries of a list, or with an entry's."""
    if "position" in item:
        (row,) = (row for row in stage.seen(ListEntry, who) if str(row.pk) == item["id"])
        wanted = _inside(stage, row.list, who).index(row) + 1
        if item["position"] != wanted:
            yield f"says position {item['position']} instead of {wanted}"
    elif item["entry_count"] is not None:
        (found,) = (row for row in stage.seen(List, who) if str(row.pk) == item["id"])
        wanted = len(_inside(stage, found, who))
        if item["entry_count"] != wanted:
            yield f"says entry_count {item['entry_count']} instead of {wanted}"
