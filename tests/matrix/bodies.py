"""What is sent where the description's own example will not do, and what must be so before.

An operation that works with its example needs no line here.
"""

from collections.abc import Callable
from typing import Any

import orjson
from django.db.models import Model

from kiremisu.accounts import tokens
from kiremisu.api import api
from kiremisu.jobs.models import Job, State
from library.models import Library, Series, Upload
from library.uploads import staging
from metadata.review import choosing
from reader.models import List, ListEntry
from tests.matrix.stage import PASSWORD, Stage
from tests.operations import Declared

DOCUMENT: dict[str, Any] = api.get_openapi_schema(path_prefix="")
# What stands in a path that is no id; 1 otherwise.
IN_PATHS = {"form": "jsonl", "name": "mangadex_token", "field": "summary", "kind": "gaps"}
# Which models the ids in a body are of.
NAMED: dict[str, dict[str, type[Model]]] = {
    "batch": {"ids": Series},
    "add_series": {"library": Library},
    "add_entry": {"series": Series},
    "import_watches": {"library": Library},
}


def body_of(stage: Stage, one: Declared, realm: str) -> bytes | None:
    """The body of a call; the description's example with what has to be other."""
    described = DOCUMENT["paths"][one.plain_path][one.method.lower()].get("requestBody")
    if described is None:
        return None
    told = described["content"]["application/json"]["example"]
    return orjson.dumps(told | _otherwise(stage, one.name, realm))


def query_of(one: Declared) -> dict[str, str]:
    """The parameters that a call cannot do without."""
    said = DOCUMENT["paths"][one.plain_path][one.method.lower()]["parameters"]
    return {
        each["name"]: each["example"] for each in said if each["in"] == "query" and each["required"]
    }


def parameters_of(one: Declared) -> set[str]:
    said = DOCUMENT["paths"][one.plain_path][one.method.lower()]["parameters"]
    return {each["name"] for each in said if each["in"] == "query"}


def prepare(stage: Stage, name: str, realm: str) -> None:
    """Make it so that the operation can do what it does."""
    match name:
        case "retry_job":
            Job.objects.filter(pk=stage.of(realm, Job).pk).update(state=State.FAILED)
        case "change_list":
            # Only of such a one everything can be changed.
            List.objects.filter(pk=stage.of(realm, List).pk).update(kind=List.Kind.SMART)
        case "add_entry":
            ListEntry.objects.all().delete()
        case "dismiss_finding" | "restore_finding":
            Series.objects.filter(pk=stage.of(realm, Series).pk).update(gap_count=3)
        case "undo_match":
            choosing.none_exists(stage.of(realm, Series), None)
        case "remove_library":
            Job.objects.all().delete()
        case "get_upload_file":
            place = staging.path(stage.of(realm, Upload).pk)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(stage.realms[realm].word)


def _otherwise(stage: Stage, name: str, realm: str) -> dict[str, Any]:
    library, series = stage.of(realm, Library), stage.of(realm, Series)
    told: dict[str, Callable[[], dict[str, Any]]] = {
        "sign_in": lambda: {"username": "owner", "password": PASSWORD},
        "renew": lambda: {"refresh": tokens.issue("owner", PASSWORD, "192.0.2.7")["refresh"]},
        "change_me": lambda: {"current_password": PASSWORD, "password": "another quiet harbour"},
        "add_library": lambda: {"root": str(stage.new_folder)},
        "add_user": lambda: {"libraries": [str(library.pk)]},
        "change_user": lambda: {"libraries": [], "role": "reader"},
        "add_series": lambda: {"library": str(library.pk), "title": "Brought in"},
        # There are no files on the stage.
        "pick_cover": lambda: {"chapter": None},
        "add_entry": lambda: {"series": str(series.pk)},
        "import_watches": lambda: {"library": str(library.pk), "watching": []},
        "add_rule": lambda: {"series": None},
        "preview_rule": lambda: {"series": None, "rule": None},
        "batch": lambda: {"ids": [str(series.pk)], "options": {}},
    }
    return told.get(name, dict)()
