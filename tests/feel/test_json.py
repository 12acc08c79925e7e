"""Values from Python, to JSON, to storage and back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any
from uuid import UUID

import msgspec
import pydantic
import pytest

from penstock import feel


@dataclass
class Address:
    city: str


class Order(msgspec.Struct):
    total: float
    to: Address


class Person(pydantic.BaseModel):
    name: str


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("obj", "value"),
    [
        (2, 2),
        (2.0, Decimal("2.0")),
        (0.1, Decimal("0.1")),
        (10**34 + 1, Decimal("1E+34")),
        ((1, [2]), [1, [2]]),
        (Order(1.5, Address("Bonn")), {"total": Decimal("1.5"), "to": {"city": "Bonn"}}),
        (Person(name="Ada"), {"name": "Ada"}),
        (Colour.RED, "red"),
        (timedelta(days=1), timedelta(days=1)),
        (None, None),
        (True, True),
    ],
)
def test_python_objects_become_values(obj: Any, value: Any) -> None:
    converted = feel.from_python(obj)
    assert converted == value
    assert type(converted) is type(value)


@dataclass(frozen=True)
class relativedelta:  # noqa: N801 - dateutil's, as far as it is looked at
    years: int = 0
    months: int = 0
    days: int = 0
    hours: int = 0
    weekday: int | None = None


def test_a_relative_duration_is_one_of_months_or_one_of_days() -> None:
    assert feel.from_python([relativedelta(years=1, months=2)]) == [feel.YearsMonths(14)]
    assert feel.from_python(relativedelta(days=1, hours=-2)) == timedelta(hours=22)
    assert feel.from_python(relativedelta()) == timedelta()


@pytest.mark.parametrize("obj", [relativedelta(months=1, days=1), relativedelta(days=1, weekday=0)])
def test_a_relative_duration_that_is_neither_is_refused(obj: relativedelta) -> None:
    with pytest.raises(TypeError, match=r"a is relativedelta.*; a duration has years and months, or days"):
        feel.from_python({"a": obj})


@pytest.mark.parametrize(
    ("obj", "words"),
    [
        ({"order": {"items": [1, 2, {3}]}}, r"order\.items\[2\] is builtins\.set"),
        ({"x": float("nan")}, "x is nan"),
        ({"x": [float("inf")]}, r"x\[0\] is inf"),
        ({"x": {1: 2}}, "x has the key 1"),
        (object(), "the value is builtins.object"),
        (Address, "the value is builtins.type"),
    ],
)
def test_what_is_no_value_is_refused_with_its_place(obj: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        feel.from_python(obj)


MOMENT = datetime(2024, 2, 29, 12, 30, tzinfo=UTC)


def test_json_for_people_has_texts_and_typed_json_has_tags() -> None:
    value = {"day": date(2024, 2, 29), "at": MOMENT, "for": timedelta(hours=2), "n": Decimal("1.10")}
    assert feel.to_json(value) == {
        "day": "2024-02-29",
        "at": "2024-02-29T12:30:00Z",
        "for": "PT2H",
        "n": Decimal("1.10"),
    }
    assert feel.to_json(value, typed=True, numbers="string") == {
        "day": {"@date": "2024-02-29"},
        "at": {"@dateTime": "2024-02-29T12:30:00Z"},
        "for": {"@duration": "PT2H"},
        "n": "1.1",
    }


def test_a_number_is_tagged_only_where_a_double_would_lose_digits() -> None:
    assert feel.to_json(Decimal("1.10"), typed=True) == Decimal("1.10")
    exact = Decimal("1.2345678901234567890")
    assert feel.to_json(exact, typed=True) == {"@number": "1.234567890123456789"}
    assert feel.from_json({"@number": "1.234567890123456789"}) == exact


@pytest.mark.parametrize(
    ("tree", "value"),
    [
        ({"@date": "2024-02-29"}, date(2024, 2, 29)),
        ({"@time": "10:00:00Z"}, time(10, tzinfo=UTC)),
        ([{"a": {"@dateTime": "2024-02-29T12:30:00Z"}}], [{"a": MOMENT}]),
        ({"@duration": "P1Y2M"}, feel.YearsMonths(14)),
        ({"@number": "5"}, 5),
        ({"@context": {"@date": "x"}}, {"@date": "x"}),
        ({"@date": "2024-02-29", "b": 1}, {"@date": "2024-02-29", "b": 1}),
        (0.1, Decimal("0.1")),
    ],
)
def test_tags_are_read_anywhere(tree: Any, value: Any) -> None:
    assert feel.from_json(tree) == value


@pytest.mark.parametrize(
    "tree",
    [
        {"@date": "2024-02-30"},
        {"@date": 5},
        {"@time": "25:00"},
        {"@duration": "1h"},
        {"@number": "many"},
        {"@number": "NaN"},
        {"@unknown": "1"},
        {"@range": {"start": 1}},
        {"@range": {"start": 1, "end": 2, "startIncluded": True, "endIncluded": True, "operator": "~"}},
        {"a": [{"@dateTime": "noon"}]},
    ],
)
def test_a_malformed_tag_is_named(tree: Any) -> None:
    with pytest.raises(feel.FeelError, match="malformed"):
        feel.from_json(tree)


def test_storage_keeps_every_digit_and_type() -> None:
    value = {
        "n": Decimal("1.10"),
        "big": 10**33,
        "text": "@date",
        "looks like a tag": {"@date": "x"},
        "list": [None, True, feel.YearsMonths(3), feel.Range(1, None, True, False, ">=")],
    }
    stored = feel.dumps(value)
    assert feel.loads(stored) == value
    assert b'"n":1.10' in stored
    assert feel.loads('{"a": 1.5}') == {"a": Decimal("1.5")}


@pytest.mark.parametrize("value", [feel.evaluate("function(x) x"), "\ud800", {"a": object()}])
def test_what_cannot_be_stored_is_refused(value: Any) -> None:
    with pytest.raises(feel.FeelError, match=r"cannot be stored|no FEEL value"):
        feel.dumps(value)


@pytest.mark.parametrize("data", [b"{", b"\xff", "[1,]", "[" * 100_000])
def test_what_is_not_json_is_refused(data: bytes | str) -> None:
    with pytest.raises(feel.FeelError, match="not JSON"):
        feel.loads(data)


def test_values_are_written_as_feel_writes_them() -> None:
    assert feel.to_text("plain") == "plain"
    value = ["a\n", Decimal("1.50"), {"a b": None, "c": True}, feel.Range(1, 2, True, False)]
    assert feel.to_text(value) == '["a\\n", 1.5, {"a b": null, c: true}, [1..2)]'
    assert feel.type_name(feel.YearsMonths(1)) == "years and months duration"


@pytest.mark.parametrize("number", ["1e6145", "-1e99999999", "1e-7000"])
def test_a_number_beyond_what_feel_holds_is_refused_when_it_is_read(number: str) -> None:
    with pytest.raises(feel.FeelError, match="beyond what FEEL's numbers hold"):
        feel.from_json({"@number": number})
    with pytest.raises(feel.FeelError, match="beyond what FEEL's numbers hold"):
        feel.from_json({"n": Decimal(number)})
    with pytest.raises(TypeError, match="beyond what FEEL's numbers hold"):
        feel.from_python(Decimal(number))


def test_members_of_an_enum_and_uuids_of_python_become_values() -> None:
    class Size(Enum):
        LARGE = "L"

    assert feel.from_python({"size": Size.LARGE, "id": UUID(int=5)}) == {
        "size": "L",
        "id": "00000000-0000-0000-0000-000000000005",
    }


def test_typed_json_marks_a_number_whose_last_digit_is_its_34th() -> None:
    number = Decimal("1." + "0" * 32 + "1")
    assert feel.to_json(number, typed=True) == {"@number": str(number)}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("sum", "a function cannot be stored; call it"),
        ("[1, {of: [function() 1]}]", r"it holds one at \[2\].of\[1\]; call it"),
        ('{a: [1], b: @"P1D", c: [1..2], d: null}', None),
    ],
)
def test_a_value_that_cannot_be_stored_is_told_by_its_place(text: str, reason: str | None) -> None:
    value = feel.evaluate(text)
    if reason is None:
        assert feel.unstorable(value) is None
        assert feel.loads(feel.dumps(value)) == value
        return
    with pytest.raises(feel.FeelError):
        feel.dumps(value)
    found = feel.unstorable(value)
    assert found is not None
    assert re.search(reason, found)


def test_a_value_without_end_is_told_apart_before_it_is_stored() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    assert feel.unstorable(deep) == "it is nested more than 200 deep"
    wide: Any = [0] * 1000
    for _ in range(3):
        wide = [wide] * 1000
    assert feel.unstorable(wide) == "it has more than 2000000 items"


@pytest.mark.parametrize(("value", "place"), [("a\0b", ""), ({"steps": ["a", "\0"]}, " .steps[2]")])
def test_a_text_with_a_nul_is_told_by_its_place(value: Any, place: str) -> None:
    found = feel.unstorable(value)
    assert found is not None
    assert found.startswith("a text with a NUL character")
    assert found.endswith(place)
