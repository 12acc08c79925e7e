"""Compiles operators: arithmetic, comparison and logic.

The plain cases (numbers of the usual types, strings) are decided in the closures; everything else goes to
`penstock.feel.arithmetic` and `penstock.feel.comparison`, whose `NoValue` becomes null and a warning. What is
constant is computed here and now.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal

from penstock.feel import arithmetic, comparison
from penstock.feel.environment import Env, Fn
from penstock.feel.errors import NoValue, Warning
from penstock.feel.limits import DEFAULT_LIMITS
from penstock.feel.scopes import Constant, Scope
from penstock.feel.syntax import Arithmetic, Between, Comparison, Conjunction, Disjunction, In, Negation
from penstock.feel.values import BOUND, Value, a_type

_Binary = Callable[[Value, Value], Value]


def folded(fn: Fn, *operands: Fn) -> Fn:
    """Run a closure over constants now, unless its value can be changed or it gives a warning."""
    if not all(isinstance(operand, Constant) for operand in operands):
        return fn
    warnings: list[Warning] = []
    value = fn(Env({}, None, warnings, DEFAULT_LIMITS))
    return fn if warnings or isinstance(value, list | dict) else Constant(value)


def operation(apply: _Binary, left: Fn, right: Fn, at: int) -> Fn:
    """Give the closure of an operator that always goes the full way."""

    def run(env: Env) -> Value:
        a = left(env)
        b = right(env)
        try:
            return apply(a, b)
        except NoValue as problem:
            return env.nothing(problem, at)

    return folded(run, left, right)


# -- arithmetic ------------------------------------------------------------------------------------


def compile_negation(node: Negation, scope: Scope) -> Fn:
    """Compile `-operand`."""
    operand = scope.fn(node.operand)

    def run(env: Env) -> Value:
        value = operand(env)
        try:
            return arithmetic.negate(value)
        except NoValue as problem:
            return env.nothing(problem, node.at)

    return folded(run, operand)


_SHORT = 200
"""Characters up to which a string is not counted: the steps of the loop that makes many of them are."""


def _sum(left: Fn, right: Fn, at: int) -> Fn:
    add = arithmetic.add

    def run(env: Env) -> Value:
        a = left(env)
        b = right(env)
        if type(a) is int and type(b) is int and -BOUND < (total := a + b) < BOUND:
            return total
        if type(a) is str and type(b) is str:
            if len(a) + len(b) > _SHORT:
                env.meter.hold(len(a) + len(b))
            return a + b
        try:
            return add(a, b)
        except NoValue as problem:
            return env.nothing(problem, at)

    return folded(run, left, right)


_ARITHMETIC: dict[str, Callable[[Fn, Fn, int], Fn]] = {
    "+": _sum,
    "-": lambda left, right, at: operation(arithmetic.subtract, left, right, at),
    "*": lambda left, right, at: operation(arithmetic.multiply, left, right, at),
    "/": lambda left, right, at: operation(arithmetic.divide, left, right, at),
    "**": lambda left, right, at: operation(arithmetic.power, left, right, at),
}
_OPERATIONS: dict[str, _Binary] = {
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "**": arithmetic.power,
}
_LONG = 8
"""From this many operands on, a chain runs in a loop instead of on Python's stack."""


def compile_arithmetic(node: Arithmetic, scope: Scope) -> Fn:
    """Compile a chain of one precedence, from left to right."""
    fn = scope.fn(node.first)
    if len(node.rest) >= _LONG:
        return _long_chain(
            fn, [(_OPERATIONS[term.operator], scope.fn(term.operand), term.at) for term in node.rest]
        )
    for term in node.rest:
        fn = _ARITHMETIC[term.operator](fn, scope.fn(term.operand), term.at)
    return fn


def _long_chain(first: Fn, rest: list[tuple[_Binary, Fn, int]]) -> Fn:
    def run(env: Env) -> Value:
        value = first(env)
        for apply, operand, at in rest:
            right = operand(env)
            try:
                value = apply(value, right)
            except NoValue as problem:
                value = env.nothing(problem, at)
            if type(value) is str and len(value) > _SHORT:
                env.meter.hold(len(value))
        return value

    return run


