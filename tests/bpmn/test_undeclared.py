"""Warnings of variables that nothing sets: told where it is sure, or where a name is a slip of the pen."""

from __future__ import annotations

from itertools import pairwise

import pytest

from penstock import bpmn
from penstock.bpmn.order import STEPS, Order
from penstock.bpmn.slips import slip_of
from penstock.kernel.definition import ProcessDefinition
from tests.bpmn.models import flow, process_of

CODE = "undeclared-variable"
FORM = '<extensionElements><zeebe:formDefinition formId="claim"/></extensionElements>'


def _script(id: str, text: str, result: str) -> str:
    script = f'<zeebe:script expression="={text}" resultVariable="{result}"/>'
    return f'<scriptTask id="{id}"><extensionElements>{script}</extensionElements></scriptTask>'


def _with(tag: str, extensions: str, inner: str = "") -> str:
    return f'<{tag} id="a"><extensionElements>{extensions}</extensionElements>{inner}</{tag}>'


def _in_a_row(*elements: str, start: str = "") -> str:
    """Give a process with elements `a`, `b`, `c`, each after the one before."""
    ids = ["s", *"abcd"[: len(elements)], "e"]
    flows = "".join(flow(one, other) for one, other in pairwise(ids))
    return f'<startEvent id="s">{start}</startEvent>{"".join(elements)}{flows}<endEvent id="e"/>'


def _told(body: str, fields: dict[str, set[str]] | None = None, root: str = "") -> list[str]:
    """Give the variables that are told, each with its element."""
    reading = bpmn.read(process_of(body, root), known=bpmn.Known(fields=(fields or {}).get))
    assert reading.errors == ()
    told = [finding for finding in reading.findings if finding.code == CODE]
    assert all(finding.line and finding.remedy and finding.severity == "warning" for finding in told)
    return [f"{finding.element}: {finding.message.split(chr(39))[3]}" for finding in told]


CLAIM = {"claim": {"amount", "reason"}}


def test_a_slip_of_the_pen_is_told_whatever_the_start_brings() -> None:
    body = _in_a_row(_script("a", "1", "amount"), _script("b", "amuont * 2", "double"))

    assert _told(body) == ["b: amuont"]
    message = bpmn.read(process_of(body)).findings[0].message
    assert message == (
        "`amuont * 2` of 'b' reads the variable 'amuont', which nothing sets in the process "
        "(did you mean 'amount'?)."
    )


def test_a_name_that_is_like_one_that_others_read_is_told_too() -> None:
    scripts = (_script("a", "customer", "x"), _script("b", "customer", "y"), _script("c", "custmoer", "z"))

    assert _told(_in_a_row(*scripts)) == ["c: custmoer"]


def test_two_names_that_are_both_in_use_are_no_slip() -> None:
    scripts = (_script("a", "state", "stage"), _script("b", "stage", "x"), _script("c", "state", "y"))

    assert _told(_in_a_row(*scripts)) == []


def test_what_a_start_may_bring_is_not_told() -> None:
    assert _told(_in_a_row(_script("a", "price * count", "total"))) == []


def test_where_a_form_says_what_comes_in_all_else_is_told() -> None:
    scripts = (_script("a", "amount * rate", "tax"), _script("b", "tax + fee", "sum"))

    assert _told(_in_a_row(*scripts, start=FORM), CLAIM) == ["a: rate", "b: fee"]
    assert _told(_in_a_row(*scripts, start=FORM)) == [], "the form is not known"


def test_what_a_mapping_of_the_start_lets_in_is_all_that_comes_in() -> None:
    mapped = '<zeebe:ioMapping><zeebe:output source="=order.id" target="order"/></zeebe:ioMapping>'
    caught = '<messageEventDefinition messageRef="m1"/>'
    message = f"<extensionElements>{mapped}</extensionElements>{caught}"
    body = _in_a_row(_script("a", "order", "x"), _script("b", "orders", "y"), start=message)

    assert _told(body, root='<message id="m1" name="order"/>') == ["b: orders"]


def test_what_a_data_object_declares_is_not_told() -> None:
    body = _in_a_row(_script("a", "rate", "tax"), start=FORM) + '<dataObject id="d" name="rate"/>'

    assert _told(body, CLAIM) == []


def test_what_is_set_only_later_is_told() -> None:
    body = _in_a_row(_script("a", "rate", "tax"), _script("b", "1", "rate"), start=FORM)

    assert _told(body, CLAIM) == ["a: rate"]
    assert (
        "before 'b', which comes after it"
        in bpmn.read(process_of(body), known=bpmn.Known(fields=CLAIM.get)).findings[0].message
    )


def test_in_a_loop_what_comes_later_comes_before_too() -> None:
    body = (
        f'<startEvent id="s">{FORM}</startEvent>{flow("s", "m")}<exclusiveGateway id="m"/>{flow("m", "a")}'
        f"{_script('a', 'rate', 'tax')}{flow('a', 'b')}{_script('b', '1', 'rate')}{flow('b', 'x')}"
        f'<exclusiveGateway id="x" default="x_e"/>{flow("x", "m", "=amount > 1")}{flow("x", "e")}'
        '<endEvent id="e"/>'
    )

    assert _told(body, CLAIM) == []


