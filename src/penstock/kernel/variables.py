"""Variables: what an element sees, what its mappings give, and where a value that it sets goes.

An element sees its own variables, then those of each scope around it. A value is set in the nearest scope
that already has a variable of that name, else in the process: so a sub-process has for its own only what its
input mappings gave it.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping, MutableMapping

from penstock.kernel import events as e
from penstock.kernel.definition import IoMapping, Value, Variables
from penstock.kernel.state import ROOT, ElementInstance, ProcessInstance, Scope
from penstock.kernel.step import Step


def visible(instance: ProcessInstance, scope: Scope | None, *inner: dict[str, Value] | None) -> Variables:
    """Give what is seen from the scope, with the inner variables, nearest first, over its own."""
    layers: list[MutableMapping[str, Value]] = [layer for layer in inner if layer]
    while scope is not None:
        layers.append(scope.variables)
        scope = None if scope.parent is None else instance.scope(scope.parent)
    return layers[0] if len(layers) == 1 else ChainMap(*layers)


def seen_by(instance: ProcessInstance, scope: Scope, element: ElementInstance) -> Variables:
    """Give what the element instance sees, its result included."""
    if element.result or element.variables:
        return visible(instance, scope, element.result, element.variables)
    return scope.variables if scope.parent is None else visible(instance, scope)


def evaluate(
    mappings: Iterable[IoMapping], sources: Variables, targets: Mapping[str, Value], now: int
) -> dict[str, Value]:
    """Give the variables that the mappings set: `targets` are those that a dotted path extends.

    Each mapping sees what the ones before it gave.

    Raises:
        Failure: a source has no value.
    """
    values: dict[str, Value] = {}
    for mapping in mappings:
        value = mapping.source(ChainMap(values, sources) if values else sources, now)  # type: ignore[arg-type]
        name, *path = mapping.target
        base = values[name] if name in values else targets.get(name)
        values[name] = _with_path(base, path, value)
    return values


def _with_path(base: Value, path: list[str], value: Value) -> Value:
    """Give `base` with the value at the path: a copy, since values are shared with events."""
    if not path:
        return value
    fields = dict(base) if isinstance(base, dict) else {}
    fields[path[0]] = _with_path(fields.get(path[0]), path[1:], value)
    return fields


def propagate(step: Step, scope: Scope, values: Mapping[str, Value]) -> None:
    """Set each value in the nearest scope that has its name, else in the process."""
    if not values:
        return
    if scope.parent is None:
        step.emit(e.VariablesSet(scope.key, None, dict(values)))
        return
    by_scope: dict[int, dict[str, Value]] = {}
    for name, value in values.items():
        by_scope.setdefault(_home(step.instance, scope, name), {})[name] = value
    for key, part in by_scope.items():
        step.emit(e.VariablesSet(key, None, part))


def _home(instance: ProcessInstance, scope: Scope, name: str) -> int:
    at: Scope | None = scope
    while at is not None:
        if name in at.variables:
            return at.key
        at = None if at.parent is None else instance.scope(at.parent)
    return ROOT
