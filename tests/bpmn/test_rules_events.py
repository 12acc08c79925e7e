"""The rules for events, processes and activities, each broken once."""

from __future__ import annotations

import pytest

from penstock import bpmn
from penstock.kernel.definition import ErrorTrigger
from tests.bpmn.models import around, codes, element, errors, flow, process_of, read, warnings

_TIMER = "<timerEventDefinition><timeDuration>PT1M</timeDuration></timerEventDefinition>"


# -- events ----------------------------------------------------------------------------------------


def test_a_boundary_event_is_attached_to_an_activity() -> None:
    for host in ("nowhere", "s"):
        body = (
            around('<task id="x"/>')
            + f'<boundaryEvent id="b" attachedToRef="{host}">{_TIMER}</boundaryEvent>'
        )
        assert errors(body) == ["boundary-not-attached"]


def test_no_flow_leads_into_a_boundary_event() -> None:
    event = f'<boundaryEvent id="b" attachedToRef="x">{_TIMER}</boundaryEvent>{flow("b", "e")}'

    assert errors(around('<userTask id="x"/>') + event + flow("x", "b")) == ["flow-into-boundary"]


def test_a_boundary_event_that_leads_nowhere_is_a_warning() -> None:
    event = f'<boundaryEvent id="b" attachedToRef="x">{_TIMER}</boundaryEvent>'

    assert warnings(around('<userTask id="x"/>') + event) == ["boundary-without-flow"]


def test_an_event_that_waits_needs_something_to_wait_for() -> None:
    assert errors(around('<intermediateCatchEvent id="x"/>')) == ["missing-trigger"]
    assert "missing-trigger" in errors(around('<task id="x"/>') + '<boundaryEvent id="b" attachedToRef="x"/>')


def test_what_bpmn_does_not_allow_on_an_event_is_an_error() -> None:
    body = f'<startEvent id="s"><terminateEventDefinition/></startEvent>{flow("s", "e")}<endEvent id="e"/>'

    assert errors(body) == ["trigger-not-allowed"]


def _timer(inner: str) -> str:
    return around(
        f'<intermediateCatchEvent id="x"><timerEventDefinition>{inner}</timerEventDefinition>'
        "</intermediateCatchEvent>"
    )


@pytest.mark.parametrize(
    "inner",
    [
        "<timeDuration>PT1M</timeDuration>",
        "<timeDuration>P1Y2M3DT4H</timeDuration>",
        '<timeDuration xsi:type="tFormalExpression">=wait</timeDuration>',
        "<timeDate>2030-01-01T00:00:00+01:00</timeDate>",
        "<timeDate>${when}</timeDate>",
    ],
)
def test_a_timer_with_a_date_or_a_duration_is_read(inner: str) -> None:
    assert read(_timer(inner)).findings == ()


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        ("", "timer-kind"),
        ("<timeDate>2030-01-01T00:00:00Z</timeDate><timeDuration>PT1M</timeDuration>", "timer-kind"),
        ("<timeDuration>soon</timeDuration>", "invalid-time"),
        ("<timeDuration>2030-01-01T00:00:00Z</timeDuration>", "invalid-time"),
        ("<timeDate>PT1M</timeDate>", "invalid-time"),
        ("<timeDate></timeDate>", "empty-expression"),
        ("<timeDate>=</timeDate>", "empty-expression"),
        ("<timeDate>= 1 +</timeDate>", "feel-syntax"),
        ("<timeDate>${a.b()}</timeDate>", "juel-not-translated"),
        ("<timeCycle>R3/PT</timeCycle>", "invalid-time"),
    ],
)
def test_a_timer_that_cannot_fire_is_one_error(inner: str, code: str) -> None:
    assert errors(_timer(inner)) == [code]


_ERRORS = '<error id="err" errorCode="E1"/><error id="same" errorCode="E1"/><error id="bare"/>'
_FORMULA = '<error id="formula" errorCode="=code"/>'


def _error_end(attributes: str) -> str:
    return f"""<startEvent id="s"/>{flow("s", "x")}
    <endEvent id="x"><errorEventDefinition {attributes}/></endEvent>"""


def test_an_error_end_event_names_an_error_with_a_code() -> None:
    assert errors(_error_end('errorRef="err"'), _ERRORS) == []
    assert errors(_error_end('errorRef="rr"'), _ERRORS) == ["unknown-reference"]
    assert errors(_error_end('errorRef="bare"'), _ERRORS) == ["missing-error-code"]
    assert errors(_error_end('errorRef="formula"'), _FORMULA) == ["missing-error-code"]
    assert errors(_error_end(""), _ERRORS) == ["missing-error-code"]


def test_a_reference_to_an_error_that_names_none_is_its_code() -> None:
    reading = read(_error_end('errorRef="tns:out-of-stock"'), _ERRORS)
    definition = reading.processes[0].definition

    assert codes(reading, "warning") == ["reference-as-code"]
    assert definition is not None
    assert definition.elements["x"].trigger == ErrorTrigger("out-of-stock")
    assert errors(_error_end('errorRef="${code}"')) == ["missing-error-code"]


def _catching(*definitions: str, attributes: str = "") -> str:
    events = "".join(
        f'<boundaryEvent id="b{place}" attachedToRef="x" {attributes}><errorEventDefinition {definition}/>'
        f"</boundaryEvent>{flow(f'b{place}', 'e')}"
        for place, definition in enumerate(definitions)
    )
    return around('<userTask id="x"/>') + events