# -- comparison ------------------------------------------------------------------------------------

_PLAIN = frozenset((int, Decimal, str))
"""Types whose values Python orders and equates as FEEL does."""

_ORDER: dict[str, tuple[_Binary, _Binary]] = {
    "<": (operator.lt, comparison.less),
    "<=": (operator.le, comparison.less_or_equal),
    ">": (operator.gt, comparison.greater),
    ">=": (operator.ge, comparison.greater_or_equal),
    "=": (operator.eq, comparison.equal),
    "!=": (operator.ne, lambda left, right: not comparison.equal(left, right)),
}


def compile_comparison(node: Comparison, scope: Scope) -> Fn:
    """Compile `left operator right`."""
    return compare(node.operator, scope.fn(node.left), scope.fn(node.right), node.at)


def compare(symbol: str, left: Fn, right: Fn, at: int) -> Fn:
    """Compile a comparison of two compiled operands; `at` is its place, for warnings."""
    plainly, fully = _ORDER[symbol]
    if isinstance(right, Constant) and type(right.value) in _PLAIN:
        return _compare_with(left, right, plainly, fully, at)

    def run(env: Env) -> Value:
        a = left(env)
        b = right(env)
        if type(a) is type(b) and type(a) in _PLAIN:
            return plainly(a, b)
        try:
            return fully(a, b)
        except NoValue as problem:
            return env.nothing(problem, at)

    return folded(run, left, right)


def _compare_with(left: Fn, right: Constant, plainly: _Binary, fully: _Binary, at: int) -> Fn:
    """Compile a comparison with a constant, by far the most frequent one."""
    constant = right.value
    kind = type(constant)

    def run(env: Env) -> Value:
        value = left(env)
        if type(value) is kind:
            return plainly(value, constant)
        try:
            return fully(value, constant)
        except NoValue as problem:
            return env.nothing(problem, at)

    return folded(run, left)


def compile_between(node: Between, scope: Scope) -> Fn:
    """Compile `value between low and high`."""
    value, low, high = scope.fn(node.value), scope.fn(node.low), scope.fn(node.high)

    def run(env: Env) -> Value:
        a = value(env)
        try:
            least, most = low(env), high(env)
            # Both are compared, so that a bound of another type is null whatever the other bound says.
            above, below = comparison.less_or_equal(least, a), comparison.less_or_equal(a, most)
        except NoValue as problem:
            return env.nothing(problem, node.at)
        return above and below

    return folded(run, value, low, high)


def compile_in(node: In, scope: Scope) -> Fn:
    """Compile `value in tests` (table 54): true if any test is met."""
    value = scope.fn(node.value)
    tests = [scope.fn(test) for test in node.tests]

    def run(env: Env) -> Value:
        a = value(env)
        result: bool | None = False
        expected: Value = None
        for test in tests:
            expected = test(env)
            try:
                if comparison.meets(a, expected):
                    return True
            except NoValue as problem:
                env.nothing(problem, node.at)
                result = None
        # Among others null is a value to be met; alone it is a list or range that is missing.
        if len(tests) == 1 and expected is None and a is not None:
            return None
        return result

    return folded(run, value, *tests)


# -- logic -----------------------------------------------------------------------------------------


def logic(operands: list[Fn], decisive: bool, at: int) -> Fn:
    """Compile a conjunction, or where `decisive` is True a disjunction, of three values (table 50)."""
    word = "or" if decisive else "and"

    def run(env: Env) -> Value:
        result: bool | None = not decisive
        for operand in operands:
            value = operand(env)
            if value is decisive:
                return decisive
            if type(value) is not bool:
                result = None
                if value is not None:
                    env.warn("type", f"'{word}' needs booleans, not {a_type(value)}", at)
        return result

    return folded(run, *operands)


def compile_conjunction(node: Conjunction, scope: Scope) -> Fn:
    """Compile `and`."""
    return logic([scope.fn(operand) for operand in node.operands], False, node.at)


def compile_disjunction(node: Disjunction, scope: Scope) -> Fn:
    """Compile `or`."""
    return logic([scope.fn(operand) for operand in node.operands], True, node.at)
