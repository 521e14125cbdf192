"""docs/errors.md names every code that a refusal may carry, with its status, and no other."""

import ast
import re
from collections import defaultdict

import pytest

from kiremisu.lib import errors
from library.archives import CODES
from tests.house.source import ROOT, modules

pytestmark = pytest.mark.quick

ROW = re.compile(r"^\| `(\w+)` \| ([\d, ]+) \|", re.MULTILINE)


def kinds() -> dict[str, tuple[str, int]]:
    """Every class of refusal by its name: its code and its status."""
    found = {
        kind.__name__: (kind.code, errors.STATUS[kind])
        for kind in errors.STATUS
    }  # fmt: skip
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef) and node.name not in found:
                parents = [base.id for base in node.bases if isinstance(base, ast.Name)]
                for parent in parents:
                    if parent in found:
                        found[node.name] = (_own_code(node) or found[parent][0], found[parent][1])
    # What broke on our side is no refusal, and answered as such.
    return found | {"Broken": (found["Broken"][0], 500)}


def _own_code(node: ast.ClassDef) -> str:
    for line in node.body:
        match line:
            case ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=str(code))):
                return code
    return ""


def raised() -> dict[str, set[int]]:
    """Every code in the source with the statuses it comes with."""
    known = kinds()
    found: dict[str, set[int]] = defaultdict(set)
    for code, status in known.values():
        found[code].add(status)
    for module in modules():
        for node in ast.walk(module.tree):
            match node:
                case ast.Call(func=ast.Name(id=name), keywords=keywords) if name in known:
                    for keyword in keywords:
                        if keyword.arg == "code" and isinstance(keyword.value, ast.Constant):
                            found[str(keyword.value.value)].add(known[name][1])
    for code in CODES:
        found[code].add(errors.STATUS[errors.Unreadable])
    return dict(found)


def documented() -> dict[str, set[int]]:
    text = (ROOT / "docs/errors.md").read_text()
    return {code: {int(one) for one in statuses.split(",")} for code, statuses in ROW.findall(text)}


def test_every_code_is_documented_with_its_status() -> None:
    assert documented() == raised()


def test_a_code_is_documented_once() -> None:
    codes = [code for code, _ in ROW.findall((ROOT / "docs/errors.md").read_text())]
    assert len(set(codes)) == len(codes)
    assert codes == sorted(codes)


def test_codes_that_only_show_when_it_runs_are_those_of_books() -> None:
    known = kinds()
    places = {
        module.place
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in known
        for keyword in node.keywords
        if keyword.arg == "code" and not isinstance(keyword.value, ast.Constant)
    }
    assert places == {
        "kiremisu/lib/children.py",
        "library/archives/codes.py",
        "library/pagecache.py",
        "library/shelving.py",
        "library/uploads/tasks.py",
        "reader/opening.py",
    }
