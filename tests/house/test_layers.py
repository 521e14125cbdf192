"""Who may import whom (HOUSE: imports point down, absolute, at the top of the file)."""

import ast
from collections.abc import Iterator

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
    "library.naming.rules",
    "library.images",
    "library.disk",
    "library.facts",
    "library.completeness",
    "library.holding",
    "library.merging",
    "library.sidecars",
    "library.uploads.names",
    "library.uploads.protocol",
    "library.uploads.placing",
    "library.scanning.plan",
    "library.filters.language",
    "metadata.matching",
    "metadata.watching.reconciling",
    "metadata.watching.scheduling",
    "kiremisu.lib.text",
    "kiremisu.lib.paths",
    "kiremisu.lib.ids",
    "kiremisu.lib.errors",
    "kiremisu.lib.children",
)
EDGES = ("api", "views", "admin", "urls", "forms")
# Entry points, which must set things up before they import.
MAY_DEFER = ("manage", "kiremisu.asgi", "kiremisu.wsgi")


def room(name: str) -> str:
    """The innermost room of the house that a dotted name belongs to, or nothing."""
    fitting = [known for known in BELOW if name == known or name.startswith(known + ".")]
    return max(fitting, key=len, default="")


def within(name: str, places: tuple[str, ...]) -> bool:
    return any(name == place or name.startswith(place + ".") for place in places)


def climbing(module: Module) -> Iterator[str]:
    """What a module imports from a room that is not below its own."""
    home = room(module.name)
    for name in module.imported():
        if room(name) and room(name) != home and not within(name, BELOW[home]):
            yield f"{module.place} imports {name}"


def deferred(module: Module) -> Iterator[str]:
    """The imports of a module that stand inside a function."""
    for function in module.functions():
        if module.path.name == "apps.py" and function.name == "ready":
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield f"{module.place}:{node.lineno}"


def is_edge(module: Module) -> bool:
    parts = set(module.name.split(".")[1:])
    return bool(parts & {*EDGES, "asgi", "settings", "management"})


def test_imports_point_down() -> None:
    assert not [wrong for module in modules() for wrong in climbing(module)]


def test_pure_modules_know_no_django() -> None:
    pure = [module for module in modules() if within(module.name, PURE)]
    assert len(pure) > len(PURE)
    assert not [
        f"{module.place} imports {name}"
        for module in pure
        for name in module.imported()
        if within(name, ("django", "psycopg", "ninja"))
    ]


def test_no_import_is_deferred() -> None:
    looked_at = (module for module in modules() if module.name not in MAY_DEFER)
    assert not [wrong for module in looked_at for wrong in deferred(module)]


def test_imports_are_absolute() -> None:
    assert not [
        f"{module.place}:{node.lineno}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]


def test_nothing_below_the_edges_imports_an_edge() -> None:
    assert not [
        f"{module.place} imports {name}"
        for module in modules()
        if not is_edge(module)
        for name in module.imported()
        if room(name) and set(name.split(".")[1:]) & set(EDGES)
    ]
