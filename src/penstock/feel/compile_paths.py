"""Compiles names, paths and contexts (DMN 1.5, 10.3.2.2, 10.3.2.5 and 10.3.2.6)."""

from __future__ import annotations

from penstock.feel.builtins import FUNCTIONS
from penstock.feel.compile_calls import compile_function
from penstock.feel.environment import Env, Fn
from penstock.feel.errors import NoValue
from penstock.feel.hints import nearest
from penstock.feel.scopes import Scope
from penstock.feel.syntax import ContextOf, FunctionOf, Name, Path
from penstock.feel.temporal import PROPERTIES
from penstock.feel.values import Range, Value, a_type, family, plain

_SHORT = 16
"""Entries up to which a context is not counted: the steps of the loop that makes many of them are."""


def compile_name(node: Name, scope: Scope) -> Fn:
    """Compile a name: a binding, a key of the items being filtered, a variable, a built-in function."""
    name = node.name
    slots: list[int] = []
    found: Fn | None = None
    for binding in reversed(scope.bindings):
        if binding.name == name:
            found = _copied(binding.slot) if binding.live else _local(binding.slot)
        elif binding.name is None:
            slots.append(binding.slot)
            if name == "item":
                found = _local(binding.slot)
        if found is not None:
            break
    if found is None:
        scope.free.add(name)
        found = _variable(name, node.at)
    for slot in reversed(slots):
        found = _key_or(slot, name, found)
    return found


def _local(slot: int) -> Fn:
    def run(env: Env) -> Value:
        return env.locals[slot]

    return run


def _copied(slot: int) -> Fn:
    def run(env: Env) -> Value:
        value = env.locals[slot]
        env.meter.tick(len(value) // 16)
        return list(value)

    return run


def _key_or(slot: int, name: str, otherwise: Fn) -> Fn:
    """Compile a name within a filter: a key of the item, where the item is a context that has it."""

    def run(env: Env) -> Value:
        item = env.locals[slot]
        if type(item) is dict and name in item:
            return plain(item[name])
        return otherwise(env)

    return run


def _variable(name: str, at: int) -> Fn:
    function = FUNCTIONS.get(name)

    def run(env: Env) -> Value:
        try:
            value = env.variables[name]
        except KeyError:
            if function is not None:
                return function
            if env.warnings is not None:
                env.warn("unknown-variable", f"no variable named {name!r}{nearest(name, env.variables)}", at)
            return None
        return value if type(value) is not float else plain(value)

    return run


# -- paths -----------------------------------------------------------------------------------------


def compile_path(node: Path, scope: Scope) -> Fn:
    """Compile a path (table 58): an entry of a context, a property, or that of each item of a list."""
    source, name, at = scope.fn(node.source), node.name, node.at

    def run(env: Env) -> Value:
        value = source(env)
        if type(value) is dict and name in value:
            entry = value[name]
            return entry if type(entry) is not float else plain(entry)
        return _member(env, value, name, at)

    return run


def _member(env: Env, value: Value, name: str, at: int) -> Value:
    if isinstance(value, list):
        env.meter.tick(len(value))
        return [_of_one(env, item, name, at) for item in value]
    return _of_one(env, value, name, at)


def _of_one(env: Env, value: Value, name: str, at: int) -> Value:
    if isinstance(value, dict):
        if name in value:
            return plain(value[name])
        hint = nearest(name, value) if env.warnings is not None else ""
        env.warn("unknown-property", f"the context has no entry {name!r}{hint}", at)
        return None
    if isinstance(value, Range):
        return _of_range(env, value, name, at)
    properties = PROPERTIES.get(family(value))
    if properties is not None and name in properties:
        return properties[name](value)
    hint = nearest(name, properties) if properties and env.warnings is not None else ""
    env.warn("unknown-property", f"{a_type(value)} has no {name!r}{hint}", at)
    return None


def _of_range(env: Env, value: Range, name: str, at: int) -> Value:
    if name in ("start", "end"):
        return value.start if name == "start" else value.end
    if name in ("start included", "end included"):
        return value.start_included if name == "start included" else value.end_included
    env.warn("unknown-property", f"a range has no {name!r}", at)
    return None


# -- contexts --------------------------------------------------------------------------------------


def compile_context(node: ContextOf, scope: Scope) -> Fn:
    """Compile a context: each entry sees those before it, and a function sees itself."""
    keys = [key for key, _ in node.entries]
    twice = next((key for key in keys if keys.count(key) > 1), None) if len(set(keys)) < len(keys) else None
    if twice is not None:
        problem = NoValue(f"the context has the key {twice!r} twice", "context")
        return lambda env: env.nothing(problem, node.at)
    entries: list[tuple[str, int, Fn]] = []
    for key, value in node.entries:
        wider, slot = scope.bind(key)
        if isinstance(value, FunctionOf):
            entries.append((key, slot, compile_function(value, wider, own=slot)))
        else:
            entries.append((key, slot, scope.fn(value)))
        scope = wider

    def run(env: Env) -> Value:
        if len(entries) > _SHORT:
            env.meter.tick(len(entries))
        local = env.locals
        context: dict[str, Value] = {}
        for key, slot, entry in entries:
            context[key] = local[slot] = entry(env)
        return context

    return run
