"""Item definitions: what belongs to a type, what is converted, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from penstock import dmn
from tests.dmn.models import codes, data, decide, decision, model_of, read, text

_TYPES = """
<itemDefinition name="tScore"><typeRef>number</typeRef>
  <allowedValues><text>[0..100]</text></allowedValues></itemDefinition>
<itemDefinition name="tScores" isCollection="true"><typeRef>tScore</typeRef></itemDefinition>
<itemDefinition name="tColor"><typeRef>string</typeRef>
  <allowedValues><text>"red","green"</text></allowedValues></itemDefinition>
<itemDefinition name="tColors" isCollection="true"><typeRef>string</typeRef>
  <allowedValues><text>"red","green"</text></allowedValues>
  <typeConstraint><text>count(?) &lt; 3</text></typeConstraint></itemDefinition>
<itemDefinition name="tPerson"><itemComponent name="name"><typeRef>string</typeRef></itemComponent>
  <itemComponent name="scores" isCollection="true"><typeRef>tScore</typeRef></itemComponent></itemDefinition>
<itemDefinition name="tTree"><itemComponent name="value"><typeRef>number</typeRef></itemComponent>
  <itemComponent name="children" isCollection="true"><typeRef>tTree</typeRef></itemComponent></itemDefinition>
<itemDefinition name="tFn"><functionItem outputTypeRef="number">
  <parameters name="x" typeRef="number"/></functionItem></itemDefinition>
