"""Arguments come from variables by the signature of the function."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, TypedDict

import msgspec
import pydantic
import pytest
from hypothesis import given, strategies as st

from penstock.workers import signature
from penstock.workers.signature import ArgumentsError, SignatureError


class Colour(Enum):
    RED = "red"


@dataclass
class Item:
    name: str
    price: Decimal
    colour: Colour = Colour.RED


class Order(msgspec.Struct):
    items: list[Item]
    due: date | None = None


class Customer(pydantic.BaseModel):
    name: str
    limit: Decimal = Decimal(0)


class Size(TypedDict):
    width: int


class Node(msgspec.Struct):
    amount: Decimal
    children: list[Node] = []


def argument(annotation: Any, value: object) -> Any:
    """Give what a parameter `x` with this annotation gets for the value."""

    def function(x):  # type: ignore[no-untyped-def]
        return x

    function.__annotations__ = {"x": annotation}
    return signature.arguments(signature.read(function), {"x": value})["x"]


ITEM = {"name": "book", "price": Decimal("9.90")}
BOOK = Item("book", Decimal("9.90"))
ADA = Customer(name="Ada")
PRECISE = Decimal("0.1234567890123456789012345678901234")


@pytest.mark.parametrize(
    ("annotation", "value", "expected"),
    [
        (float, 3, 3.0),
        (float, Decimal("2.5"), 2.5),
        (int, Decimal("3.00"), 3),
        (int, 10**30, 10**30),
        (Decimal, Decimal("1.10"), Decimal("1.10")),
        (Decimal, PRECISE, PRECISE),
        (int | str, Decimal("3.0"), 3),
        (bool, True, True),
        (date, "2024-02-29", date(2024, 2, 29)),
        (date, date(2024, 2, 29), date(2024, 2, 29)),
        (datetime, "2024-02-29T10:00:00", datetime(2024, 2, 29, 10)),  # noqa: DTZ001
        (time, "10:30:00", time(10, 30)),
        (timedelta, "PT30S", timedelta(seconds=30)),
        (timedelta, timedelta(days=1), timedelta(days=1)),
        (Colour, "red", Colour.RED),
        (Literal["a", "b"], "b", "b"),
        (Size, {"width": Decimal("2.0")}, {"width": 2}),
        (Item, ITEM, BOOK),
        (Order, {"items": [ITEM], "due": "2024-01-01"}, Order([BOOK], date(2024, 1, 1))),
        (Order | None, None, None),
        (dict[str, list[int]], {"a": [Decimal("1.0")]}, {"a": [1]}),
        (tuple[int, str], [1, "a"], (1, "a")),
        (set[str], ["a", "a"], {"a"}),
        (Customer, {"name": "Ada", "limit": Decimal("1.5")}, Customer(name="Ada", limit=Decimal("1.5"))),
        (list[Customer], [{"name": "Ada"}], [ADA]),
        (dict[str, Customer | None], {"a": {"name": "Ada"}}, {"a": ADA}),
        (Node, {"amount": 1, "children": [{"amount": 2}]}, Node(Decimal(1), [Node(Decimal(2))])),
        (Callable, print, print),
    ],
)  # fmt: skip
def test_a_variable_is_converted_to_the_annotation(annotation: Any, value: object, expected: object) -> None:
    result = argument(annotation, value)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    ("annotation", "value", "problem"),
    [
        (int, "3", "Expected `int`, got `str`"),
        (int, Decimal("3.5"), "Expected `int`, got `float`"),
        (int, True, "Expected `int`, got `bool`"),
        (float, None, "Expected `float`, got `null`"),
        (str, 3, "Expected `str`, got `int`"),
        (date, "tomorrow", "Invalid RFC3339 encoded date"),
        (Order, {"items": [ITEM, {"name": "pen"}]}, r"missing required field `price` \(at x.items\[1\]\)"),
        (list[int], [1, "b"], r"Expected `int`, got `str` \(at x\[1\]\)"),
        (Annotated[int, msgspec.Meta(ge=0)], -1, "Expected `int` >= 0"),
        (Customer, {"limit": 1}, r"name: Field required"),
        (Callable, "print", "Expected `Callable`, got `str`"),
        (float, Decimal("1E+400"), r"1E\+400 is too large for a float"),
        (float, 10**400, "Number out of range"),
    ],
)
def test_a_value_of_another_type_is_named_with_place_and_type(
    annotation: Any, value: object, problem: str
) -> None:
    with pytest.raises(
        ArgumentsError, match=r"(?s)The variable 'x' does not fit the function function\(x.*" + problem
    ):
        argument(annotation, value)


def test_a_missing_variable_is_named_with_the_signature() -> None:
    def add(a: float, b: float) -> float:
        return a + b

    with pytest.raises(ArgumentsError, match=r"no variable 'b'.*add\(a: float, b: float\) -> float"):
        signature.arguments(signature.read(add), {"a": 1})


def test_a_default_stands_for_a_missing_variable_only() -> None:
    def greet(name: str = "you") -> str:
        return name

    read = signature.read(greet)
    assert signature.arguments(read, {}) == {}
    with pytest.raises(ArgumentsError, match="got `null`"):
        signature.arguments(read, {"name": None})


def test_other_variables_are_not_handed_over() -> None:
    def add(a: int) -> int:
        return a

    assert signature.arguments(signature.read(add), {"a": 1, "secret": 2}) == {"a": 1}


def test_keyword_arguments_take_all_other_variables() -> None:
    def log(a: int, **others: Any) -> None: ...

    chosen = signature.arguments(signature.read(log), {"a": 1, "b": Decimal("2.0"), "c": [Decimal("0.5")]})
    assert chosen == {"a": 1, "b": 2, "c": [0.5]}


@pytest.mark.parametrize("annotation", [Any, object, dict, list, dict[str, Any]])
def test_numbers_are_int_or_float_where_the_annotation_does_not_say(annotation: Any) -> None:
    value: Any = [Decimal("1.0"), Decimal("1.5")]
    expected: Any = [1, 1.5]
    if annotation not in (Any, object, list):
        value, expected = {"a": value}, {"a": expected}
    result = argument(annotation, value)
    assert result == expected
    assert [type(n) for n in (result["a"] if isinstance(result, dict) else result)] == [int, float]


scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(), st.decimals(allow_nan=False, allow_infinity=False)
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10
)


@given(values)
def test_an_exact_number_keeps_its_value(value: object) -> None:
    assert signature.numbers(value, exact=True) == value


@given(values)
def test_an_argument_without_annotation_holds_no_decimal_number(value: object) -> None:
    def decimals(part: object) -> list[Decimal]:
        match part:
            case Decimal():
                return [part]
            case list():
                return [d for item in part for d in decimals(item)]
            case dict():
                return [d for item in part.values() for d in decimals(item)]
        return []

    assert decimals(argument(Any, value)) == []


def test_a_huge_exponent_does_not_become_a_huge_integer() -> None:
    assert signature.numbers(Decimal("1E+999999"), exact=True) == Decimal("1E+999999")


def test_annotations_may_be_texts() -> None:
    def add(a: Item) -> Order: ...  # type: ignore[empty-body]

    add.__annotations__ = {"a": "Item", "return": "Order"}
    read = signature.read(add)
    assert signature.arguments(read, {"a": ITEM})["a"].name == "book"
    assert "add(a: " in read.text
    assert "'" not in read.text


def positional(a: int, /) -> None: ...
def starred(*parts: int) -> None: ...
def unresolved(a: Missing) -> None: ...  # type: ignore[name-defined] # noqa: F821
def ambiguous(a: str | date) -> None: ...
def ambiguous_result() -> str | date: ...  # type: ignore[empty-body]


@pytest.mark.parametrize(
    ("function", "problem"),
    [
        (positional, "parameter 'a: 'int'' takes no name"),
        (starred, r"takes no name"),
        (unresolved, "'Missing' is not defined.*TYPE_CHECKING"),
        (ambiguous, "annotation of parameter 'a' cannot be checked"),
        (ambiguous_result, "annotation of its result cannot be checked"),
    ],
)
def test_a_signature_that_cannot_be_filled_is_refused(function: Callable[..., Any], problem: str) -> None:
    with pytest.raises(SignatureError, match=problem):
        signature.read(function)


def test_pydantic_is_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "pydantic")
    assert argument(Item, ITEM).name == "book"


@pytest.mark.parametrize(
    ("annotation", "result"),
    [(float, 3), (int, 3), (Order, Order([])), (list[Customer], [ADA]), (None, None), (Colour, Colour.RED)],
)
def test_a_result_of_the_declared_type_is_taken(annotation: Any, result: object) -> None:
    signature.check_result(_returning(annotation), result)


@pytest.mark.parametrize(
    ("annotation", "result", "problem"),
    [
        (int, 3.0, "Expected `int`, got `float`"),
        (None, 5, "Expected `null`, got `int`"),
        (dict[str, int], {"a": "b"}, r"got `str` - at `\$\[...\]`"),
        (Customer, Order([]), "Customer"),
    ],
)
def test_a_result_of_another_type_is_refused(annotation: Any, result: object, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        signature.check_result(_returning(annotation), result)


def _returning(annotation: Any) -> signature.Signature:
    def function():  # type: ignore[no-untyped-def]
        return None

    function.__annotations__ = {"return": annotation}
    return signature.read(function)


def test_a_function_is_described_in_its_authors_words() -> None:
    def add(a: float, b: int | None = None, **others: Any) -> float:
        """Add two numbers."""
        return a

    info = signature.describe(add, "sum", 500)
    assert info.doc == "Add two numbers."
    assert [(p.name, p.type, p.required, p.default) for p in info.parameters] == [
        ("a", "float", True, None),
        ("b", "int | None", False, "None"),
    ]
    assert (info.name, info.takes_all, info.returns, info.timeout_ms) == ("sum", True, "float", 500)
    assert info.file == __file__
