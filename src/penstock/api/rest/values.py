"""FEEL values on their way in and out of this surface."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

import msgspec

from penstock import feel
from penstock.api.errors import bad_request
from penstock.api.queries import Query
from penstock.kernel.definition import Value

ROOT: Final = "/api/v1"
"""Where this surface is."""

EXACT_INTEGERS: Final = 2**53
"""Up to here a double holds every integer."""

Variables = Annotated[
    dict[str, Any],
    msgspec.Meta(
        description="Values by name. A date is `{'@date': '2030-01-31'}`; so are `@time`, `@dateTime`, "
        "`@duration` and `@number` for what JSON has no type for.",
        examples=[{"amount": 100}],
    ),
]


class ValueQuery(Query, frozen=True):
    """How values are shown."""

    typed: Annotated[bool, msgspec.Meta(description="Show dates and such as `{'@date': ...}`.")] = False
    numbers: Annotated[
        Literal["number", "string"],
        msgspec.Meta(description="Show a decimal that no double holds as a string."),
    ] = "number"


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """The base of the bodies that are taken: an unknown field is refused."""


class Shape(msgspec.Struct, frozen=True, rename="camel"):
    """The base of the bodies that are given."""


class WithVariables(Body, frozen=True):
    """A body that may bring variables."""

    variables: Variables = msgspec.field(default_factory=dict)


def shown(query: ValueQuery, value: Value) -> Any:
    """Give a value as JSON, in the form that the query asks for."""
    tree = feel.to_json(value, typed=query.typed)
    return _long_numbers_as_text(tree) if query.numbers == "string" else tree


def _long_numbers_as_text(tree: Any) -> Any:
    """Give the tree with the numbers as texts that a reader would round, as most hold them in doubles."""
    match tree:
        case dict():
            return {name: _long_numbers_as_text(item) for name, item in tree.items()}
        case list():
            return [_long_numbers_as_text(item) for item in tree]
        case Decimal() if Decimal(repr(float(tree))) != tree:
            return feel.to_text(tree)
        case int() if abs(tree) > EXACT_INTEGERS and int(float(tree)) != tree:
            return str(tree)
        case _:
            return tree


def shown_variables(query: ValueQuery, variables: Mapping[str, Value]) -> dict[str, Any]:
    """Give variables as JSON, in the form that the query asks for."""
    return {name: shown(query, value) for name, value in variables.items()}


def taken(variables: Mapping[str, Any]) -> dict[str, Value]:
    """Give variables from JSON.

    Raises:
        ApiError: 400, a value is malformed; the message names its variable.
    """
    return {name: _taken(name, value) for name, value in variables.items()}


def _taken(name: str, value: Any) -> Value:
    try:
        return feel.from_json(value)
    except feel.FeelError as error:
        raise bad_request(f"The variable `{name}` is wrong: {error}.") from error
