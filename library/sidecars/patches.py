"""The patch of what a sidecar said."""

from typing import Any

from pydantic import ValidationError

from library.facts import Patch


def patch_of(facts: dict[str, Any]) -> Patch:
    """The facts as a patch, without those that no patch takes."""
    try:
        return Patch.model_validate(facts)
    except ValidationError as error:
        wrong = {fault["loc"][0] for fault in error.errors()}
        return Patch.model_validate({k: v for k, v in facts.items() if k not in wrong})
