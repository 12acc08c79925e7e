"""From a job's variables to the arguments of a function, by the function's signature.

The signature is the contract: what does not fit it is a clear failure before the author's code runs.
FEEL knows one kind of number and Python three, so a number without digits after the point arrives as
`int`, and any other as what the annotation asks for, `float` where it does not say.
"""

from __future__ import annotations

import inspect
import math
import re
import sys
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec
import msgspec.inspect

from penstock.workers.protocol import FunctionInfo, ParameterInfo, Value

_LONGEST_INTEGER = 40
"""Digits up to which an integral Decimal becomes an `int`: FEEL counts with 34, 1E+9999999 fills memory."""

_PATH = re.compile(r" - at `(.*)`$", re.DOTALL)


class ArgumentsError(Exception):
    """The variables do not fit the signature; the message names the argument and the signature."""


class SignatureError(Exception):
    """The signature is one that variables can never fill, or that cannot be checked."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter that takes one variable."""

    name: str
    type: object
    """The annotation; `Any` where there is none."""
    required: bool
    exact: bool
    """Whether numbers reach it as Decimals: its type asks for them, or is a model that decides itself."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What a function takes and gives."""

    text: str
    """As its author wrote it, with the function's name, for messages."""
    parameters: tuple[Parameter, ...]
    takes_all: bool
    """Whether `**kwargs` takes the other variables."""
    returns: object
    """The annotation of the result; `Any` where there is none."""


def read(function: Callable[..., Any]) -> Signature:
    """Read a function's signature.

    Raises:
        SignatureError: a parameter cannot be given by name, or an annotation cannot be resolved or checked.
    """
    signature = inspect.signature(function)
    hints = _hints(function)
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.POSITIONAL_ONLY or parameter.kind is parameter.VAR_POSITIONAL:
            raise SignatureError(
                f"parameter '{parameter}' takes no name, and variables are handed over by name. "
                "Make it a named parameter."
            )
    named = [p for p in signature.parameters.values() if p.kind is not p.VAR_KEYWORD]
    returns = hints.get("return", Any)
    _types_within(returns, "its result")
    return Signature(
        text=f"{function.__name__}{inspect.signature(function, eval_str=True)}",
        parameters=tuple(_parameter(p, hints.get(p.name, Any)) for p in named),
        takes_all=len(named) < len(signature.parameters),
        returns=returns,
    )


def arguments(signature: Signature, variables: Mapping[str, Value]) -> dict[str, Any]:
    """Choose and convert the arguments of a call.

    Raises:
        ArgumentsError: a variable is missing, or has a value of another type.
    """
    chosen: dict[str, Any] = {}
    for parameter in signature.parameters:
        if parameter.name in variables:
            chosen[parameter.name] = _convert(parameter, variables[parameter.name], signature)
        elif parameter.required:
            raise ArgumentsError(
                f"There is no variable '{parameter.name}' for the function {signature.text}. "
                "Map it as an input of the task, or give the parameter a default."
            )
    if signature.takes_all:
        others = variables.keys() - chosen.keys()
        for name in sorted(others):
            chosen[name] = _convert(Parameter(name, Any, False, False), variables[name], signature)
    return chosen


def check_result(signature: Signature, result: object) -> None:
    """Check what a function returned against its return annotation.

    Raises:
        ValueError: it is of another type; the message says where and which.
    """
    if signature.returns is not Any:
        msgspec.convert(result, signature.returns, dec_hook=_custom)


def describe(function: Callable[..., Any], name: str, timeout_ms: int | None) -> FunctionInfo:
    """Describe a function, with its annotations as the author wrote them."""
    signature = inspect.signature(function)
    code = inspect.unwrap(function).__code__
    kinds = [p.kind for p in signature.parameters.values()]
    return FunctionInfo(
        name=name,
        doc=inspect.getdoc(function),
        parameters=tuple(
            ParameterInfo(
                name=p.name,
                type=_text(p.annotation, function),
                required=p.default is p.empty,
                default=None if p.default is p.empty else repr(p.default),
            )
            for p in signature.parameters.values()
            if p.kind is not p.VAR_KEYWORD
        ),
        takes_all=inspect.Parameter.VAR_KEYWORD in kinds,
        returns=_text(signature.return_annotation, function),
        timeout_ms=timeout_ms,
        file=code.co_filename,
        line=code.co_firstlineno,
    )


