"""Compiles unary tests: what a rule of a decision table asks of its input (DMN 1.5, 10.3.2.11)."""

from __future__ import annotations

from penstock.feel import comparison
from penstock.feel.compile_operators import compare, logic
from penstock.feel.environment import Env, Fn
from penstock.feel.errors import NoValue
from penstock.feel.scopes import Constant, Scope
from penstock.feel.syntax import Conjunction, Disjunction, Literal, Name, Node, Test, UnaryTests
from penstock.feel.values import Value, a_type


def compile_unary_tests(node: UnaryTests, scope: Scope) -> Fn:
    """Compile unary tests over the input `?` (10.3.2.11): any of them, or none of them under `not`."""
    if not node.tests:
        return Constant(True)
    tests = [_unary_test(test, scope) for test in node.tests]
    anyone = tests[0] if len(tests) == 1 else logic(tests, True, node.at)
    if not node.negated:
        return anyone

    def run(env: Env) -> Value:
        value = anyone(env)
        return None if value is None else not value

    return run


def _unary_test(node: Node, scope: Scope) -> Fn:
    if isinstance(node, Test):
        return compare(node.operator, scope.fn(Name("?", node.at)), scope.fn(node.operand), node.at)
    if isinstance(node, Conjunction | Disjunction) and any(isinstance(part, Test) for part in node.operands):
        parts = [_unary_test(part, scope) for part in node.operands]
        return logic(parts, isinstance(node, Disjunction), node.at)
    own = scope.apart()
    expression = own.fn(node)
    scope.free.update(own.free)
    if "?" in own.free:
        return _truth(expression, node.at)
    return _meeting(expression, scope.fn(Name("?", node.at)), isinstance(node, Literal), node.at)


def _truth(expression: Fn, at: int) -> Fn:
    """Compile a test that speaks of `?` itself: it is true or it is not."""

    def run(env: Env) -> Value:
        value = expression(env)
        if type(value) is bool:
            return value
        if value is not None:
            env.warn("type", f"the test is {a_type(value)}, not a boolean", at)
        return None

    return run


def _meeting(expression: Fn, given: Fn, literal: bool, at: int) -> Fn:
    """Compile a test that is a value: the input equals it or is in it, or it is a condition of its own."""

    def run(env: Env) -> Value:
        value = expression(env)
        actual = given(env)
        if type(value) is bool and type(actual) is not bool and not literal:
            return value
        try:
            return comparison.meets(actual, value)
        except NoValue as problem:
            return env.nothing(problem, at)

    return run
