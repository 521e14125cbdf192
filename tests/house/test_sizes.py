"""A file past 300 lines or a function past 40 is asking to be split by meaning."""

import pytest

from tests.house.source import Module, modules

pytestmark = pytest.mark.quick

FILE, FUNCTION = 300, 40
# Each with the reason why it is better whole.
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}
FORBIDDEN = {"utils", "helpers", "services", "managers", "common", "misc"}


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_files_are_short(module: Module) -> None:
    lines = module.text.count("\n")
    assert lines <= FILE or module.place in LONG_FILES, f"{module.place} has {lines} lines"


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_functions_are_short(module: Module) -> None:
    long = {
        f"{module.place}:{function.name}": function.end_lineno - function.lineno + 1
        for function in module.functions()
        if function.end_lineno and function.end_lineno - function.lineno + 1 > FUNCTION
    }
    assert not long.keys() - LONG_FUNCTIONS.keys(), long


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_names_say_what_a_file_does(module: Module) -> None:
    assert not FORBIDDEN & set(module.path.with_suffix("").parts)


def test_every_reason_for_length_is_still_needed() -> None:
    places = {module.place for module in modules()}
    assert LONG_FILES.keys() <= places
    assert {entry.split(":")[0] for entry in LONG_FUNCTIONS} <= places
