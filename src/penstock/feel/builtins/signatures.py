"""How a built-in function takes its arguments: by place, by name, converted (DMN 1.5, 10.3.2.13).

A signature is written as the standard writes it, so that the table of all functions is their reference:

    substring(string: string, start position: number, length: number?)

`?` marks what may be left out or null, `any` takes null too. `list: any...` takes one list or its items one
by one; `item: any+` takes one or more arguments. A function may have several signatures; the first that fits
is called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from penstock.feel.environment import Env
from penstock.feel.errors import NoValue
from penstock.feel.values import Function, Value, plain, type_name


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a signature."""

    name: str
    types: frozenset[str]
    optional: bool
    spread: str
    """How it takes several arguments: "" not at all, "..." as one list, "+" as the rest."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function."""

    name: str
    parameters: tuple[Parameter, ...]
    run: Callable[..., Value]
    needs_env: bool
    """Whether `run` takes the environment first: for the clock, the meter, or to call functions."""


_ITEMS_A_STEP = 32
"""Items or characters that a function handles, and may copy, for one step of the evaluation."""
_SIGNATURE = re.compile(r"([^(]+)\((.*)\)")
_PARAMETER = re.compile(r"([^:]+): (.+?)(\?|\.\.\.|\+)?")


def define(text: str, run: Callable[..., Value], *, env: bool = False) -> Signature:
    """Give the signature that a text describes, with the function that does the work."""
    match = _SIGNATURE.fullmatch(text)
    assert match is not None, text
    name, inside = match.groups()
    parameters = tuple(_parameter(part) for part in inside.split(", ")) if inside else ()
    return Signature(name, parameters, run, env)


def _parameter(text: str) -> Parameter:
    match = _PARAMETER.fullmatch(text)
    assert match is not None, text
    name, types, mark = match.groups()
    return Parameter(name, frozenset(types.split(" | ")), mark == "?", mark if mark in ("...", "+") else "")


def functions(signatures: Iterable[Signature]) -> dict[str, Function]:
    """Give the functions of a table of signatures, by name."""
    by_name: dict[str, list[Signature]] = {}
    for signature in signatures:
        by_name.setdefault(signature.name, []).append(signature)
    return {name: _function(name, tuple(found)) for name, found in by_name.items()}


def _function(name: str, signatures: tuple[Signature, ...]) -> Function:
    def call(env: Env, values: Sequence[Value], names: Sequence[str] | None) -> Value:
        env.meter.tick()
        problem: NoValue | None = None
        for signature in signatures if names is None else _in_order(signatures, names):
            try:
                arguments = _arranged(signature, values, names)
            except NoValue as reason:
                if problem is None or not isinstance(reason, _WrongCount):
                    problem = reason
                continue
            for argument in arguments:
                if type(argument) is list or type(argument) is str:
                    env.meter.tick(len(argument) // _ITEMS_A_STEP)
            return signature.run(env, *arguments) if signature.needs_env else signature.run(*arguments)
        assert problem is not None
        raise problem

    return Function(name, None, call)


def _in_order(signatures: tuple[Signature, ...], names: Sequence[str]) -> list[Signature]:
    """Give the signatures with those first that name their parameters in the order of a call: `before(point,
    range)` and `before(range, point)` differ in nothing else.
    """
    given = tuple(names)
    return sorted(signatures, key=lambda each: tuple(part.name for part in each.parameters) != given)


class _WrongCount(NoValue):
    """The arguments fit the signature neither in number nor by name: a poorer reason than a wrong type."""


def _arranged(signature: Signature, values: Sequence[Value], names: Sequence[str] | None) -> list[Value]:
    """Give the arguments for `run`, in order and converted, with None for what is left out."""
    parameters = signature.parameters
    if names is not None:
        return _by_name(signature, dict(zip(names, values, strict=True)))
    last = parameters[-1] if parameters else None
    if last is not None and last.spread:
        return _spread(signature, values)
    if len(values) > len(parameters):
        raise _wrong_count(signature, len(values))
    arguments = [_admit(value, parameter) for value, parameter in zip(values, parameters, strict=False)]
    for parameter in parameters[len(values) :]:
        if not parameter.optional:
            raise _wrong_count(signature, len(values))
        arguments.append(None)
    return arguments


def _spread(signature: Signature, values: Sequence[Value]) -> list[Value]:
    fixed, last = signature.parameters[:-1], signature.parameters[-1]
    if len(values) <= len(fixed):
        raise _wrong_count(signature, len(values))
    arguments = [_admit(value, parameter) for value, parameter in zip(values, fixed, strict=False)]
    rest = list(values[len(fixed) :])
    if last.spread == "...":
        rest = rest[0] if len(rest) == 1 and isinstance(rest[0], list) else rest
        if len(values) == 1 and values[0] is None:
            raise _wrong_type(None, last)
    arguments.append([_admit(value, last) for value in rest])
    return arguments


def _by_name(signature: Signature, given: dict[str, Value]) -> list[Value]:
    known = {parameter.name for parameter in signature.parameters}
    unknown = next((name for name in given if name not in known), None)
    if unknown is not None:
        takes = ", ".join(parameter.name for parameter in signature.parameters)
        raise _WrongCount(f"{signature.name} has no parameter {unknown!r}; it takes ({takes})", "argument")
    arguments: list[Value] = []
    for parameter in signature.parameters:
        if parameter.name not in given:
            if not parameter.optional:
                raise _WrongCount(f"{signature.name} needs the argument {parameter.name!r}", "argument")
            arguments.append(None)
        elif parameter.spread:
            value = given[parameter.name]
            if value is None:
                raise _wrong_type(None, parameter)
            items = value if isinstance(value, list) else [value]
            arguments.append([_admit(item, parameter) for item in items])
        else:
            arguments.append(_admit(given[parameter.name], parameter))
    return arguments


def _wrong_count(signature: Signature, count: int) -> NoValue:
    takes = ", ".join(
        f"{parameter.name}{'?' if parameter.optional else parameter.spread}"
        for parameter in signature.parameters
    )
    return _WrongCount(f"{signature.name} takes ({takes}), not {count} arguments", "argument")


def _wrong_type(value: Value, parameter: Parameter) -> NoValue:
    wanted = " or ".join(sorted(parameter.types))
    return NoValue(f"the argument {parameter.name!r} must be {wanted}, not {type_name(value)}", "argument")


def _admit(value: Value, parameter: Parameter) -> Value:
    """Give an argument as its parameter wants it, out of or into a list of one (10.3.2.9.4)."""
    types = parameter.types
    if type(value) is float:
        value = plain(value)
    if "any" in types:
        return value
    if value is None:
        if parameter.optional:
            return None
        raise _wrong_type(None, parameter)
    if type_name(value) in types:
        return value
    if "list" in types:
        return [value]
    if isinstance(value, list) and len(value) == 1 and type_name(plain(value[0])) in types:
        return plain(value[0])
    if type(value) is date and "date and time" in types:
        return datetime.combine(value, time(tzinfo=UTC))
    raise _wrong_type(value, parameter)


def whole(value: Value, what: str) -> int:
    """Give a number as an int, without its fraction.

    Args:
        value: the number.
        what: what it is, for the message.

    Raises:
        NoValue: it is too large to be one.
    """
    if abs(value) > 10**15:
        raise NoValue(f"the {what} {value} is too large", "argument")
    return int(value)
