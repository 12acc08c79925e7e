"""The functions of contexts (DMN 1.5, 10.3.4.11)."""

from __future__ import annotations

from penstock.feel.errors import NoValue
from penstock.feel.values import Value, a_type

Context = dict[str, Value]


def get_value(context: Context, key: str) -> Value:
    """get value(m, key)"""
    return context.get(key)


def get_value_at(context: Context, keys: list[Value]) -> Value:
    """get value(context, keys): along a path of keys. Camunda's."""
    _all_strings(keys)
    value: Value = context
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def _all_strings(keys: list[Value]) -> None:
    if not keys:
        raise NoValue("the list of keys is empty", "argument")
    for key in keys:
        if not isinstance(key, str):
            raise NoValue(f"a key must be a string, not {a_type(key)}", "argument")


def get_entries(context: Context) -> list[Value]:
    """get entries(m)"""
    return [{"key": key, "value": value} for key, value in context.items()]


def put(context: Context, key: str, value: Value) -> Context:
    """context put(context, key, value)"""
    return {**context, key: value}


def put_at(context: Context, keys: list[Value], value: Value) -> Context:
    """context put(context, keys, value): along a path of keys, each but the last of which must hold a
    context.

    Another value gives way to a context where the last key only is left, as in other engines.
    """
    _all_strings(keys)
    inside: Value = context
    along: list[Context] = []
    for place, key in enumerate(keys, 1):
        if place == len(keys) and inside is not None and not isinstance(inside, dict):
            inside = {}
        if not isinstance(inside, dict):
            raise NoValue(f"there is no context to put the key {key!r} in", "argument")
        along.append(inside)
        inside = inside.get(key)
    for key, outer in zip(reversed(keys), reversed(along), strict=True):
        value = {**outer, key: value}
    return value  # type: ignore[no-any-return]


def merge(contexts: list[Context]) -> Context:
    """context merge(contexts): the later entry wins."""
    return {key: value for context in contexts for key, value in context.items()}


def from_entries(entries: list[Value]) -> Context:
    """context(entries): of contexts with a key and a value each."""
    result: Context = {}
    for entry in entries:
        if not isinstance(entry, dict) or "key" not in entry or "value" not in entry:
            raise NoValue("each entry must be a context with 'key' and 'value'", "argument")
        key = entry["key"]
        if not isinstance(key, str):
            raise NoValue(f"a key must be a string, not {a_type(key)}", "argument")
        if key in result:
            raise NoValue(f"the key {key!r} occurs twice", "argument")
        result[key] = entry["value"]
    return result
