"""Who may import whom (HOUSE: imports point down, absolute, at the top of the file)."""

import ast

import pytest

from tests.house.source import Module, modules

pytestmark = pytest.mark.quick

# What each room may import of ours besides itself.
BELOW = {
    "kiremisu.lib": (),
    "kiremisu.accounts": ("kiremisu.lib",),
    "kiremisu.jobs": ("kiremisu.lib", "kiremisu.accounts"),
    "kiremisu.server": ("kiremisu.lib", "kiremisu.accounts", "kiremisu.jobs", "library"),
    "library": ("kiremisu.lib", "kiremisu.accounts", "kiremisu.jobs"),
    "reader": ("kiremisu.lib", "kiremisu.accounts", "kiremisu.jobs", "library"),
    "metadata": ("kiremisu.lib", "kiremisu.accounts", "kiremisu.jobs", "library"),
    "kiremisu": ("kiremisu", "library", "reader", "metadata"),
}
# Pure modules know no Django and no database.
PURE = (
    "library.names",
    "library.archives",
    "library.images",
    "library.disk",
    "library.scanning.plan",
    "kiremisu.lib.text",
    "kiremisu.lib.paths",
    "kiremisu.lib.ids",
    "kiremisu.lib.errors",
    "kiremisu.lib.children",
)
# Lower floors first: models know no edges, verbs know no edges.
EDGES = ("api", "views", "admin", "urls", "forms")
MAY_DEFER = ("manage", "kiremisu.asgi", "kiremisu.wsgi")


def room(name: str) -> str:
    """The innermost room of the house that a dotted name belongs to, or nothing."""
    fitting = [known for known in BELOW if name == known or name.startswith(known + ".")]
    return max(fitting, key=len, default="")


def within(name: str, places: tuple[str, ...]) -> bool:
    return any(name == place or name.startswith(place + ".") for place in places)


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_imports_point_down(module: Module) -> None:
    home = room(module.name)
    wrong = [
        name
        for name in module.imported()
        if room(name) and room(name) != home and not within(name, BELOW[home])
    ]
    assert not wrong, f"{module.place} may not import {wrong}"


@pytest.mark.parametrize(
    "module", [m for m in modules() if within(m.name, PURE)], ids=lambda module: module.name
)
def test_pure_modules_know_no_django(module: Module) -> None:
    wrong = [name for name in module.imported() if within(name, ("django", "psycopg", "ninja"))]
    assert not wrong, f"{module.place} is pure and may not import {wrong}"


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_no_import_is_deferred(module: Module) -> None:
    deferred = [
        node.lineno
        for function in module.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and not (module.path.name == "apps.py" and function.name == "ready")
    ]
    assert module.name in MAY_DEFER or not deferred, f"{module.place}: lines {deferred}"


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_imports_are_absolute(module: Module) -> None:
    relative = [
        n.lineno for n in ast.walk(module.tree) if isinstance(n, ast.ImportFrom) and n.level
    ]
    assert not relative, f"{module.place}: lines {relative}"


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_nothing_below_the_edges_imports_an_edge(module: Module) -> None:
    name = module.name.rsplit(".", 1)[-1]
    if name in (*EDGES, "asgi", "settings") or "management" in module.name:
        return
    edges = [
        imported
        for imported in module.imported()
        if room(imported) and set(imported.split(".")[1:]) & set(EDGES)
    ]
    assert not edges, f"{module.place} is no edge and may not import {edges}"
