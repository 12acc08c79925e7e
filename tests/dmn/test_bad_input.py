"""Files and data that mean harm, or are broken: a clear answer, and no exception that is not our own."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, strategies as st

from penstock import dmn, feel
from tests.dmn.models import codes, data, decide, decision, file_of, model_of, read, table, text

_SAMPLE = (
    '<itemDefinition name="tA"><itemComponent name="x y"><typeRef>number</typeRef></itemComponent>'
    "</itemDefinition>"
    + data("a", "tA")
    + decision("B", table(["a.x y"], ["< 5 => 1", '"x" => 2']), needs="<a")
    + decision("D", text("for i in [1, B] return i + a.x y"), needs="<a B")
    + '<decisionService id="S" name="S"><outputDecision href="#D"/><inputData href="#a"/></decisionService>'
    + '<businessKnowledgeModel id="F" name="F"><encapsulatedLogic><formalParameter name="p"/>'
    + f"{text('p + 1')}</encapsulatedLogic></businessKnowledgeModel>"
)


def attempt(content: bytes) -> None:
    """Read a file and make all its decisions; only our own errors may come of it."""
    model = dmn.read(content).model
    if model is None:
        return
    for id in (*model.decisions, *model.services, *model.knowledge):
        try:
            dmn.evaluate(model, id, {"a": {"x y": 3}, "p": 1}, service=id not in model.decisions)
        except dmn.DmnError:
            continue


@given(st.data())
def test_a_file_with_pieces_cut_out_or_doubled_is_read_or_refused(draw: st.DataObject) -> None:
    content = file_of(_SAMPLE)
    for _ in range(draw.draw(st.integers(1, 4))):
        start = draw.draw(st.integers(0, len(content) - 1))
        piece = content[start : start + draw.draw(st.integers(1, 60))]
        content = content.replace(piece, piece * draw.draw(st.integers(0, 2)), 1)
    attempt(content)


_NAMES = ["decision", "context", "contextEntry", "variable", "list", "relation", "row", "column", "for", "in"]
_NAMES += ["return", "some", "satisfies", "every", "filter", "match", "conditional", "if", "then", "else"]
_NAMES += ["invocation", "binding", "parameter", "functionDefinition", "formalParameter", "decisionTable"]
_NAMES += ["input", "inputExpression", "inputValues", "output", "outputValues", "defaultOutputEntry", "rule"]
_NAMES += ["inputEntry", "outputEntry", "literalExpression", "text", "itemDefinition", "itemComponent"]
_NAMES += ["typeRef", "allowedValues", "functionItem", "parameters", "businessKnowledgeModel"]
_NAMES += ["encapsulatedLogic", "decisionService", "outputDecision", "inputDecision", "inputData", "import"]
_ATTRIBUTES = ['name="a"', 'id="a"', 'typeRef="a"', 'typeRef="number"', 'href="#a"', 'href="#"']
_ATTRIBUTES += [
    'iteratorVariable="a"',
    'hitPolicy="PRIORITY"',
    'aggregation="MIN"',
    'isCollection="true"',
    'kind="PMML"',
]
_TEXTS = ["a", "1", '"x"', "-", "[1..3]", "a(1)", "function(a) a(a)", "", "1,2,3", "for a in a return a", "]"]


def _elements(depth: int) -> st.SearchStrategy[str]:
    inner: st.SearchStrategy[str] = st.sampled_from(_TEXTS)
    for _ in range(depth):
        children = st.lists(inner, max_size=4).map("".join)
        attributes = st.lists(
            st.sampled_from(_ATTRIBUTES), max_size=3, unique_by=lambda each: each.split("=")[0]
        )
        inner = st.builds(
            lambda name, attributes, content: f"<{name} {' '.join(attributes)}>{content}</{name}>",
            st.sampled_from(_NAMES),
            attributes,
            children,
        )
    return inner


@given(st.lists(_elements(5), max_size=4).map("".join))
def test_any_elements_in_any_order_are_read_or_refused(content: str) -> None:
    attempt(file_of(content))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    attempt(content)
    attempt(file_of("").replace(b"test", content))


@pytest.mark.parametrize(
    "open_close",
    [
        ("<list>", "</list>"),
        ("<context><contextEntry>", "</contextEntry></context>"),
        ('<for iteratorVariable="x"><in><list/></in><return>', "</return></for>"),
        ("<functionDefinition>", "</functionDefinition>"),
    ],
)
@pytest.mark.parametrize("depth", [20, 60, 190, 10_000])
def test_deep_nesting_is_read_or_refused(open_close: tuple[str, str], depth: int) -> None:
    before, after = open_close
    attempt(file_of(decision("D", before * depth + text("1") + after * depth)))


def test_a_long_chain_of_types_is_read_or_refused() -> None:
    types = "".join(
        f'<itemDefinition name="t{n}"><typeRef>t{n + 1}</typeRef></itemDefinition>' for n in range(3000)
    )
    last = '<itemDefinition name="t3000"><typeRef>number</typeRef></itemDefinition>'
    attempt(file_of(types + last + decision("D", text("1"), type="t0")))


def test_a_context_with_very_many_entries_is_refused() -> None:
    entry = f'<contextEntry><variable name="a"/>{text("1")}</contextEntry>'
    assert codes(read(decision("D", f"<context>{entry * 1001}</context>"))) == ["too-many-entries"]


def test_a_loop_without_end_is_stopped_by_the_limit() -> None:
    content = decision("D", text("count(for i in [1..1000], j in [1..1000], k in [1..1000] return 1)"))
    # Steps alone: a busy machine might reach the limit of time first.
    limits = feel.Limits(seconds=600)
    with pytest.raises(dmn.DmnError, match=r"'D' was not decided: .*steps"):
        dmn.evaluate(model_of(content), "D", {}, limits=limits)


def test_the_limit_is_one_for_all_decisions_together() -> None:
    loop = text("count(for i in [1..400] return i)")
    content = decision("A", loop) + decision("B", loop) + decision("D", text("A + B"), needs="A B")
    model = model_of(content)
    assert dmn.evaluate(model, "A", {}, limits=feel.Limits(steps=600)).value == 400
    with pytest.raises(dmn.DmnError, match="was not decided"):
        dmn.evaluate(model, "D", {}, limits=feel.Limits(steps=600))


def test_functions_that_call_each_other_without_end_are_stopped() -> None:
    knows = '<knowledgeRequirement><requiredKnowledge href="#{}"/></knowledgeRequirement>'
    models = "".join(
        f'<businessKnowledgeModel id="{one}" name="{one}"><encapsulatedLogic>{text(f"{other}()")}'
        f"</encapsulatedLogic>{knows.format(other)}</businessKnowledgeModel>"
        for one, other in (("f", "g"), ("g", "f"))
    )
    with pytest.raises(dmn.DmnError, match="was not decided"):
        decide(models + decision("D", text("f()"), needs="!f"))


def test_a_service_that_serves_itself_is_stopped() -> None:
    content = decision("D", text("S()"), needs="!S") + (
        '<decisionService id="S" name="S"><outputDecision href="#D"/></decisionService>'
    )
    with pytest.raises(dmn.DmnError, match="was not decided"):
        decide(content)


def test_a_table_with_many_columns_and_rules_is_read_in_bounded_work() -> None:
    generator = random.Random(7)
    inputs = [f"n{number}" for number in range(30)]
    rows = [
        " | ".join(f"> {generator.randrange(1000)}" for _ in inputs) + f" => {number}"
        for number in range(100)
    ]
    content = "".join(map(data, inputs)) + decision(
        "D", table(inputs, rows), needs=" ".join(f"<{n}" for n in inputs)
    )
    assert read(content).model is not None


@pytest.mark.parametrize("value", [object(), (1, 2), {1: 2}])
def test_data_that_is_no_feel_value_matches_nothing(value: Any) -> None:
    content = data("a") + decision("D", table(["a"], ["> 1 => 1", "not(5) => 2"], policy="FIRST"), needs="<a")
    assert dmn.evaluate(model_of(content), "D", {"a": value}).value is None


@pytest.mark.parametrize("expression", ["a + 1", "a.b", "a[1]", "string(a)", "sum(a)", "for x in a return x"])
@pytest.mark.parametrize("value", [object(), (1, 2), {1: 2}, {"b": object()}])
def test_data_that_is_no_feel_value_is_null_or_an_error_of_ours(expression: str, value: Any) -> None:
    model = model_of(data("a") + decision("D", text(expression), needs="<a"))
    try:
        result = dmn.evaluate(model, "D", {"a": value})
    except dmn.DmnError as problem:
        result = None
        message = str(problem)
        assert "convert variables with feel.from_python" in message
    assert result is None or result.decisions == {"D": result.value}


def test_a_float_that_nobody_converted_counts_as_its_shortest_text() -> None:
    content = data("a") + decision("D", table(["a"], ["1.1 => 1"]), needs="<a")
    assert dmn.evaluate(model_of(content), "D", {"a": 1.1}).value == 1
