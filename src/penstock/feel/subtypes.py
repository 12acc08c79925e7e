"""Which types conform to which, and what the text of an expression tells of its type (DMN 1.5, 10.3.2.9).

Both serve the types of functions: whether a function is of one depends on its parameters and on its body,
none of which can be had without calling it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from penstock.feel.errors import NoValue
from penstock.feel.syntax import (
    Arithmetic,
    AtLiteral,
    Between,
    Comparison,
    Conjunction,
    ContextOf,
    ContextType,
    Disjunction,
    For,
    FunctionOf,
    FunctionType,
    If,
    In,
    InstanceOf,
    ListOf,
    ListType,
    Literal,
    Name,
    NamedType,
    Node,
    Quantified,
    RangeOf,
    RangeType,
    Type,
)
from penstock.feel.temporal_text import parse_temporal
from penstock.feel.values import Value, type_name


@dataclass(frozen=True, slots=True)
class DefinedType:
    """A type that the surroundings define."""

    test: Callable[[Value], bool]
    """Whether a value belongs to it."""
    shape: Type | None = None
    """What it is made of; without it only the type itself conforms to it."""


Known: TypeAlias = Mapping[str, DefinedType]
"""The types that the surroundings define, by name."""

ANY = NamedType("Any")
UNKNOWN = NamedType("unknown type")
"""The type of what only a run can tell; it conforms to each, and each to it."""
_NULL = NamedType("Null")
_BOOLEAN = NamedType("boolean")
_BARE: Mapping[str, Type] = {
    "list": ListType(ANY),
    "range": RangeType(ANY),
    "context": ContextType(()),
    "dateTime": NamedType("date and time"),
    "dayTimeDuration": NamedType("days and time duration"),
    "yearMonthDuration": NamedType("years and months duration"),
    "feel:number": NamedType("number"),
}
_DEEPEST = 20
"""Levels that are looked at: types may hold themselves, and what lies deeper is left to the run."""


# -- conformance -----------------------------------------------------------------------------------


def fits(one: Type, other: Type, known: Known, depth: int = 0) -> bool:
    """Tell whether one type conforms to another: each of its values can stand where the other is asked for.

    A function conforms when its parameters take at least what the other's do, and when its result conforms.
    """
    one, other = _expanded(one, known), _expanded(other, known)
    if depth > _DEEPEST or UNKNOWN in (one, other) or one in (other, _NULL) or other == ANY:
        return True
    match one, other:
        case (ListType(element), ListType(wanted)) | (RangeType(element), RangeType(wanted)):
            return fits(element, wanted, known, depth + 1)
        case ContextType(), ContextType():
            own = dict(one.fields)
            return all(name in own and fits(own[name], of, known, depth + 1) for name, of in other.fields)
        case FunctionType(), FunctionType():
            return (
                len(one.parameters) == len(other.parameters)
                and all(
                    fits(given, taken, known, depth + 1)
                    for given, taken in zip(other.parameters, one.parameters, strict=True)
                )
                and fits(one.result, other.result, known, depth + 1)
            )
        case FunctionType(), NamedType("function"):
            return True
    return False


def _expanded(type: Type, known: Known) -> Type:
    """Give what a name stands for; a name that stands for others may do so over a few steps."""
    for _ in range(_DEEPEST):
        if not isinstance(type, NamedType):
            return type
        defined = known.get(type.name)
        shape = _BARE.get(type.name) if defined is None else defined.shape
        if shape is None or shape == type:
            return type
        type = shape
    return type


# -- what a text tells -----------------------------------------------------------------------------


def type_of(node: Node, names: Mapping[str, Type], depth: int = 0) -> Type:
    """Give the type of an expression as far as its text tells; null belongs to every type.

    Args:
        node: the expression.
        names: the types of the names in scope, where they are declared.
        depth: how many expressions stand around it.
    """
    depth += 1
    if depth > _DEEPEST:
        return UNKNOWN
    match node:
        case Literal():
            return _type_of_value(node.value)
        case AtLiteral():
            return _type_of_text(node.text)
        case Name():
            return names.get(node.name, UNKNOWN)
        case Comparison() | Between() | In() | Conjunction() | Disjunction() | InstanceOf() | Quantified():
            return _BOOLEAN
        case Arithmetic():
            return _type_of_chain(node, names, depth)
        case ListOf():
            return ListType(_common(type_of(item, names, depth) for item in node.items))
        case RangeOf():
            return RangeType(type_of(node.start, names, depth))
        case ContextOf():
            return _type_of_context(node, names, depth)
        case If():
            results = [result for _, result in node.branches]
            return _common(type_of(result, names, depth) for result in (*results, node.otherwise))
        case For():
            loops = {iterator.name: UNKNOWN for iterator in node.iterators}
            return ListType(type_of(node.result, {**names, **loops, "partial": UNKNOWN}, depth))
        case FunctionOf():
            return function_type(node, names, depth)
    return UNKNOWN


def function_type(node: FunctionOf, names: Mapping[str, Type], depth: int = 0) -> FunctionType:
    """Give the type of a function: a parameter without a type takes any value."""
    parameters = {name: type or ANY for name, type in node.parameters}
    # What a parameter without a type holds is not known, though it may be anything.
    inner = {**names, **{name: type or UNKNOWN for name, type in node.parameters}}
    result = UNKNOWN if node.external else type_of(node.body, inner, depth)
    return FunctionType(tuple(parameters.values()), result)


def _type_of_value(value: Value) -> Type:
    return _NULL if value is None else NamedType(type_name(value))


def _type_of_text(text: str) -> Type:
    try:
        return _type_of_value(parse_temporal(text))
    except NoValue:
        return _NULL


def _type_of_chain(node: Arithmetic, names: Mapping[str, Type], depth: int) -> Type:
    """Give the type of numbers that are computed with, or of strings that are joined."""
    found = _common(type_of(part, names, depth) for part in (node.first, *(t.operand for t in node.rest)))
    return found if found in (NamedType("number"), NamedType("string")) else UNKNOWN


def _type_of_context(node: ContextOf, names: Mapping[str, Type], depth: int) -> Type:
    fields: dict[str, Type] = {}
    for key, value in node.entries:
        fields[key] = type_of(value, {**names, **fields}, depth)
    return ContextType(tuple(fields.items()))


def _common(types: Iterable[Type]) -> Type:
    """Give the type that all are of, null aside; where there are several, only the run can tell."""
    found = {type for type in types if type != _NULL}
    if not found:
        return _NULL
    return found.pop() if len(found) == 1 else UNKNOWN