"""


def given(type: str, value: object) -> Any:
    """Give what input data of a type makes of a value."""
    content = _TYPES + data("a", type) + decision("D", text("a"), needs="<a")
    return decide(content, a=value)


@pytest.mark.parametrize(
    ("type", "value", "expected"),
    [
        ("number", 1, 1),
        ("number", "1", None),
        ("number", [1], 1),
        ("number", [1, 2], None),
        ("Any", [1, "x"], [1, "x"]),
        ("tScore", 100, 100),
        ("tScore", 101, None),
        ("tScore", None, None),
        ("tScores", [1, 2], [1, 2]),
        ("tScores", 5, [5]),
        ("tScores", [1, 101], None),
        ("tScores", [1, None], [1, None]),
        ("tColor", "red", "red"),
        ("tColor", "blue", None),
        ("tColors", ["red"], ["red"]),
        ("tColors", ["blue"], None),
        ("tColors", ["red", "red", "red"], None),
        ("tPerson", {"name": "A", "scores": [1]}, {"name": "A", "scores": [1]}),
        ("tPerson", {"name": "A", "scores": [1], "more": 2}, {"name": "A", "scores": [1], "more": 2}),
        ("tPerson", {"name": None, "scores": None}, {"name": None, "scores": None}),
        ("tPerson", {"name": "A", "scores": [101]}, None),
        ("tPerson", {"name": "A"}, None),
        ("tPerson", "A", None),
        (
            "tTree",
            {"value": 1, "children": [{"value": 2, "children": []}]},
            {"value": 1, "children": [{"value": 2, "children": []}]},
        ),
        ("tTree", {"value": 1, "children": [{"value": "x", "children": []}]}, None),
        ("integer", 3, 3),
    ],
)
def test_input_data_is_as_its_type_wants_it_or_null(type: str, value: object, expected: object) -> None:
    assert given(type, value) == expected


def test_a_date_becomes_the_first_moment_of_its_day_in_utc() -> None:
    assert given("date and time", date(2024, 2, 29)) == datetime(2024, 2, 29, tzinfo=UTC)
    assert given("dateTime", date(2024, 2, 29)) == datetime(2024, 2, 29, tzinfo=UTC)


def test_what_does_not_fit_is_null_with_a_warning_that_says_so() -> None:
    model = model_of(_TYPES + decision("D", text('"x"'), type="tScore"))
    result = dmn.evaluate(model, "D", {})
    assert result.value is None
    assert [warning.message for warning in result.warnings] == [
        "decision 'D': a string does not fit the type 'tScore'"
    ]


@pytest.mark.parametrize(
    ("type", "value", "message"),
    [
        ("tScore", 101, "101 is not among the allowed values of the type 'tScore'"),
        ("tPerson", {"name": "A"}, "a context does not fit the type 'tPerson': it has no 'scores'"),
        (
            "tPerson",
            {"name": 1, "scores": []},
            "a context does not fit the type 'tPerson': its 'name' is a number that does not fit",
        ),
    ],
)
def test_the_warning_says_what_does_not_fit(type: str, value: object, message: str) -> None:
    model = model_of(_TYPES + data("a", type) + decision("D", text("a"), needs="<a"))
    warnings = dmn.evaluate(model, "D", {"a": value}).warnings
    assert [warning.message for warning in warnings] == [f"decision 'D': the input 'a': {message}"]


def test_a_decision_gives_the_only_item_of_a_list_where_a_single_value_is_asked() -> None:
    assert decide(decision("D", text("[7]"), type="number")) == 7


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("5 instance of tScore", True),
        ("500 instance of tScore", True),
        ('"x" instance of tScore', False),
        ("null instance of tScore", False),
        ('[{name: "A", scores: []}] instance of list<tPerson>', True),
        ("{name: 1, scores: []} instance of tPerson", False),
        ("(function(a) a) instance of tFn", True),
        ("(function(a, b) a) instance of tFn", False),
        ("(function(a: string) 1) instance of tFn", False),
        ('(function(a: number) "x") instance of tFn', False),
        ("(function(a: Any) 1) instance of tFn", True),
        ("(function(a: tPerson) a.name) instance of function<tPerson> -> string", True),
        ("(function(a: context<name: string>) 1) instance of function<tPerson> -> number", True),
        ("(function(a: tPerson) 1) instance of function<context<name: string>> -> number", False),
        ("(function(a: list<number>) a) instance of function<tScores> -> tScores", True),
        ("(function(a: tTree) a) instance of function<tTree> -> context<value: number>", True),
    ],
)
def test_instance_of_knows_the_types_of_the_model_without_their_constraints(
    expression: str, expected: bool
) -> None:
    assert decide(_TYPES + decision("D", text(expression))) is expected


def test_an_unknown_type_is_found_with_a_hint() -> None:
    reading = read(_TYPES + decision("D", text("1"), type="tScor"))
    assert codes(reading) == ["unknown-type"]
    assert "tScore" in reading.findings[0].message


def test_an_unknown_type_in_the_signature_of_a_function_is_found() -> None:
    function = '<functionItem outputTypeRef="tX"><parameters name="x" typeRef="number"/></functionItem>'
    assert codes(read(f'<itemDefinition name="tF">{function}</itemDefinition>')) == ["unknown-type"]


def test_a_type_that_only_lists_allowed_values_constrains_too() -> None:
    allowed = "<allowedValues><text>1,2</text></allowedValues>"
    content = f'<itemDefinition name="tA">{allowed}</itemDefinition>' + decision("D", text("a"), type="tA")
    assert decide(content, a=2) == 2
    assert decide(content, a=3) is None


@pytest.mark.parametrize("call", ["f(d)", "(function(x: date and time) x)(d)"])
def test_an_argument_is_converted_as_its_parameter_wants_it(call: str) -> None:
    function = (
        '<businessKnowledgeModel id="f" name="f"><encapsulatedLogic>'
        f'<formalParameter name="x" typeRef="dateTime"/>{text("x")}</encapsulatedLogic>'
        "</businessKnowledgeModel>"
    )
    content = function + decision("D", text(call), needs="!f")
    assert decide(content, d=date(2024, 2, 29)) == datetime(2024, 2, 29, tzinfo=UTC)


def test_a_type_defined_by_itself_is_found() -> None:
    types = (
        '<itemDefinition name="tA"><typeRef>tB</typeRef></itemDefinition>'
        '<itemDefinition name="tB"><typeRef>tA</typeRef></itemDefinition>'
    )
    assert codes(read(types)) == ["type-cycle"]


def test_the_order_of_item_definitions_does_not_matter() -> None:
    types = (
        '<itemDefinition name="tA" isCollection="true"><typeRef>tB</typeRef></itemDefinition>'
        '<itemDefinition name="tB"><typeRef>number</typeRef></itemDefinition>'
    )
    assert decide(types + decision("D", text("3"), type="tA")) == [3]


def test_a_faulty_constraint_is_found_with_its_place() -> None:
    allowed = "<allowedValues><text>[1..</text></allowedValues>"
    types = f'<itemDefinition name="tA"><typeRef>number</typeRef>{allowed}</itemDefinition>'
    assert codes(read(types)) == ["feel-syntax"]


def test_data_nested_too_deeply_for_a_type_is_an_error_and_no_crash() -> None:
    value: dict[str, Any] = {"value": 1, "children": []}
    for _ in range(2000):
        value = {"value": 1, "children": [value]}
    content = _TYPES + data("a", "tTree") + decision("D", text("a"), needs="<a")
    with pytest.raises(dmn.DmnError, match="nested too deeply"):
        dmn.evaluate(model_of(content), "D", {"a": value})


def test_a_knowledge_model_is_of_the_type_of_its_parameters_and_its_result() -> None:
    function = (
        '<businessKnowledgeModel id="f" name="f"><variable name="f" typeRef="number"/><encapsulatedLogic>'
        f'<formalParameter name="x" typeRef="tPerson"/>{text("1")}</encapsulatedLogic>'
        "</businessKnowledgeModel>"
    )
    types = ("function<tPerson> -> number", "function<tPerson> -> string", "tFn")
    asked = text(f"[{', '.join(f'f instance of {type}' for type in types)}]")
    assert decide(_TYPES + function + decision("D", asked, needs="!f")) == [True, False, False]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(["red", "green"], ["red", "green"]), (["red", "blue"], None), ([], []), ("red", ["red"])],
)
def test_allowed_values_of_a_name_for_a_list_are_those_of_its_items(value: object, expected: object) -> None:
    """DMN 1.5, 7.3.2: allowed values project on the items of a collection."""
    types = (
        '<itemDefinition name="tWords" isCollection="true"><typeRef>string</typeRef></itemDefinition>'
        '<itemDefinition name="tColored"><typeRef>tWords</typeRef>'
        '<allowedValues><text>"red", "green"</text></allowedValues></itemDefinition>'
    )
    assert decide(types + decision("D", text("a"), type="tColored"), a=value) == expected


@pytest.mark.parametrize(("end", "fits"), [(5, True), (1, False), (None, True)])
def test_the_constraint_of_a_component_sees_the_components_beside_it(end: object, fits: bool) -> None:
    """DMN 1.5, 7.3.2: the values of the sibling components are in scope."""
    types = (
        '<itemDefinition name="tSpan">'
        '<itemComponent name="first day"><typeRef>number</typeRef></itemComponent>'
        '<itemComponent name="end"><typeRef>number</typeRef>'
        "<allowedValues><text>&gt; first day</text></allowedValues></itemComponent></itemDefinition>"
    )
    span = {"first day": 2, "end": end}
    assert decide(types + decision("D", text("a"), type="tSpan"), a=span) == (span if fits else None)
