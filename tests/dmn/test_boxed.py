"""Boxed expressions of every kind."""

from __future__ import annotations

import pytest

from penstock import dmn
from tests.dmn.models import codes, data, decide, decision, model_of, read, text


def quoted(content: str) -> str:
    """Give a string of FEEL."""
    return f'"{content}"'


def test_a_context_gives_its_entries_and_each_sees_those_before_it() -> None:
    context = (
        f'<context><contextEntry><variable name="net price"/>{text("100")}</contextEntry>'
        f'<contextEntry><variable name="gross"/>{text("net price * 1.5")}</contextEntry></context>'
    )
    assert decide(decision("D", context)) == {"net price": 100, "gross": 150}


def test_the_entry_without_a_variable_is_what_the_context_gives() -> None:
    context = (
        f'<context><contextEntry><variable name="x"/>{text("20")}</contextEntry>'
        f"<contextEntry>{text('x + 1')}</contextEntry></context>"
    )
    assert decide(decision("D", context)) == 21


def test_a_function_in_a_context_may_call_itself() -> None:
    body = text("if n <= 1 then 1 else n * factorial(n - 1)")
    context = (
        '<context><contextEntry><variable name="factorial"/><functionDefinition>'
        f'<formalParameter name="n" typeRef="number"/>{body}</functionDefinition></contextEntry>'
        f"<contextEntry>{text('factorial(5)')}</contextEntry></context>"
    )
    assert decide(decision("D", context)) == 120


def test_a_list_gives_its_items() -> None:
    assert decide(decision("D", f"<list>{text('1 + 1')}{text(quoted('a'))}</list>")) == [2, "a"]


def test_a_relation_gives_a_context_for_each_row() -> None:
    relation = (
        '<relation><column name="name"/><column name="age" typeRef="number"/>'
        f"<row>{text(quoted('Ann'))}{text('30')}</row>"
        f"<row>{text(quoted('Bo'))}{text(quoted('old'))}</row></relation>"
    )
    assert decide(decision("D", relation)) == [{"name": "Ann", "age": 30}, {"name": "Bo", "age": None}]


def test_an_invocation_binds_arguments_by_name() -> None:
    knowledge = (
        '<businessKnowledgeModel id="ratio" name="ratio"><encapsulatedLogic><formalParameter name="part"/>'
        f'<formalParameter name="whole"/>{text("part / whole")}</encapsulatedLogic></businessKnowledgeModel>'
    )
    invocation = (
        f'<invocation>{text("ratio")}<binding><parameter name="whole"/>{text("8")}</binding>'
        f'<binding><parameter name="part"/>{text("4")}</binding></invocation>'
    )
    assert decide(knowledge + decision("D", invocation, needs="!ratio")) * 2 == 1


def test_an_invocation_of_what_is_no_function_is_null_with_a_warning() -> None:
    content = decision("D", f"<invocation>{text('1 + 1')}</invocation>")
    result = dmn.evaluate(model_of(content), "D", {})
    assert result.value is None
    assert result.warnings[0].code == "unknown-function"


def test_an_invocation_without_an_argument_that_the_function_needs_is_null() -> None:
    function = f'<functionDefinition><formalParameter name="x"/>{text("x")}</functionDefinition>'
    content = decision("F", function) + decision("D", f"<invocation>{text('F')}</invocation>", needs="F")
    assert decide(content) is None


@pytest.mark.parametrize(("n", "expected"), [(3, "big"), (1, "small"), ("x", "small")])
def test_a_conditional_takes_the_branch_of_its_condition(n: object, expected: str) -> None:
    boxed = (
        f"<conditional><if>{text('n > 2')}</if><then>{text(quoted('big'))}</then>"
        f"<else>{text(quoted('small'))}</else></conditional>"
    )
    assert decide(data("n") + decision("D", boxed, needs="<n"), n=n) == expected


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        ("item.age > 40", [{"name": "Bo", "age": 50}]),
        ("age > 40", [{"name": "Bo", "age": 50}]),
        ("2", {"name": "Bo", "age": 50}),
        ("-2", {"name": "Ann", "age": 30}),
        ("9", None),
        ("false", []),
    ],
)
def test_a_filter_gives_the_items_that_match_or_the_one_at_a_position(match: str, expected: object) -> None:
    people = '[{name: "Ann", age: 30}, {name: "Bo", age: 50}]'
    boxed = f"<filter><in>{text(people)}</in><match>{text(match)}</match></filter>"
    assert decide(decision("D", boxed)) == expected


@pytest.mark.parametrize(("match", "expected"), [("1", None), ("item > 1", []), ("true", [])])
def test_a_filter_over_no_items_gives_what_feel_gives(match: str, expected: object) -> None:
    boxed = f"<filter><in>{text('[]')}</in><match>{text(match)}</match></filter>"
    assert decide(decision("D", boxed)) == expected == decide(decision("D", text(f"[][{match}]")))


def test_a_filter_sees_the_components_of_the_type_by_their_names() -> None:
    types = (
        '<itemDefinition name="tLoans" isCollection="true"><itemComponent name="interest rate">'
        "<typeRef>number</typeRef></itemComponent></itemDefinition>"
    )
    boxed = f"<filter><in>{text('loans')}</in><match>{text('interest rate > 4')}</match></filter>"
    content = types + data("loans", "tLoans") + decision("D", boxed, needs="<loans")
    assert decide(content, loans=[{"interest rate": 3}, {"interest rate": 5}]) == [{"interest rate": 5}]


def test_a_for_gives_a_result_for_each_item_and_sees_those_before() -> None:
    body = text("if count(partial) = 0 then x else partial[-1] + x")
    boxed = f'<for iteratorVariable="x"><in>{text("[1..4]")}</in><return>{body}</return></for>'
    assert decide(decision("D", boxed)) == [1, 3, 6, 10]


@pytest.mark.parametrize(
    ("word", "condition", "expected"),
    [
        ("some", "x > 2", True),
        ("some", "x > 9", False),
        ("some", "if x = 3 then true else null", True),
        ("some", "null", None),
        ("some", '"x"', None),
        ("every", "x > 0", True),
        ("every", "x > 1", False),
        ("every", "if x = 3 then false else null", False),
        ("every", "null", None),
    ],
)
def test_some_and_every_are_three_valued(word: str, condition: str, expected: object) -> None:
    boxed = (
        f'<{word} iteratorVariable="x"><in>{text("[1, 2, 3]")}</in>'
        f"<satisfies>{text(condition)}</satisfies></{word}>"
    )
    assert decide(decision("D", boxed)) is expected


@pytest.mark.parametrize(("word", "part"), [("for", "return"), ("some", "satisfies"), ("every", "satisfies")])
def test_looping_over_what_is_no_list_is_null(word: str, part: str) -> None:
    boxed = f'<{word} iteratorVariable="x"><in>{text("5")}</in><{part}>{text("true")}</{part}></{word}>'
    assert decide(decision("D", boxed)) is None


def test_a_function_written_in_java_is_refused_and_its_call_is_null() -> None:
    function = f'<functionDefinition kind="Java"><formalParameter name="x"/>{text("x")}</functionDefinition>'
    reading = read(decision("F", function) + decision("D", text("F(1)"), needs="F"))
    assert codes(reading) == ["external-function"]
    assert reading.model is not None
    assert dmn.evaluate(reading.model, "D", {}).value is None


def test_a_missing_part_of_an_expression_is_found() -> None:
    boxed = f"<conditional><if>{text('true')}</if><then>{text('1')}</then></conditional>"
    assert codes(read(decision("D", boxed))) == ["no-expression"]
