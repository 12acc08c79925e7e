"""What the source says of a struct's fields: the docstrings below them, which Python itself drops.

So a field is described once, where it is written, and the documentation shows just that.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any, get_origin

import msgspec


def describe(types: list[Any], components: dict[str, dict[str, Any]]) -> None:
    """Add the descriptions of the fields of all structs in the types to their schemas.

    Args:
        types: what the schemas were made from.
        components: the schemas by name, each with the name of its struct as its title.
    """
    docs = {struct.__name__: _of_struct(struct) for struct in _structs(types)}
    for schema in components.values():
        of_fields = docs.get(schema.get("title", "").partition("[")[0], {})
        for name, field in schema.get("properties", {}).items():
            if name in of_fields:
                field.setdefault("description", of_fields[name])


def _structs(types: list[Any]) -> Iterator[type[msgspec.Struct]]:
    left: list[Any] = list(msgspec.inspect.multi_type_info(types))
    seen: set[Any] = set()
    while left:
        node = left.pop()
        if isinstance(node, msgspec.inspect.StructType):
            if node.cls in seen:
                continue
            seen.add(node.cls)
            yield get_origin(node.cls) or node.cls
        if isinstance(node, msgspec.Struct):
            left += [getattr(node, name) for name in node.__struct_fields__]
        elif isinstance(node, tuple | list):
            left += node


def _of_struct(struct: type[msgspec.Struct]) -> dict[str, str]:
    """Give the descriptions by the names that the fields have in JSON."""
    found: dict[str, str] = {}
    for owner in reversed(struct.__mro__):
        found |= _of_module(owner.__module__).get(owner.__name__, {})
    return {
        field.encode_name: found[field.name]
        for field in msgspec.structs.fields(struct)
        if field.name in found
    }


@cache
def _of_module(name: str) -> dict[str, dict[str, str]]:
    """Give the docstrings of a module's fields, by class and field; none where its source is not at hand."""
    try:
        tree = ast.parse(inspect.getsource(sys.modules[name]))
    except (OSError, TypeError):
        return {}
    classes = (node for node in tree.body if isinstance(node, ast.ClassDef))
    return {node.name: dict(_of_class(node)) for node in classes}


def _of_class(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, below in pairwise(node.body):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield name, inspect.cleandoc(text)