@pytest.mark.parametrize(
    "element",
    [
        '<userTask id="a"/>',
        _with("serviceTask", '<zeebe:taskDefinition type="f"/>'),
        '<receiveTask id="a" messageRef="m1"/>',
        '<callActivity id="a" calledElement="other"/>',
        '<adHocSubProcess id="a"><task id="one"/></adHocSubProcess>',
        '<userTask id="a"/><boundaryEvent id="caught" attachedToRef="a" cancelActivity="false">'
        f'<messageEventDefinition messageRef="m1"/></boundaryEvent>{flow("caught", "e")}',
    ],
)
def test_behind_an_element_that_may_set_anything_nothing_is_told(element: str) -> None:
    body = _in_a_row(element, _script("b", "rate", "tax"), start=FORM)

    assert _told(body, CLAIM, '<message id="m1" name="paid"/>') == []
    before = _in_a_row(_script("a", "rate", "tax"), element.replace('"a"', '"b"'), start=FORM)
    assert _told(before, CLAIM, '<message id="m1" name="paid"/>') == ["a: rate"]


@pytest.mark.parametrize(
    "element",
    [
        _with(
            "userTask",
            '<zeebe:ioMapping><zeebe:output source="=answer" target="yes"/></zeebe:ioMapping>',
        ),
        _with("userTask", '<zeebe:formDefinition formId="claim"/>'),
        _with(
            "serviceTask",
            '<zeebe:taskDefinition type="f"/><zeebe:taskHeaders><zeebe:header key="resultVariable" '
            'value="found"/></zeebe:taskHeaders>',
        ),
        _with(
            "callActivity",
            '<zeebe:calledElement processId="other" propagateAllChildVariables="false"/>',
        ),
    ],
)
def test_behind_an_element_that_says_what_it_sets_all_else_is_told(element: str) -> None:
    body = _in_a_row(element, _script("b", "rate + amount", "tax"), start=FORM)

    assert _told(body, CLAIM) == ["b: rate"]


def test_a_condition_of_a_flow_is_told_at_the_flow() -> None:
    body = (
        f'<startEvent id="s">{FORM}</startEvent>{flow("s", "x")}<exclusiveGateway id="x" default="x_e"/>'
        f'{flow("x", "f", "=approved")}{flow("x", "e")}<endEvent id="e"/><endEvent id="f"/>'
    )

    assert _told(body, CLAIM) == ["x_f: approved"]


def test_what_an_expression_asks_about_itself_is_not_told() -> None:
    scripts = (_script("a", "if rate = null then 1 else rate", "x"), _script("b", "items[price > 1]", "y"))

    assert _told(_in_a_row(*scripts, start=FORM), {"claim": {"items"}}) == []


def test_what_an_event_watches_may_be_set_from_outside() -> None:
    watched = (
        '<intermediateCatchEvent id="a"><conditionalEventDefinition><condition xsi:type="tFormalExpression">'
        "stock > 1</condition></conditionalEventDefinition></intermediateCatchEvent>"
    )

    assert _told(_in_a_row(watched, start=FORM), CLAIM) == []


def test_what_the_engine_gives_is_not_told() -> None:
    loop = _with(
        "userTask",
        '<zeebe:ioMapping><zeebe:input source="=loopCounter + 1" target="number"/></zeebe:ioMapping>',
        "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality><completionCondition>"
        "numberOfCompletedInstances = 1</completionCondition></multiInstanceLoopCharacteristics>",
    )

    assert _told(_in_a_row(loop, start=FORM), CLAIM) == []


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("amuont", "amount"),
        ("amont", "amount"),
        ("ammount", "amount"),
        ("amoint", "amount"),
        ("orderid", "orderId"),
        ("order_id", "orderId"),
    ],
)
def test_a_letter_within_that_is_other_more_less_or_misplaced_is_a_slip(name: str, meant: str) -> None:
    assert slip_of(name, meant)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("amount", "amount"),
        ("items", "item"),
        ("bills", "bill"),
        ("approved", "approve"),
        ("line1", "line2"),
        ("x", "y"),
        ("cat", "cut"),
        ("fromDate", "toDate"),
        ("partA", "partB"),
        ("rating", "grating"),
    ],
)
def test_a_name_that_somebody_may_well_have_meant_is_none(name: str, other: str) -> None:
    assert not slip_of(name, other)
    assert not slip_of(other, name)


def test_a_large_process_is_looked_at_within_bounds() -> None:
    tasks = [_script(f"t{n}", f"first{n} + again", f"result{n}") for n in range(150)]
    ids = ["s", *(f"t{n}" for n in range(150)), "e"]
    flows = "".join(flow(one, other) for one, other in pairwise(ids))
    body = f'<startEvent id="s">{FORM}</startEvent>{"".join(tasks)}{flows}<endEvent id="e"/>'
    asked = Order(_definition(body))

    assert len(_told(body, CLAIM)) == 300
    assert not asked.may_precede("t149", "t2")
    for _ in range(STEPS):
        asked.may_precede("t1", "t2")
    assert asked.may_precede("t149", "t2"), "what is not looked at may be"


def _definition(body: str) -> ProcessDefinition:
    definition = bpmn.read(process_of(body)).processes[0].definition
    assert definition is not None
    return definition
