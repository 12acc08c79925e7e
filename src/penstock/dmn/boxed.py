"""Compiles boxed expressions (DMN 1.5, 10.2.1) to closures over a frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from penstock.dmn.frame import Frame, Run
from penstock.dmn.functions import Parameter, function
from penstock.dmn.raw import (
    Boxed,
    Conditional,
    Context,
    Filter,
    Function,
    Invocation,
    Iteration,
    ListOf,
    Literal,
    Relation,
    Table,
    Variable,
)
from penstock.dmn.scope import NO_MEMBERS, Names, members_of, of_variables
from penstock.dmn.table import compile_table
from penstock.dmn.typed import refused, typed
from penstock.dmn.types import ItemType
from penstock.feel.compile_loops import range_items
from penstock.feel.environment import Env
from penstock.feel.errors import NoValue
from penstock.feel.values import Function as FunctionValue, Range, Value, a_type, is_number, number
from penstock.xml import Spot


def compile_boxed(box: Boxed | None, names: Names, at: Spot) -> Run:
    """Compile an expression, and report what is wrong with it.

    Args:
        box: the expression; None where the model has none, which is null with a warning.
        names: what is in scope.
        at: the place of the element that should hold the expression.
    """
    if box is None:
        names.report.error(
            "no-expression",
            at,
            "An expression is missing here.",
            "Write the expression, or remove its holder.",
        )
        return refused("no-expression", "an expression is missing in the model")
    run = _COMPILERS[type(box)](box, names)
    # The type of a function is here that of its result, which the body takes care of.
    return run if isinstance(box, Function) else typed(run, names.type(box.type, box.at))


def _literal(box: Literal, names: Names) -> Run:
    expression = names.compile(box)
    if expression is None:
        return refused("syntax", f"the model has a faulty expression: {box.text[:60]!r}")
    return lambda frame: expression.evaluate_in(frame.env)


def _context(box: Context, names: Names) -> Run:
    entries: list[tuple[str | None, Run]] = []
    for entry in box.entries:
        variable = entry.variable
        inner = names
        if variable is not None and isinstance(entry.value, Function):
            # A function may call itself by the name of its entry.
            inner = names.within({variable.name: NO_MEMBERS})
        run = compile_boxed(entry.value, inner, entry.at)
        if variable is None:
            entries.append((None, run))
            continue
        entries.append((variable.name, typed(run, names.type(variable.type, variable.at))))
        names = names.within({variable.name: members_of(entry.value, variable.type, names.types)})

    def run_context(frame: Frame) -> Value:
        variables = dict(frame.env.variables)
        inner = frame.inner(variables)
        context: dict[str, Value] = {}
        for name, entry in entries:
            value = entry(inner)
            if name is None:
                return value
            context[name] = variables[name] = value
        return context

    return run_context


def _list(box: ListOf, names: Names) -> Run:
    items = [compile_boxed(item, names, box.at) for item in box.items]
    return lambda frame: [item(frame) for item in items]


def _relation(box: Relation, names: Names) -> Run:
    types = [names.type(column.type, column.at) for column in box.columns]
    rows = [
        [
            (column.name, typed(compile_boxed(cell, names, box.at), type))
            for column, type, cell in zip(box.columns, types, row, strict=False)
        ]
        for row in box.rows
    ]
    return lambda frame: [{name: cell(frame) for name, cell in row} for row in rows]


def _invocation(box: Invocation, names: Names) -> Run:
    callee = compile_boxed(box.function, names, box.at)
    parameters = [binding.name for binding in box.bindings]
    arguments = [compile_boxed(binding.value, names, binding.at) for binding in box.bindings]
    text = box.function.text if isinstance(box.function, Literal) else "the expression"

    def run(frame: Frame) -> Value:
        called = callee(frame)
        if not isinstance(called, FunctionValue):
            frame.env.warn("unknown-function", f"{text!r} is {a_type(called)}, not a function", 0)
            return None
        try:
            return called.call(frame.env, [argument(frame) for argument in arguments], parameters)
        except NoValue as problem:
            return frame.env.nothing(problem, 0)

    return run


# -- functions -------------------------------------------------------------------------------------


def parameters_of(variables: Iterable[Variable], names: Names) -> tuple[Parameter, ...]:
    """Give the parameters of a function with their types."""
    return tuple(Parameter(each.name, names.type(each.type, each.at)) for each in variables)


def result_type(name: str | None, at: Spot, names: Names) -> ItemType | None:
    """Give the type of what a function gives. Where a model names the type of the function as a whole, that
    says nothing of a single result.
    """
    type = names.type(name, at)
    return None if type is not None and type.base == "function" else type


def compile_body(box: Function, names: Names) -> Run:
    """Compile the body of a function, in a scope with its parameters."""
    if box.kind.upper() not in ("FEEL", "F"):
        return refused(
            "external-function", f"the function is written in {box.kind}, which a model may not run"
        )
    inner = names.within(of_variables(((each.name, each.type) for each in box.parameters), names.types))
    return typed(compile_boxed(box.body, inner, box.at), result_type(box.type, box.at, names))


def _function(box: Function, names: Names) -> Run:
    parameters = parameters_of(box.parameters, names)
    body = compile_body(box, names)
    given = result_type(box.type, box.at, names)

    def run(frame: Frame) -> Value:
        variables, trace = frame.env.variables, frame.trace

        def call(env: Env, arguments: dict[str, Value]) -> Value:
            return body(Frame(env.inner([], {**variables, **arguments}), trace))

        return function(None, parameters, call, given)

    return run


# -- control ---------------------------------------------------------------------------------------


def _conditional(box: Conditional, names: Names) -> Run:
    condition, then, otherwise = (
        compile_boxed(part, names, box.at) for part in (box.condition, box.then, box.otherwise)
    )

    def run(frame: Frame) -> Value:
        value = condition(frame)
        if type(value) is not bool:
            frame.env.warn("type", f"the condition of 'if' is {a_type(value)}, which counts as false", 0)
        return then(frame) if value is True else otherwise(frame)

    return run


def _filter(box: Filter, names: Names) -> Run:
    source = compile_boxed(box.source, names, box.at)
    keys = members_of(box.source, None, names.types)
    inner = names.within({"item": keys, **dict.fromkeys(keys, NO_MEMBERS)})
    match = compile_boxed(box.match, inner, box.at)

    def run(frame: Frame) -> Value:
        value = source(frame)
        if value is None:
            return None
        items = value if isinstance(value, list) else [value]
        if not items and is_number(position := match(_with_item(frame, None))):
            return _item_at(frame, items, number(position))
        chosen: list[Value] = []
        for item in items:
            answer = match(_with_item(frame, item))
            if is_number(answer):
                return _item_at(frame, items, number(answer))
            if answer is True:
                chosen.append(item)
        return chosen

    return run


def _with_item(frame: Frame, item: Value) -> Frame:
    frame.env.meter.tick()
    keys = item if isinstance(item, dict) else {}
    return frame.inner({**frame.env.variables, "item": item, **keys})


def _item_at(frame: Frame, items: list[Value], position: Value) -> Value:
    if type(position) is int and position != 0 and -len(items) <= position <= len(items):
        return items[position - 1 if position > 0 else position]
    frame.env.warn(
        "index", f"no item {position} in a list of {len(items)}; positions are 1 to {len(items)}", 0
    )
    return None


def _iteration(box: Iteration, names: Names) -> Run:
    source = compile_boxed(box.source, names, box.at)
    members = members_of(box.source, None, names.types)
    inner = {box.variable: members, "partial": NO_MEMBERS} if box.word == "for" else {box.variable: members}
    body = compile_boxed(box.body, names.within(inner), box.at)
    finish = _returned if box.word == "for" else _quantified
    every = box.word == "every"

    def run(frame: Frame) -> Value:
        try:
            items = _items(source(frame))
        except NoValue as problem:
            return frame.env.nothing(problem, 0)
        return finish(frame, items, box.variable, body, every)

    return run


def _items(value: Value) -> Iterable[Value]:
    if isinstance(value, list):
        return value
    if isinstance(value, Range):
        return range_items(value)
    raise NoValue(f"cannot loop over {a_type(value)}; a list or a range is needed", "loop")


def _returned(frame: Frame, items: Iterable[Value], variable: str, body: Run, _: bool) -> Value:
    results: list[Value] = []
    for inner, variables in _rounds(frame, items, variable):
        variables["partial"] = list(results)
        frame.env.meter.tick(len(results) // 16)
        results.append(body(inner))
    return results


def _quantified(frame: Frame, items: Iterable[Value], variable: str, body: Run, every: bool) -> Value:
    """Give `some` or `every` by three-valued logic (table 50); an answer of another type spoils all."""
    result: bool | None = every
    for inner, _ in _rounds(frame, items, variable):
        value = body(inner)
        if value is (not every):
            return value
        if value is None:
            result = None
        elif type(value) is not bool:
            frame.env.warn("type", f"what is asked of each item gives {a_type(value)}, not a boolean", 0)
            return None
    return result


def _rounds(frame: Frame, items: Iterable[Value], variable: str) -> Iterator[tuple[Frame, dict[str, Value]]]:
    for item in items:
        frame.env.meter.tick()
        variables = {**frame.env.variables, variable: item}
        yield frame.inner(variables), variables


_COMPILERS: dict[type, Callable[[Any, Names], Run]] = {
    Literal: _literal,
    Context: _context,
    ListOf: _list,
    Relation: _relation,
    Invocation: _invocation,
    Function: _function,
    Conditional: _conditional,
    Filter: _filter,
    Iteration: _iteration,
    Table: compile_table,
}