def test_an_error_is_caught_once_on_an_activity() -> None:
    assert errors(_catching('errorRef="err"', ""), _ERRORS) == []
    assert errors(_catching('errorRef="err"', 'errorRef="same"'), _ERRORS) == ["duplicate-error-boundary"]
    assert errors(_catching("", ""), _ERRORS) == ["duplicate-error-boundary"]


def test_an_error_always_interrupts() -> None:
    body = _catching('errorRef="err"', attributes='cancelActivity="false"')

    assert errors(body, _ERRORS) == ["error-not-interrupting"]


# -- processes and activities ----------------------------------------------------------------------


def test_a_process_that_is_not_executable_is_left_out() -> None:
    reading = read('<receiveTask id="r"/>', attributes='isExecutable="false"')

    assert codes(reading) == ["not-executable"]
    assert reading.processes == ()
    assert not reading.executable


def test_a_process_that_does_not_say_is_taken_as_executable() -> None:
    reading = read(around('<task id="x"/>'), attributes="")

    assert [(finding.code, finding.severity) for finding in reading.findings] == [
        ("executable-assumed", "info")
    ]
    assert reading.executable


def test_a_public_process_that_is_executable_is_a_warning() -> None:
    reading = read(around('<task id="x"/>'), attributes='isExecutable="true" processType="Public"')

    assert codes(reading, "warning") == ["public-process"]


@pytest.mark.parametrize("attribute", ["startQuantity", "completionQuantity"])
@pytest.mark.parametrize("wrong", ["0", "-1", "1001", "two", "1.5"])
def test_a_quantity_is_a_whole_number_from_one(attribute: str, wrong: str) -> None:
    assert errors(around(f'<task id="x" {attribute}="{wrong}"/>')) == ["invalid-quantity"]
    assert errors(around(f'<task id="x" {attribute}="1000"/>')) == []


def test_the_quantities_of_an_activity_are_compiled() -> None:
    compiled = element(around('<task id="x" startQuantity="2" completionQuantity="3"/>'))

    assert (compiled.start_quantity, compiled.completion_quantity) == (2, 3)


def test_a_start_quantity_without_a_flow_is_a_warning() -> None:
    assert "quantity-without-flow" in warnings('<task id="x" startQuantity="2"/>')
    assert warnings(around('<task id="x" startQuantity="2"/>')) == []


def test_a_flow_that_is_not_immediate_is_refused() -> None:
    body = around('<task id="x"/>') + '<sequenceFlow id="f" sourceRef="x" targetRef="e" isImmediate="false"/>'

    assert errors(body) == ["flow-not-immediate"]


def test_all_problems_are_found_at_once_in_the_order_of_the_file() -> None:
    body = f"""<startEvent id="s"/>{flow("s", "x")}
    <serviceTask id="x"/>
    {flow("x", "gone")}
    <sendTask id="y"/>
    <userTask id="z"><extensionElements>
    <zeebe:priorityDefinition priority="high"/></extensionElements></userTask>"""
    reading = read(body)

    assert codes(reading, "error") == [
        "missing-job-type", "unknown-reference", "missing-message", "invalid-priority",
    ]  # fmt: skip
    assert [finding.line for finding in reading.errors] == [4, 5, 6, 8]
    assert all(finding.remedy for finding in reading.findings)
    assert reading.processes[0].definition is None


def test_a_second_process_with_an_error_keeps_the_first_from_running_too() -> None:
    second = '<process id="q" isExecutable="true"><task id="t"/></process>'
    reading = bpmn.read(process_of(around('<task id="x"/>'), second))

    assert [process.definition for process in reading.processes] == [None, None]


@pytest.mark.parametrize(
    ("task", "hint"),
    [
        ('<task id="x" isForCompensatoin="true"/>', "isForCompensation"),
        ('<userTask id="x" assignee="ada"/>', "vendor"),
    ],
)
def test_an_attribute_that_bpmn_does_not_know_is_a_warning(task: str, hint: str) -> None:
    reading = read(around(task))

    assert codes(reading) == ["unknown-attribute"]
    assert hint in reading.findings[0].remedy


def test_a_flow_with_an_unknown_attribute_is_a_warning() -> None:
    body = around('<task id="x"/>').replace('id="x_e"', 'id="x_e" language="feel"')

    assert warnings(body) == ["unknown-attribute"]


def test_a_start_event_of_the_process_may_need_each_of_up_to_sixty_triggers() -> None:
    roots = "".join(f'<message id="m{number}" name="{number}"/>' for number in range(61))

    def started(count: int) -> str:
        triggers = "".join(f'<messageEventDefinition messageRef="m{it}"/>' for it in range(count))
        event = f'<startEvent id="s" parallelMultiple="true">{triggers}</startEvent>'
        return f'{event}{flow("s", "e")}<endEvent id="e"/>'

    assert errors(started(60), roots) == []
    assert errors(started(61), roots) == ["too-many-triggers"]


def test_events_share_an_event_definition_that_stands_beside_the_processes() -> None:
    shared = '<errorEventDefinition id="shared" errorRef="err"/>'
    body = f"""{around('<userTask id="x"/>')}<boundaryEvent id="b" attachedToRef="x">
    <eventDefinitionRef>tns:shared</eventDefinitionRef></boundaryEvent>{flow("b", "failed")}
    <endEvent id="failed"><eventDefinitionRef>shared</eventDefinitionRef></endEvent>"""

    for id in ("b", "failed"):
        assert element(body, id, _ERRORS + shared).trigger == ErrorTrigger("E1")
    assert "unknown-reference" in errors(body, _ERRORS)
