"""Functions that a model defines: boxed functions, business knowledge models and decision services.

All three bind arguments to parameters with types in the same way (DMN 1.5, 10.3.2.13.2 and 10.3.2.9.4).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from penstock.dmn.types import ItemType, admit
from penstock.feel.environment import Env
from penstock.feel.errors import NoValue
from penstock.feel.subtypes import ANY, UNKNOWN
from penstock.feel.syntax import FunctionType
from penstock.feel.values import Function, Value


@dataclass(frozen=True, slots=True)
class Parameter:
    """A formal parameter."""

    name: str
    type: ItemType | None


Body = Callable[[Env, dict[str, Value]], Value]
"""What a function does with its arguments by name, in the environment of its caller."""


def function(
    name: str | None, parameters: Sequence[Parameter], body: Body, result: ItemType | None = None
) -> Function:
    """Make a value of a function; a call with arguments that do not fit has no value.

    Args:
        name: its name.
        parameters: what it takes.
        body: what it does.
        result: the type of what it gives, where it is declared.
    """
    taken = tuple(ANY if parameter.type is None else parameter.type.shape for parameter in parameters)
    type = FunctionType(taken, UNKNOWN if result is None else result.shape)
    names = tuple(parameter.name for parameter in parameters)

    def call(env: Env, values: Sequence[Value], given: Sequence[str] | None) -> Value:
        arguments = bind(parameters, values, given)
        env.meter.enter()
        try:
            return body(env, arguments)
        finally:
            env.meter.leave()

    return Function(name, names, call, type)


def bind(
    parameters: Sequence[Parameter], values: Sequence[Value], names: Sequence[str] | None
) -> dict[str, Value]:
    """Give the arguments by the names of the parameters, each as its type wants it.

    Raises:
        NoValue: there are too few or too many, a name is wrong, or a value does not fit its type.
    """
    wanted = [parameter.name for parameter in parameters]
    given = names if names is not None else wanted
    if len(values) != len(wanted) or set(given) != set(wanted):
        found = f"{len(values)} arguments" if names is None else f"({', '.join(names)})"
        raise NoValue(f"the function takes ({', '.join(wanted)}), not {found}", "argument")
    arguments = dict(zip(given, values, strict=True))
    return {parameter.name: admit(arguments[parameter.name], parameter.type) for parameter in parameters}
