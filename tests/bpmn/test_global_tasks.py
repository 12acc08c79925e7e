"""Global tasks: a call activity that calls one is read as that task."""

from __future__ import annotations

import pytest

from penstock import bpmn
from penstock.kernel.definition import FormSpec, Kind
from tests.bpmn.models import around, codes, element, errors, extended, file_of, read

_USER = """<globalUserTask id="review" name="Review"><extensionElements>
<zeebe:assignmentDefinition assignee="ann"/><zeebe:formDefinition formId="f"/></extensionElements>
</globalUserTask>"""
_SCRIPT = '<globalScriptTask id="sum" scriptLanguage="feel"><script>{c: a + b}</script></globalScriptTask>'


@pytest.mark.parametrize("called", ['calledElement="review"', 'calledElement="tns:review"'])
def test_a_call_activity_of_a_global_user_task_is_that_user_task(called: str) -> None:
    found = element(around(f'<callActivity id="x" {called}/>'), root=_USER)

    assert (found.kind, found.name, found.call) == (Kind.USER_TASK, "Review", None)
    assert found.user_task is not None
    assert found.form == FormSpec("f")
    assert found.user_task.assignee is not None
    assert found.user_task.assignee.text == "ann"


def test_the_call_activity_keeps_its_name_its_mappings_its_loop_and_its_events() -> None:
    words = '<zeebe:calledElement processId="sum"/><zeebe:ioMapping><zeebe:input source="=n" target="a"/>'
    inner = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
    call = extended(
        "callActivity",
        f"{words}</zeebe:ioMapping>",
        'name="Mine"',
        f"{inner}</multiInstanceLoopCharacteristics>",
    )
    late = (
        '<boundaryEvent id="late" attachedToRef="x"><signalEventDefinition signalRef="s1"/></boundaryEvent>'
    )
    root = _SCRIPT + '<signal id="s1" name="stop"/>'
    found = element(around(call) + late, root=root)

    assert (found.kind, found.name, found.boundary) == (Kind.SCRIPT_TASK, "Mine", ("late",))
    assert found.script is not None
    assert found.script.expression.text == "{c: a + b}"
    assert [mapping.target for mapping in found.inputs] == [("a",)]
    assert found.loop is not None


def test_an_expression_or_an_unknown_name_calls_a_process() -> None:
    words = '<zeebe:calledElement processId="=review"/>'
    assert element(around(extended("callActivity", words)), root=_USER).kind is Kind.CALL_ACTIVITY
    other = around('<callActivity id="x" calledElement="other"/>')
    assert element(other, root=_USER).kind is Kind.CALL_ACTIVITY


def test_a_global_business_rule_task_makes_a_decision() -> None:
    root = (
        '<globalBusinessRuleTask id="rate"><extensionElements><zeebe:calledDecision decisionId="rating" '
        'resultVariable="level" bindingType="versionTag" versionTag="1.0.0"/></extensionElements>'
        "</globalBusinessRuleTask>"
    )
    found = element(around('<callActivity id="x" calledElement="rate"/>'), root=root)

    assert found.kind is Kind.BUSINESS_RULE_TASK
    assert found.decision is not None
    assert (found.decision.tag, found.decision.result_variable) == ("1.0.0", "level")


def test_a_global_task_is_a_process_of_one_task_for_other_files() -> None:
    reading = bpmn.read(file_of(_USER), file="tasks.bpmn")

    (process,) = reading.processes
    assert (reading.findings, process.id, process.name) == ((), "review", "Review")
    assert process.definition is not None
    assert [it.kind for it in process.definition.elements.values()] == [
        Kind.START_EVENT,
        Kind.USER_TASK,
        Kind.END_EVENT,
    ]


def test_what_is_wrong_with_a_global_task_that_nothing_calls_here_is_said_of_itself() -> None:
    reading = bpmn.read(file_of('<globalScriptTask id="sum"/>'))

    assert [(it.code, it.element) for it in reading.findings] == [("missing-script", "sum")]


@pytest.mark.parametrize(
    ("call", "root", "code"),
    [
        (
            extended(
                "callActivity",
                '<zeebe:calledElement processId="review" propagateAllChildVariables="false"/>',
            ),
            _USER,
            "unsupported-propagation",
        ),
        (
            '<callActivity id="x" calledElement="t"/>',
            '<globalTask id="t"><extensionElements><zeebe:ioMapping><zeebe:input source="=a" target="b"/>'
            "</zeebe:ioMapping></extensionElements></globalTask>",
            "misplaced-extension",
        ),
        (
            '<callActivity id="x" calledElement="t"/>',
            '<globalScriptTask id="t" scriptLanguage="python"><script>a</script></globalScriptTask>',
            "unsupported-language",
        ),
        (
            '<callActivity id="x" calledElement="t"/>',
            '<globalTask id="t"><userTask id="u"/></globalTask>',
            "misplaced-element",
        ),
        (
            '<task id="x"/>',
            "<globalTask/>",
            "missing-id",
        ),
    ],
)
def test_what_is_wrong_with_a_global_task_is_said(call: str, root: str, code: str) -> None:
    assert errors(around(call), root) == [code]


def test_what_a_call_says_of_the_version_and_of_variables_is_named_as_without_effect() -> None:
    words = '<zeebe:calledElement processId="review" bindingType="deployment"/>'
    assert codes(read(around(extended("callActivity", words)), _USER)) == ["global-task-in-place"]
