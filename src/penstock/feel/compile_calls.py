"""Compiles calls, functions and `instance of` (DMN 1.5, 10.3.2.12, 10.3.2.13 and 10.3.2.9)."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.feel.builtins import FUNCTIONS
from penstock.feel.environment import Env, Fn
from penstock.feel.errors import FeelLimitError, NoValue, Warning
from penstock.feel.hints import nearest
from penstock.feel.limits import DEFAULT_LIMITS
from penstock.feel.scopes import Constant, Scope
from penstock.feel.subtypes import function_type
from penstock.feel.syntax import Call, FunctionOf, InstanceOf, Name
from penstock.feel.types import admitted, conforms
from penstock.feel.values import Function, Value, a_type


def compile_call(node: Call, scope: Scope) -> Fn:
    """Compile a call, of a function of the language or of any value that is a function."""
    arguments = [scope.fn(argument) for argument in node.arguments]
    names, at = node.names, node.at
    if isinstance(node.function, Name) and not scope.binds(node.function.name):
        builtin = FUNCTIONS.get(node.function.name)
        if builtin is not None:
            return _folded_call(_builtin_call(builtin, arguments, names, at), builtin, arguments)
    callee = scope.fn(node.function)
    named = node.function.name if isinstance(node.function, Name) else None

    def run(env: Env) -> Value:
        function = _quietly(env, callee) if named else callee(env)
        if not isinstance(function, Function):
            env.warn("unknown-function", _no_function(env, named, function), at)
            return None
        values = [argument(env) for argument in arguments]
        return _invoke(env, function, values, names, at)

    return run


def _quietly(env: Env, callee: Fn) -> Value:
    """Find the function without the warning that no variable has its name: a better one follows."""
    warnings, env.warnings = env.warnings, None
    try:
        return callee(env)
    finally:
        env.warnings = warnings


def _no_function(env: Env, name: str | None, value: Value) -> str:
    if name is None or value is not None:
        return f"cannot call {a_type(value)}"
    hint = nearest(name, [*FUNCTIONS, *env.variables]) if env.warnings is not None else ""
    return f"no function named {name!r}{hint}"


def _builtin_call(builtin: Function, arguments: list[Fn], names: Sequence[str] | None, at: int) -> Fn:
    name = builtin.name or ""

    def run(env: Env) -> Value:
        values = [argument(env) for argument in arguments]
        own = env.variables.get(name)
        return _invoke(env, own if type(own) is Function else builtin, values, names, at)

    return run


def _invoke(env: Env, function: Function, values: list[Value], names: Sequence[str] | None, at: int) -> Value:
    try:
        return function.call(env, values, names)
    except NoValue as problem:
        return env.nothing(problem, at)


def _folded_call(fn: Fn, builtin: Function, arguments: list[Fn]) -> Fn:
    """Call a pure function of constants now, such as `date("2024-01-01")`."""
    if not arguments or not all(isinstance(argument, Constant) for argument in arguments):
        return fn
    warnings: list[Warning] = []
    try:
        value = fn(Env({}, None, warnings, DEFAULT_LIMITS))
    except FeelLimitError:
        return fn
    return fn if warnings or isinstance(value, list | dict) else _unless_own(builtin, fn, value)


def _unless_own(builtin: Function, fn: Fn, value: Value) -> Fn:
    """Give the constant, unless a variable takes the place of the function in the run at hand."""
    name = builtin.name or ""

    def run(env: Env) -> Value:
        return fn(env) if name in env.variables else value

    return run


# -- functions -------------------------------------------------------------------------------------


def compile_function(node: FunctionOf, scope: Scope, *, own: int | None = None) -> Fn:
    """Compile a function: a closure over the locals as they are when it is made.

    Args:
        node: the function.
        scope: where it stands.
        own: the slot of the name that it is given, if it is an entry of a context; so it may call itself.
    """
    if node.external:
        return _external(node)
    base = scope.slots
    inner = scope.function()
    for name, _ in node.parameters:
        inner, _slot = inner.bind(name)
    body = inner.fn(node.body)
    unit = inner.unit
    parameters = tuple(name for name, _ in node.parameters)
    types = tuple(type for _, type in node.parameters)
    known = scope.types
    type_of_all = function_type(node, {})

    def run(env: Env) -> Value:
        captured = env.locals[:base]
        variables = env.variables

        def call(caller: Env, values: Sequence[Value], names: Sequence[str] | None) -> Value:
            given = _in_order(parameters, values, names)
            given = [
                value if type is None else admitted(value, type, known, caller.meter.tick)
                for value, type in zip(given, types, strict=True)
            ]
            local = captured + given
            local += [None] * (unit.size - len(local))
            meter = caller.meter
            meter.enter()
            try:
                return body(caller.inner(local, variables))
            finally:
                meter.leave()

        function = Function(None, parameters, call, type_of_all)
        if own is not None:
            captured[own] = function
        return function

    return run


def _external(node: FunctionOf) -> Fn:
    """Compile a function of another language: it is a value, and its calls have none (10.3.2.13.3)."""

    def call(*_: object) -> Value:
        raise NoValue("the function is written outside of FEEL, and is not run here", "external-function")

    function = Function(None, tuple(name for name, _ in node.parameters), call, function_type(node, {}))
    return lambda _: function


def _in_order(
    parameters: tuple[str, ...], values: Sequence[Value], names: Sequence[str] | None
) -> list[Value]:
    if names is None:
        if len(values) != len(parameters):
            raise NoValue(
                f"the function takes ({', '.join(parameters)}), not {len(values)} arguments",
                "argument",
            )
        return list(values)
    given = dict(zip(names, values, strict=True))
    if given.keys() != set(parameters) or len(given) != len(values):
        raise NoValue(
            f"the function takes the arguments {', '.join(parameters)}, not {', '.join(names)}", "argument"
        )
    return [given[name] for name in parameters]


# -- instance of -----------------------------------------------------------------------------------


def compile_instance_of(node: InstanceOf, scope: Scope) -> Fn:
    """Compile `instance of` (10.3.2.9): null is an instance of no type but Null."""
    value, type, known, at = scope.fn(node.value), node.type, scope.types, node.at

    def run(env: Env) -> Value:
        actual = value(env)
        try:
            return conforms(actual, type, known, env.meter.tick)
        except NoValue as problem:
            return env.nothing(problem, at)

    return run
