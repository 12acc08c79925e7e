"""Syntax tree to closures: one function `fn(env)` for each node, made once and run often."""

from __future__ import annotations

from collections.abc import Callable

from penstock.feel import comparison
from penstock.feel.compile_calls import compile_call, compile_function, compile_instance_of
from penstock.feel.compile_loops import compile_filter, compile_for, compile_quantified
from penstock.feel.compile_operators import (
    compile_arithmetic,
    compile_between,
    compile_comparison,
    compile_conjunction,
    compile_disjunction,
    compile_in,
    compile_negation,
    folded,
    operation,
)
from penstock.feel.compile_paths import compile_context, compile_name, compile_path
from penstock.feel.compile_tests import compile_unary_tests
from penstock.feel.environment import Env, Fn
from penstock.feel.errors import NoValue
from penstock.feel.scopes import Constant, Scope
from penstock.feel.stack import fresh, roomy
from penstock.feel.subtypes import Known
from penstock.feel.syntax import (
    Arithmetic,
    AtLiteral,
    Between,
    Call,
    Comparison,
    Conjunction,
    ContextOf,
    Disjunction,
    Filter,
    For,
    FunctionOf,
    If,
    In,
    InstanceOf,
    ListOf,
    Literal,
    Name,
    Negation,
    Node,
    Path,
    Quantified,
    RangeOf,
    Test,
    UnaryTests,
)
from penstock.feel.temporal_text import parse_temporal
from penstock.feel.values import Range, Value, a_type

_PIECE = 50
"""Levels of the tree that run on one stack: each may take a few calls, and functions come on top."""
_STEPS_OF_A_STACK = 100
"""What running on a new stack counts for: a thread takes as long to start as some hundred steps."""
_SHORT = 16
"""Items up to which a list is not counted: the steps of the loop that makes many of them are."""


def compile_tree(node: Node, types: Known) -> tuple[Fn, int, frozenset[str]]:
    """Compile a whole expression.

    Args:
        node: its syntax tree.
        types: the types that `instance of` may name beside the built-in ones.

    Returns:
        the closure, the number of locals that it needs, and the names of the variables that it reads.
    """
    return roomy(lambda: _compile_tree(node, types))


def _compile_tree(node: Node, types: Known) -> tuple[Fn, int, frozenset[str]]:
    scope = Scope(_compile, types)
    fn = scope.fn(node)
    if scope.nesting.deepest >= _PIECE:
        fn = _on_new_stack(fn)
    return fn, scope.unit.size, frozenset(scope.free)


def _compile(node: Node, scope: Scope) -> Fn:
    nesting = scope.nesting
    nesting.depth += 1
    try:
        if nesting.depth % _PIECE:
            return _COMPILERS[type(node)](node, scope)
        nesting.deepest = nesting.depth
        return _on_new_stack(fresh(lambda: _COMPILERS[type(node)](node, scope)))
    finally:
        nesting.depth -= 1


def _on_new_stack(fn: Fn) -> Fn:
    """Run a closure on a stack of its own, as deep levels need it; that costs as much as many steps."""
    if isinstance(fn, Constant):
        return fn

    def run(env: Env) -> Value:
        env.meter.tick(_STEPS_OF_A_STACK)
        return fresh(lambda: fn(env))

    return run


# -- values ----------------------------------------------------------------------------------------


def _literal(node: Literal, _: Scope) -> Fn:
    return Constant(node.value)


def _at_literal(node: AtLiteral, _: Scope) -> Fn:
    def run(env: Env) -> Value:
        try:
            return parse_temporal(node.text)
        except NoValue as problem:
            return env.nothing(problem, node.at)

    return folded(run)


def _list(node: ListOf, scope: Scope) -> Fn:
    items = [scope.fn(item) for item in node.items]
    count = len(items)

    def run(env: Env) -> Value:
        if count > _SHORT:
            env.meter.tick(count)
        return [item(env) for item in items]

    return run


def _range(node: RangeOf, scope: Scope) -> Fn:
    start, end = scope.fn(node.start), scope.fn(node.end)

    def make(first: Value, last: Value) -> Range:
        if comparison.greater(first, last):
            raise NoValue("the range ends before it starts", "range")
        return Range(first, last, node.start_included, node.end_included)

    return operation(make, start, end, node.at)


def _test(node: Test, scope: Scope) -> Fn:
    """Compile a unary comparison that stands as a value: a range with one end (rule 8)."""
    operand = scope.fn(node.operand)
    symbol = node.operator

    def run(env: Env) -> Value:
        value = operand(env)
        if symbol in ("=", "!="):
            return Range(value, value, True, True, symbol)
        if comparison.order_key(value) is None:
            env.warn("type", f"cannot compare with {a_type(value)}", node.at)
            return None
        if symbol in ("<", "<="):
            return Range(None, value, False, symbol == "<=", symbol)
        return Range(value, None, symbol == ">=", False, symbol)

    return folded(run, operand)


def _if(node: If, scope: Scope) -> Fn:
    branches = [(scope.fn(condition), scope.fn(result)) for condition, result in node.branches]
    otherwise = scope.fn(node.otherwise)

    def run(env: Env) -> Value:
        for condition, result in branches:
            value = condition(env)
            if value is True:
                return result(env)
            if value is not False:
                env.warn("type", f"the condition of 'if' is {a_type(value)}, which counts as false", node.at)
        return otherwise(env)

    return run


_COMPILERS: dict[type, Callable[..., Fn]] = {
    Literal: _literal,
    AtLiteral: _at_literal,
    Name: compile_name,
    Negation: compile_negation,
    Arithmetic: compile_arithmetic,
    Comparison: compile_comparison,
    Between: compile_between,
    In: compile_in,
    Conjunction: compile_conjunction,
    Disjunction: compile_disjunction,
    InstanceOf: compile_instance_of,
    Path: compile_path,
    Filter: compile_filter,
    Call: compile_call,
    If: _if,
    For: compile_for,
    Quantified: compile_quantified,
    ListOf: _list,
    ContextOf: compile_context,
    RangeOf: _range,
    Test: _test,
    FunctionOf: compile_function,
    UnaryTests: compile_unary_tests,
}
