"""Whether answers are as the official description of the site says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs

# Where the description may lie: beside the project, never in it.
OFFICIAL = Path(__file__).parents[2].parent / "shared" / "mangadex" / "openapi-mock.json"


class Judge:
    """The description, made fit for a validator of JSON Schema."""

    def __init__(self, file: Path = OFFICIAL) -> None:
        self._told: dict[str, Any] = _with_nulls(json.loads(file.read_text()))

    def faults(self, path: str, answer: Any, status: int = 200) -> Iterator[str]:
        """What is wrong with an answer to a GET of this path, as `/manga/{id}`."""
        described = self._told["paths"][path]["get"]["responses"][str(status)]
        schema = described["content"]["application/json"]["schema"]
        whole = {**schema, "components": self._told["components"]}
        for error in jsonschema_rs.Draft7Validator(whole).iter_errors(answer):
            yield f"{'/'.join(map(str, error.instance_path))}: {error.message[:200]}"


def _with_nulls(node: Any) -> Any:
    """OpenAPI 3.0 says `nullable` where JSON Schema names the type null; `format` is no promise."""
    if isinstance(node, list):
        return [_with_nulls(each) for each in node]
    if not isinstance(node, dict):
        return node
    told = {name: _with_nulls(inside) for name, inside in node.items()}
    if told.pop("nullable", False) is True and isinstance(told.get("type"), str):
        told["type"] = [told["type"], "null"]
    return told
