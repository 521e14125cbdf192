"""A file past 300 lines or a function past 40 is asking to be split by meaning."""

import pytest

from tests.house.source import Module, modules

pytestmark = pytest.mark.quick

FILE, FUNCTION = 300, 40
# Each with the reason why it is better whole.
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}
FORBIDDEN = {"utils", "helpers", "services", "managers", "common", "misc"}


def long_functions(module: Module) -> dict[str, int]:
    """The functions of a file that are too long, each with its lines."""
    sizes = {
        f"{module.place}:{function.name}": function.end_lineno - function.lineno + 1
        for function in module.functions()
        if function.end_lineno
    }
    return {place: size for place, size in sizes.items() if size > FUNCTION}


def test_files_are_short() -> None:
    sizes = {module.place: module.text.count("\n") for module in modules()}
    assert not {p: n for p, n in sizes.items() if n > FILE and p not in LONG_FILES}


def test_functions_are_short() -> None:
    found = [place for module in modules() for place in long_functions(module)]
    assert not set(found) - LONG_FUNCTIONS.keys()


def test_names_say_what_a_file_does() -> None:
    assert not [m.place for m in modules() if FORBIDDEN & set(m.path.with_suffix("").parts)]


def test_every_reason_for_length_is_still_needed() -> None:
    found = {place for module in modules() for place in long_functions(module)}
    assert LONG_FUNCTIONS.keys() <= found
    assert LONG_FILES.keys() <= {m.place for m in modules() if m.text.count("\n") > FILE}