def numbers(value: Value, *, exact: bool) -> Any:
    """Turn the numbers in `value` to Python's: integral ones to `int`, others to `float` unless `exact`."""
    match value:
        case Decimal():
            if value.adjusted() < _LONGEST_INTEGER and value == value.to_integral_value():
                return int(value)
            return value if exact else _float(value)
        case list():
            return [numbers(item, exact=exact) for item in value]
        case dict():
            return {name: numbers(item, exact=exact) for name, item in value.items()}
        case _:
            return value


def _float(value: Decimal) -> float:
    number = float(value)
    if math.isinf(number):
        raise OverflowError(f"{value} is too large for a float, take it as a Decimal")
    return number


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    try:
        return typing.get_type_hints(function, include_extras=True)
    except NameError as error:
        raise SignatureError(
            f"an annotation cannot be resolved: {error}. Import the name outside of `if TYPE_CHECKING:`."
        ) from error
    except TypeError as error:
        raise SignatureError(f"an annotation is not a type: {error}") from error


def _parameter(parameter: inspect.Parameter, hint: object) -> Parameter:
    kinds = list(_types_within(hint, f"parameter '{parameter.name}'"))
    return Parameter(
        name=parameter.name,
        type=hint,
        required=parameter.default is parameter.empty,
        exact=any(_asks_for_decimals(kind) for kind in kinds),
    )


def _types_within(hint: object, where: str) -> list[msgspec.inspect.Type]:
    try:
        return list(_walk(msgspec.inspect.type_info(hint), set()))
    except (TypeError, NameError) as error:
        raise SignatureError(f"the annotation of {where} cannot be checked: {error}") from error


def _walk(node: object, seen: set[int]) -> Iterator[msgspec.inspect.Type]:
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, msgspec.inspect.Type):
        yield node
    if isinstance(node, tuple):
        for item in node:
            yield from _walk(item, seen)
    elif isinstance(node, msgspec.inspect.Type | msgspec.inspect.Field):
        for field in node.__struct_fields__:
            yield from _walk(getattr(node, field), seen)


def _asks_for_decimals(kind: msgspec.inspect.Type) -> bool:
    if isinstance(kind, msgspec.inspect.DecimalType):
        return True
    return isinstance(kind, msgspec.inspect.CustomType) and _is_model(kind.cls)


def _is_model(cls: object) -> bool:
    """Tell whether this is a pydantic model, without importing pydantic for those who do not use it."""
    pydantic = sys.modules.get("pydantic")
    return pydantic is not None and isinstance(cls, type) and issubclass(cls, pydantic.BaseModel)


def _convert(parameter: Parameter, value: Value, signature: Signature) -> Any:
    try:
        value = numbers(value, exact=parameter.exact)
        return value if parameter.type is Any else msgspec.convert(value, parameter.type, dec_hook=_custom)
    except (msgspec.ValidationError, OverflowError) as error:
        problem = _PATH.sub(r" (at \1)", str(error)).replace("(at $", f"(at {parameter.name}")
        raise ArgumentsError(
            f"The variable '{parameter.name}' does not fit the function {signature.text}: {problem}."
        ) from error


def _custom(cls: Any, value: Any) -> Any:
    """Convert to a type that msgspec does not know: a pydantic model, or a class that the value has."""
    if isinstance(value, cls):
        return value
    if _is_model(cls):
        return _model(cls, value)
    raise TypeError(f"Expected `{cls.__name__}`, got `{type(value).__name__}`")


def _model(cls: Any, value: Any) -> Any:
    import pydantic

    try:
        return cls.model_validate(value)
    except pydantic.ValidationError as error:
        # Its own text quotes the values, which are not for a log.
        problems = [f"{'.'.join(map(str, e['loc'])) or cls.__name__}: {e['msg']}" for e in error.errors()]
        raise ValueError("; ".join(problems)) from error


def _text(annotation: object, function: Callable[..., Any]) -> str | None:
    if annotation is inspect.Signature.empty:
        return None
    if isinstance(annotation, str):
        return annotation
    return inspect.formatannotation(annotation, base_module=function.__module__)
