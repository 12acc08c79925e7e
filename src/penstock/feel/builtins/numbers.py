"""The functions of numbers (DMN 1.5, 10.3.4.5)."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from random import Random

from penstock.feel import arithmetic
from penstock.feel.builtins.signatures import whole
from penstock.feel.environment import Env
from penstock.feel.errors import NoValue
from penstock.feel.values import NUMBERS, Value, YearsMonths, number

_LEAST_SCALE, _LARGEST_SCALE = -6111, 6176
"""The exponents of Decimal128."""
_WIDE = decimal.Context(prec=80)


def _round(value: Value, scale: Value, rounding: str) -> Value:
    digits = 0 if scale is None else whole(scale, "scale")
    if not _LEAST_SCALE <= digits <= _LARGEST_SCALE:
        raise NoValue(f"the scale {digits} is outside of {_LEAST_SCALE} to {_LARGEST_SCALE}", "argument")
    exact = Decimal(value)
    exponent = exact.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= digits:
        return value
    return number(exact.quantize(Decimal((0, (1,), -digits)), rounding, _WIDE))


def rounding(mode: str) -> Callable[[Value, Value], Value]:
    """Give the function that rounds to a scale (digits after the point) in a mode of the decimal module."""

    def run(value: Value, scale: Value = None) -> Value:
        return _round(value, scale, mode)

    return run


def absolute(value: Value) -> Value:
    """abs(n): of a number or a duration."""
    if isinstance(value, timedelta):
        return abs(value)
    if isinstance(value, YearsMonths):
        return YearsMonths(abs(value.months))
    return abs(value)


def modulo(dividend: Value, divisor: Value) -> Value:
    """modulo(dividend, divisor): the rest, with the sign of the divisor."""
    if not divisor:
        raise NoValue("division by zero", "arithmetic")
    if type(dividend) is int and type(divisor) is int:
        return dividend % divisor
    rest = _computed(lambda: NUMBERS.remainder(Decimal(dividend), Decimal(divisor)))
    return rest if not rest or (rest < 0) == (divisor < 0) else arithmetic.add(rest, divisor)


def square_root(value: Value) -> Value:
    """sqrt(number)"""
    if value < 0:
        raise NoValue("a negative number has no square root", "arithmetic")
    return number(_computed(lambda: NUMBERS.sqrt(Decimal(value))))


def logarithm(value: Value) -> Value:
    """log(number): the natural logarithm."""
    if value <= 0:
        raise NoValue("only a positive number has a logarithm", "arithmetic")
    return number(_computed(lambda: NUMBERS.ln(Decimal(value))))


def exponential(value: Value) -> Value:
    """exp(number)"""
    return number(_computed(lambda: NUMBERS.exp(Decimal(value))))


def _computed(operation: Callable[[], Decimal]) -> Decimal:
    try:
        return operation()
    except decimal.DecimalException:
        raise NoValue("the result is no number that can be held", "arithmetic") from None


def odd(value: Value) -> Value:
    """odd(number)"""
    return _parity(value) == 1


def even(value: Value) -> Value:
    """even(number)"""
    return _parity(value) == 0


def _parity(value: Value) -> Value:
    return modulo(value, 2)


def random_number(env: Env) -> Decimal:
    """random number(): from 0 up to, but not, 1. Camunda's."""
    return NUMBERS.create_decimal(repr(chance(env).random()))


def chance(env: Env) -> Random:
    """Give the evaluation's source of chance.

    Raises:
        NoValue: it was given none, since the same expression over the same values must give the same result.
    """
    if env.random is None:
        raise NoValue("no source of chance: the evaluation was given no 'random'", "no-random")
    return env.random
