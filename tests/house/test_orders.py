"""Rows are put in order by what they hold themselves."""

import ast
from collections.abc import Iterator

import pytest
from django.apps import apps

from tests.house.source import Module, modules

pytestmark = pytest.mark.quick

RELATIONS = {
    field.name
    for model in apps.get_models()
    if model.__module__.partition(".")[0] in {"kiremisu", "library", "reader", "metadata"}
    for field in model._meta.get_fields()
    if field.many_to_one or field.one_to_one
}


def by_relations(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "order_by":
            named = (each.value for each in node.args if isinstance(each, ast.Constant))
            wrong = [each for each in named if str(each).lstrip("-") in RELATIONS]
            yield from (f"{module.place}:{node.lineno} by {each}" for each in wrong)


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.place)
def test_no_order_is_that_of_the_rows_pointed_at(module: Module) -> None:
    # `order_by("series")` joins the series and takes their order, by title: who goes on behind
    # the last id misses some.
    assert list(by_relations(module)) == []
