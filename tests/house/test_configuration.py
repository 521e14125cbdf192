"""docs/configuration.md lists every setting of the environment, and no other."""

import ast
import re

import pytest

from tests.house.source import ROOT, modules

pytestmark = pytest.mark.quick

NAME = re.compile(r"^(KIREMISU_[A-Z_]+|DATABASE_URL)$")


def read_in_code() -> set[str]:
    """Names the code reads from the environment; a secret also from NAME_FILE."""
    names = set()
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Constant) and NAME.match(str(node.value)):
                names.add(str(node.value))
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "secret"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                names.add(f"{node.args[0].value}_FILE")
    return names


def documented() -> set[str]:
    text = (ROOT / "docs/configuration.md").read_text()
    return set(re.findall(r"^\| `([A-Z_]+)`", text, re.MULTILINE))


def test_every_setting_is_documented() -> None:
    assert not read_in_code() - documented()


def test_no_setting_is_documented_that_nothing_reads() -> None:
    assert not documented() - read_in_code()
