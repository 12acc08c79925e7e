"""The body of a start: what it may hold, what it becomes, and how all that is wrong with it is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from penstock import feel
from penstock.api.domo.mapping import TYPES, Parameter, ParameterType
from penstock.api.domo.parameters import MAX_PROBLEMS, ParameterError, compile_parameters
from penstock.feel.values import YearsMonths


def parameter(alias: str, type: ParameterType = "number", **others: Any) -> Parameter:
    """Give the parameter `alias` of the variable `alias_`, so that the two cannot be mixed up."""
    return Parameter((alias, f"{alias}_"), f"{alias}_", type, **others)


def read(body: dict[str, Any], *parameters: Parameter) -> dict[str, object]:
    return compile_parameters(parameters)(body)


def problems(body: dict[str, Any], *parameters: Parameter) -> tuple[str, ...]:
    with pytest.raises(ParameterError) as caught:
        read(body, *parameters)
    return caught.value.problems


def test_a_parameter_goes_by_its_alias_or_its_name_and_sets_the_variable_of_its_name() -> None:
    numbers = parameter("first"), parameter("second")
    assert read({"first": 5, "second_": 7}, *numbers) == {"first_": 5, "second_": 7}


def test_two_keys_of_one_parameter_are_refused() -> None:
    assert problems({"first": 5, "first_": 5}, parameter("first")) == (
        "first_: means the same as first. Send one of the two.",
    )


VALUES: list[tuple[ParameterType, Any, Any]] = [
    ("boolean", True, True),
    ("number", 5, 5),
    ("number", Decimal("0.1"), Decimal("0.1")),
    ("decimal", Decimal("1.10"), Decimal("1.10")),
    ("decimal", 3, 3),
    ("text", "", ""),
    ("string", "añb", "añb"),
    ("date", "2024-02-29", date(2024, 2, 29)),
    ("date", "2024-02-29T23:59:59.999Z", date(2024, 2, 29)),
    ("time", "13:45:00", time(13, 45)),
    ("time", "13:45:00Z", time(13, 45, tzinfo=UTC)),
    ("dateTime", "2024-02-29T13:45:00.250Z", datetime(2024, 2, 29, 13, 45, 0, 250_000, UTC)),
    ("duration", "PT1H30M", timedelta(hours=1, minutes=30)),
    ("duration", "P1Y6M", YearsMonths(18)),
    ("person", "8811501", "8811501"),
    ("person", 8811501, "8811501"),
    ("group", 17, "17"),
    ("dataset", "0c7f8e0e-5b0b", "0c7f8e0e-5b0b"),
    ("object", {"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}),
]


@pytest.mark.parametrize(("type", "sent", "value"), VALUES)
def test_a_value_becomes_a_value_of_feel(type: ParameterType, sent: Any, value: Any) -> None:
    result = read({"x": sent}, parameter("x", type))
    assert result == {"x_": value}
    assert feel.type_name(result["x_"]) == feel.type_name(value)


@pytest.mark.parametrize(("type", "sent", "value"), VALUES)
def test_a_list_holds_values_of_its_type(type: ParameterType, sent: Any, value: Any) -> None:
    assert read({"x": [sent, sent]}, parameter("x", type, list=True)) == {"x_": [value, value]}
    assert read({"x": []}, parameter("x", type, list=True)) == {"x_": []}


WRONG: dict[ParameterType, tuple[str, list[Any]]] = {
    "boolean": ("true or false", ["true", 1, None, []]),
    "number": ("a number", ["5", True, None, {}]),
    "decimal": ("a number", ["5", False, None, []]),
    "text": ("a text", [5, True, None, {}]),
    "string": ("a text", [5, True, None, {}]),
    "date": ("a date such as 2024-02-29", ["2023-02-29", "2024-02-29T25:00:00Z", "today", 5, None]),
    "time": ("a time such as 13:45:00", ["25:00:00", "1pm", 5, None]),
    "dateTime": ("a date and time such as 2024-02-29T13:45:00Z", ["13:45:00", 1700000000000, None]),
    "duration": ("a duration such as PT1H30M or P1Y6M", ["1 hour", "PT", 5, None]),
    "person": ("the id of a person", ["", Decimal("1.5"), True, {"id": 5}, None]),
    "group": ("the id of a group", [" ", [], None]),
    "dataset": ("the id of a dataset", ["", {}, None]),
    "object": ("an object", ["{}", [], 5, None]),
}


@pytest.mark.parametrize("type", TYPES)
def test_a_value_of_a_wrong_type_is_refused_with_the_type_that_is_expected(type: ParameterType) -> None:
    expected, values = WRONG[type]
    for value in values:
        assert problems({"x": value}, parameter("x", type))[0].startswith(f"x: must be {expected}, and is ")
        assert problems({"x": [value]}, parameter("x", type, list=True))[0].startswith(
            f"x[0]: must be {expected}, and is "
        )


def test_a_single_value_is_no_list() -> None:
    assert problems({"x": 5}, parameter("x", list=True)) == (
        "x: must be a list, each item a number, and is 5.",
    )


def test_what_is_missing_is_named_with_its_type() -> None:
    numbers = parameter("first"), parameter("second", "date", list=True)
    assert problems({}, *numbers) == (
        "first: is missing. It must be a number.",
        "second: is missing. It must be a list, each item a date such as 2024-02-29.",
    )


def test_an_unknown_parameter_is_refused_with_those_that_there_are() -> None:
    assert problems({"first": 5, "frist": 5}, parameter("first"), parameter("second", nullable=True)) == (
        "frist: is no parameter here. Known are first, second.",
    )
    assert problems({"x": 1}) == ("x: is no parameter here. There are none.",)


def test_a_default_stands_in_for_what_is_absent() -> None:
    day = parameter("day", "date", default="2024-02-29")
    assert read({}, day) == {"day_": date(2024, 2, 29)}
    assert read({"day": "2025-01-01"}, day) == {"day_": date(2025, 1, 1)}


def test_a_default_does_not_stand_in_for_null() -> None:
    assert problems({"x": None}, parameter("x", default=5)) == ("x: must be a number, and is null.",)


def test_a_nullable_parameter_may_be_null_or_absent_and_is_null_then() -> None:
    assert read({"x": None}, parameter("x", nullable=True)) == {"x_": None}
    assert read({}, parameter("x", nullable=True)) == {"x_": None}
    assert read({}, parameter("x", nullable=True, default=5)) == {"x_": 5}


def test_an_object_is_checked_in_depth_and_its_properties_get_their_names() -> None:
    line = parameter(
        "line", "object", list=True, children=(parameter("count"), parameter("note", "text", nullable=True))
    )
    order = parameter("order", "object", children=(line,))
    assert read({"order": {"line": [{"count": 1, "note": "a"}, {"count_": 2}]}}, order) == {
        "order_": {"line_": [{"count_": 1, "note_": "a"}, {"count_": 2, "note_": None}]}
    }
    assert problems({"order": {"line": [{"count": "1"}, {"colour": "red"}, 7]}}, order) == (
        'order.line[0].count: must be a number, and is "1".',
        "order.line[1].colour: is no property here. Known are count, note.",
        "order.line[1].count: is missing. It must be a number.",
        "order.line[2]: must be an object, and is 7.",
    )


def test_every_problem_is_in_one_message() -> None:
    with pytest.raises(ParameterError) as caught:
        read({"a": "1", "c": 1}, parameter("a"), parameter("b"))
    assert str(caught.value) == (
        'a: must be a number, and is "1". c: is no parameter here. Known are a, b. '
        "b: is missing. It must be a number."
    )


def test_a_message_does_not_grow_with_the_body() -> None:
    with pytest.raises(ParameterError) as caught:
        read({"x": ["y" * 1000] * 1000}, parameter("x", list=True))
    assert len(caught.value.problems) == 1000
    assert str(caught.value).endswith(f"There are {1000 - MAX_PROBLEMS} more problems of this kind.")
    assert len(str(caught.value)) < 2500


def test_without_parameters_in_the_mapping_any_object_is_taken() -> None:
    body = {"a": 1, "b": {"c": [None, "x"]}, "day": {"@date": "2024-02-29"}}
    assert compile_parameters(None)(body) == {"a": 1, "b": {"c": [None, "x"]}, "day": date(2024, 2, 29)}


def test_a_malformed_tag_is_refused_with_the_parameter() -> None:
    with pytest.raises(ParameterError, match=r"^when: .*malformed"):
        compile_parameters(None)({"when": {"@date": "soon"}})
    assert problems({"x": {"y": {"@date": "soon"}}}, parameter("x", "object"))[0].startswith("x.y: ")


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
leaves = st.builds(
    lambda type, nullable, a_list: (type, nullable, a_list),
    st.sampled_from(TYPES),
    st.booleans(),
    st.booleans(),
)


@given(st.dictionaries(st.sampled_from(["a", "b", "a_", "z"]), json_values), st.lists(leaves, max_size=2))
def test_whatever_is_sent_it_becomes_all_the_variables_or_a_parameter_error(
    body: dict[str, Any], types: list[tuple[ParameterType, bool, bool]]
) -> None:
    parameters = [
        parameter(alias, type, nullable=nullable, list=a_list)
        for alias, (type, nullable, a_list) in zip("ab", types, strict=False)
    ]
    try:
        variables = read(body, *parameters)
    except ParameterError as error:
        told = error.problems
    else:
        assert variables.keys() == {p.variable for p in parameters}
        assert feel.loads(feel.dumps(variables)) == variables
        return
    assert told
