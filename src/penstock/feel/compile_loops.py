"""Compiles what runs over lists: `for`, `some`, `every` and filters (DMN 1.5, 10.3.2.14, 10.3.2.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from penstock.feel import comparison
from penstock.feel.environment import Env, Fn
from penstock.feel.errors import NoValue
from penstock.feel.scopes import Scope
from penstock.feel.syntax import (
    Between,
    Comparison,
    Conjunction,
    Disjunction,
    Filter,
    For,
    In,
    InstanceOf,
    Iterator as IteratorNode,
    Literal,
    Name,
    Negation,
    Quantified,
)
from penstock.feel.values import Range, Value, a_type, is_number, number

_Domain = tuple[int, Callable[[Env], Iterable[Value]]]
"""The slot of a loop's variable, and what it runs over."""


# -- for, some, every ------------------------------------------------------------------------------


def compile_for(node: For, scope: Scope) -> Fn:
    """Compile `for`: a list of the results, which the body sees as `partial` while it grows."""
    scope, partial = scope.bind("partial", live=True)
    domains, inner = _domains(node.iterators, scope)
    result = inner.fn(node.result)

    def run(env: Env) -> Value:
        results: list[Value] = []
        outer = env.locals[partial]
        env.locals[partial] = results
        try:
            for _ in _rounds(env, domains):
                results.append(result(env))
        except NoValue as problem:
            return env.nothing(problem, node.at)
        finally:
            env.locals[partial] = outer
        return results

    return run


def compile_quantified(node: Quantified, scope: Scope) -> Fn:
    """Compile `some` and `every`, which are an `or` and an `and` over the rounds (table 50)."""
    domains, inner = _domains(node.iterators, scope)
    condition = inner.fn(node.condition)
    decisive = not node.every

    def run(env: Env) -> Value:
        result: bool | None = not decisive
        try:
            for _ in _rounds(env, domains):
                value = condition(env)
                if value is decisive:
                    return decisive
                if type(value) is not bool:
                    result = None
        except NoValue as problem:
            return env.nothing(problem, node.at)
        return result

    return run


def _domains(iterators: tuple[IteratorNode, ...], scope: Scope) -> tuple[tuple[_Domain, ...], Scope]:
    domains: list[_Domain] = []
    for iterator in iterators:
        start = scope.fn(iterator.start)
        end = None if iterator.end is None else scope.fn(iterator.end)
        scope, slot = scope.bind(iterator.name)
        domains.append((slot, _domain(start, end)))
    return tuple(domains), scope


def _domain(start: Fn, end: Fn | None) -> Callable[[Env], Iterable[Value]]:
    if end is None:
        return lambda env: _items(start(env))

    def between(env: Env) -> Iterable[Value]:
        return steps(start(env), end(env))

    return between


def _rounds(env: Env, domains: tuple[_Domain, ...]) -> Iterator[None]:
    """Bind the loop's variables to each combination of their values, one round after the other."""
    slot, domain = domains[0]
    rest = domains[1:]
    local, tick = env.locals, env.meter.tick
    for value in domain(env):
        tick()
        local[slot] = value
        if rest:
            yield from _rounds(env, rest)
        else:
            yield


def _items(value: Value) -> Iterable[Value]:
    if isinstance(value, list):
        return value
    if isinstance(value, Range):
        return range_items(value)
    raise NoValue(f"cannot loop over {a_type(value)}; a list or a range is needed", "loop")


def steps(start: Value, end: Value) -> Iterable[Value]:
    """Give the whole numbers, or the dates, from one to the other, downwards too (10.3.2.14).

    Raises:
        NoValue: the ends are not two whole numbers or two dates.
    """
    if is_number(start) and is_number(end):
        first, last = number(start), number(end)
        if type(first) is int and type(last) is int:
            return range(first, last + 1) if first <= last else range(first, last - 1, -1)
    elif type(start) is date and type(end) is date:
        return _dates(start, end)
    raise NoValue(
        f"cannot loop from {a_type(start)} to {a_type(end)}; whole numbers or dates are needed", "loop"
    )


def _dates(start: date, end: date) -> Iterator[date]:
    step = 1 if start <= end else -1
    for offset in range(0, (end - start).days + step, step):
        yield start + timedelta(days=offset)


def range_items(value: Range) -> Iterable[Value]:
    """Give the whole numbers or dates in a range.

    Raises:
        NoValue: the range has an open end, or is one of other values.
    """
    if value.operator is not None:
        raise NoValue("cannot loop over a range without two ends", "loop")
    items = steps(value.start, value.end)
    left_out = [] if value.start_included else [value.start]
    left_out += [] if value.end_included else [value.end]
    return (item for item in items if item not in left_out) if left_out else items


# -- filters ---------------------------------------------------------------------------------------

_CONDITIONS = (Comparison, Conjunction, Disjunction, Between, In, InstanceOf, Quantified)
"""Expressions that are never a number, so that they cannot be an index."""


def compile_filter(node: Filter, scope: Scope) -> Fn:
    """Compile a filter (table 59): the item at a position, or all items that meet a condition."""
    source = _raw(node, scope)
    inner, slot = scope.bind(None)
    condition = inner.fn(node.condition)
    may_index = not isinstance(node.condition, _CONDITIONS)
    at = node.at

    def run(env: Env) -> Value:
        value = source(env)
        if value is None:
            return None
        items = value if isinstance(value, list) else [value]
        if may_index:
            index = _outside(env, condition, slot)
            if is_number(index):
                return _item(env, items, index, at)
        return _chosen(env, items, condition, slot, at)

    return run


def _raw(node: Filter, scope: Scope) -> Fn:
    """Compile the source: `partial[-1]` may read the growing list itself, since it hands out an item only."""
    if isinstance(node.source, Name) and isinstance(node.condition, Literal | Negation):
        for binding in reversed(scope.bindings):
            if binding.name == node.source.name and binding.live:
                slot = binding.slot
                return lambda env: env.locals[slot]
            if binding.name is None or binding.name == node.source.name:
                break
    return scope.fn(node.source)


def _outside(env: Env, condition: Fn, slot: int) -> Value:
    """Give the value that a filter's condition has without an item: a number there is an index."""
    local, warnings = env.locals, env.warnings
    outer, local[slot] = local[slot], None
    env.warnings = None
    env.meter.tick()
    try:
        return condition(env)
    finally:
        env.warnings = warnings
        local[slot] = outer


def _item(env: Env, items: list[Value], index: Value, at: int) -> Value:
    position = number(index) if type(index) is not int else index
    if type(position) is int:
        if 1 <= position <= len(items):
            return items[position - 1]
        if -len(items) <= position <= -1:
            return items[position]
    env.warn("index", f"no item {index} in a list of {len(items)}; positions are 1 to {len(items)}", at)
    return None


def _chosen(env: Env, items: list[Value], condition: Fn, slot: int, at: int) -> list[Value]:
    local, tick = env.locals, env.meter.tick
    outer = local[slot]
    chosen: list[Value] = []
    for item in items:
        tick()
        local[slot] = item
        value = condition(env)
        if value is True or (type(value) is Range and _within(item, value)):
            chosen.append(item)
        elif value is not False and value is not None and type(value) is not Range:
            env.warn("type", f"the condition of the filter is {a_type(value)}, which counts as false", at)
    local[slot] = outer
    return chosen


def _within(item: Value, test: Range) -> bool:
    try:
        return comparison.contains(test, item)
    except NoValue:
        return False
