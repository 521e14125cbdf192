"""What the owner fixed: the top level, the packages, and the shape of the edges."""

import ast
import importlib.metadata
import tomllib
from typing import Any, get_type_hints

import pytest
from ninja.operation import AsyncOperation, Operation

from kiremisu.api import api
from tests.house.source import ROOT, Module, modules, tracked

TOP = {
    "manage.py", "pyproject.toml", "kiremisu", "library", "reader", "metadata", "templates",
    "tests", "Dockerfile", "README.md",
}  # fmt: skip
BESIDE = {
    ".ci", ".dockerignore", ".gitignore", ".python-version", "CHANGELOG.md", "CONTRIBUTING.md",
    "LICENSE", "bench", "compose.yaml", "docs", "static",
}  # fmt: skip
# The owner's packages and the module that shows each in use.
PACKAGES = {
    "django": "django",
    "djangorestframework": "rest_framework",
    "django-ninja": "ninja",
    "psycopg": "psycopg",
    "django-q2": "django_q",
    "djangorestframework-simplejwt": "rest_framework_simplejwt",
    "rarfile": "rarfile",
    "pymupdf": "pymupdf",
    "pillow": "PIL",
    "requests": "requests",
    "ratelimit": "ratelimit",
}
# What may follow visible_to(…) before the one get: narrowing columns and joining rows.
NARROWING = {"select_related", "only", "defer", "filter", "listed", "with_library"}
ASKING = {
    "all", "annotate", "aggregate", "count", "exists", "exclude", "values", "values_list",
    "order_by", "prefetch_related", "raw", "create", "bulk_create", "update", "delete", "first",
    "last", "acount", "aexists", "acreate", "aupdate", "adelete", "afirst",
}  # fmt: skip


def operations() -> list[Operation]:
    return [
        operation
        for _, router in api._routers
        for view in router.path_operations.values()
        for operation in view.operations
    ]


@pytest.mark.quick
def test_the_top_level_is_as_listed() -> None:
    found = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert found >= TOP
    assert found <= TOP | BESIDE


@pytest.mark.quick
def test_the_owners_packages_are_dependencies() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    declared = " ".join(project["project"]["dependencies"] + project["dependency-groups"]["dev"])
    missing = [name for name in {*PACKAGES, "pytest-django"} if name not in declared]
    assert not missing
    assert all(importlib.metadata.version(name) for name in PACKAGES)


@pytest.mark.quick
def test_each_package_is_in_real_use() -> None:
    imported = {name.split(".")[0] for module in modules() for name in module.imported()}
    assert set(PACKAGES.values()) <= imported


@pytest.mark.quick
def test_every_operation_is_async() -> None:
    sync = [o.view_func.__qualname__ for o in operations() if not isinstance(o, AsyncOperation)]
    assert operations()
    assert not sync


@pytest.mark.quick
def test_every_operation_has_typed_arguments() -> None:
    for operation in operations():
        hints = get_type_hints(operation.view_func)
        names = operation.view_func.__code__.co_varnames[
            1 : operation.view_func.__code__.co_argcount
        ]
        assert not [n for n in names if n not in hints], operation.view_func.__qualname__
        assert Any not in hints.values()


@pytest.mark.quick
def test_every_operation_declares_its_answer() -> None:
    silent = [
        operation.view_func.__qualname__
        for operation in operations()
        if not any(200 <= int(code) < 400 for code in operation.response_models if code != "...")
    ]
    assert not silent


@pytest.mark.quick
def test_edges_ask_for_nothing_but_what_is_visible() -> None:
    """There a query is X.objects.visible_to(…) and one get; the rest is a verb's."""
    edges = [module for module in modules() if {"api", "views"} & set(module.name.split("."))]
    assert len(edges) > 4
    assert not [wrong for module in edges for wrong in _asking_elsewhere(module)]


def _asking_elsewhere(module: Module) -> list[str]:
    managers = {
        node.lineno
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}
    }
    lines = managers - set(_visible_lines(module)) | set(_asking_lines(module))
    return [f"{module.place}:{line}" for line in sorted(lines)]


def _visible_lines(module: Module) -> list[int]:
    return [
        node.value.lineno
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "visible_to"
        and isinstance(node.value, ast.Attribute)
    ]


def _asking_lines(module: Module) -> list[int]:
    """Lines where a chain that begins at visible_to(…) goes on with more than narrowing."""
    lines = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            chain, inner = [node.func.attr], node.func.value
            while isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
                chain.append(inner.func.attr)
                inner = inner.func.value
            if "visible_to" in chain:
                after = chain[: chain.index("visible_to")]
                lines += [node.lineno for name in after if name in ASKING]
    return lines
