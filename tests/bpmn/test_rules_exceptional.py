"""The rules for event sub-processes, escalation, compensation and transactions."""

from __future__ import annotations

import pytest

from penstock.kernel.definition import (
    CompensateTrigger,
    ErrorTrigger,
    EscalationTrigger,
    MessageTrigger,
    MultipleTrigger,
)
from tests.bpmn.models import around, element, errors, flow, read, warnings

ESCALATION = '<escalation id="esc" escalationCode="S"/><escalation id="odd"/>'
ERROR = '<error id="err" errorCode="E"/>'
ROOTS = ESCALATION + ERROR


def handler(start: str, name: str = "w", attributes: str = "") -> str:
    """Give an event sub-process with this start event definition."""
    return (
        f'<subProcess id="{name}" triggeredByEvent="true"><startEvent id="{name}_s" {attributes}>{start}'
        f'</startEvent>{flow(name + "_s", name + "_e")}<endEvent id="{name}_e"/></subProcess>'
    )


def undone(
    host: str = '<userTask id="x"/>',
    by: str = '<task id="u" isForCompensation="true"/>',
    association: str = '<association id="l" sourceRef="b" targetRef="u"/>',
) -> str:
    """Give an activity with a compensation boundary event, and what undoes it."""
    event = '<boundaryEvent id="b" attachedToRef="x"><compensateEventDefinition/></boundaryEvent>'
    return around(host + event + by + association)


def throwing(definition: str, tag: str = "intermediateThrowEvent") -> str:
    return around(f'<{tag} id="x">{definition}</{tag}>')


# -- event sub-processes ---------------------------------------------------------------------------


def test_an_event_sub_process_is_compiled_with_its_start_event() -> None:
    body = around('<userTask id="x"/>') + handler('<errorEventDefinition errorRef="err"/>')
    definition = read(body, ROOTS).processes[0].definition
    assert definition is not None
    assert definition.event_sub_processes == ("w",)
    assert definition.starts == ("s",)
    assert definition.elements["w"].start == "w_s"


def test_an_event_sub_process_has_one_start_event_with_a_trigger() -> None:
    empty = '<subProcess id="w" triggeredByEvent="true"/>'
    assert errors(around('<task id="x"/>') + empty) == ["event-sub-process-start"]
    assert errors(around('<task id="x"/>') + handler("")) == ["event-sub-process-start"]


def test_no_flow_leads_into_an_event_sub_process_or_out_of_it() -> None:
    body = around('<task id="x"/>') + handler('<errorEventDefinition errorRef="err"/>')
    assert errors(body + flow("x", "w"), ROOTS) == ["event-sub-process-flow"]
    assert errors(body + flow("w", "x"), ROOTS) == ["event-sub-process-flow"]


def test_no_boundary_event_is_attached_to_an_event_sub_process() -> None:
    late = "<timerEventDefinition><timeDuration>PT1M</timeDuration></timerEventDefinition>"
    event = f'<boundaryEvent id="b" attachedToRef="w">{late}</boundaryEvent>{flow("b", "e")}'
    body = around('<task id="x"/>') + handler('<errorEventDefinition errorRef="err"/>') + event
    assert errors(body, ROOTS) == ["event-sub-process-boundary"]


def test_an_error_start_event_interrupts() -> None:
    start = handler('<errorEventDefinition errorRef="err"/>', attributes='isInterrupting="false"')
    assert errors(around('<task id="x"/>') + start, ROOTS) == ["error-not-interrupting"]


def test_an_escalation_start_event_need_not_interrupt() -> None:
    start = handler('<escalationEventDefinition escalationRef="esc"/>', attributes='isInterrupting="false"')
    body = around('<task id="x"/>') + start
    assert errors(body, ROOTS) == []
    assert element(body, "w_s", ROOTS).interrupting is False


def test_a_code_starts_one_event_sub_process_of_a_scope() -> None:
    same = '<errorEventDefinition errorRef="err"/>'
    body = around('<task id="x"/>') + handler(same) + handler(same, "v")
    assert errors(body, ROOTS) == ["duplicate-event-sub-process"]
    other = around('<task id="x"/>') + handler(same) + handler("<errorEventDefinition/>", "v")
    assert errors(other, ROOTS) == []


def test_an_event_sub_process_may_compensate_the_process_as_a_whole() -> None:
    body = around('<task id="x"/>') + handler("<compensateEventDefinition/>")
    assert errors(body) == []
    assert element(body, "w").compensable


@pytest.mark.parametrize("definition", ["errorEventDefinition", "escalationEventDefinition"])
def test_a_process_does_not_start_by_an_error_or_escalation(definition: str) -> None:
    body = f'<startEvent id="x"><{definition}/></startEvent>{flow("x", "e")}<endEvent id="e"/>'
    assert errors(body) == ["trigger-not-allowed"]


# -- escalation ------------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", ["intermediateThrowEvent", "endEvent"])
def test_what_throws_an_escalation_names_one_with_a_code(tag: str) -> None:
    start = f'<startEvent id="s"/>{flow("s", "x")}'

    def found(definition: str) -> list[str]:
        return errors(f'{start}<{tag} id="x">{definition}</{tag}>', ROOTS)

    assert found('<escalationEventDefinition escalationRef="esc"/>') == []
    assert found("<escalationEventDefinition/>") == ["missing-escalation-code"]
    assert found('<escalationEventDefinition escalationRef="odd"/>') == ["missing-escalation-code"]
    assert found('<escalationEventDefinition escalationRef="escc"/>') == ["unknown-reference"]
    assert found('<escalationEventDefinition escalationRef="too-late"/>') == []


def test_an_escalation_is_caught_once_on_an_activity() -> None:
    inside = f'<startEvent id="i"/>{flow("i", "j")}<endEvent id="j"/>'
    events = "".join(
        f'<boundaryEvent id="{name}" attachedToRef="x"><escalationEventDefinition escalationRef="esc"/>'
        f"</boundaryEvent>{flow(name, 'e')}"
        for name in "ab"
    )
    body = around(f'<subProcess id="x">{inside}</subProcess>') + events
    assert errors(body, ROOTS) == ["duplicate-escalation-boundary"]


# -- compensation ----------------------------------------------------------------------------------


def test_an_activity_is_compiled_with_what_undoes_it() -> None:
    found = element(undone())
    assert (found.compensation, found.compensable) == ("u", True)
    assert element(undone(), "u").compensable


def test_the_association_may_be_drawn_either_way() -> None:
    assert (
        element(undone(association='<association id="l" sourceRef="u" targetRef="b"/>')).compensation == "u"
    )


@pytest.mark.parametrize(
    "association",
    [
        "",
        '<association id="l" sourceRef="b" targetRef="e"/>',
        '<association id="l" sourceRef="b" targetRef="u"/><association id="m" sourceRef="b" targetRef="x"/>',
    ],
)
def test_a_compensation_boundary_event_leads_to_one_activity(association: str) -> None:
    assert "compensation-handler" in errors(undone(association=association))


def test_what_undoes_is_marked_for_compensation() -> None:
    assert errors(undone(by='<task id="u"/>')) == ["compensation-handler"]


def test_a_compensation_boundary_event_has_no_flow() -> None:
    assert errors(undone() + flow("b", "e")) == ["compensation-flow"]


def test_what_undoes_stands_apart_from_the_flows() -> None:
    assert errors(undone() + flow("x", "u")) == ["compensation-flow"]


def test_what_undoes_has_boundary_events_but_is_not_undone_itself() -> None:
    event = f'<boundaryEvent id="c" attachedToRef="u"><errorEventDefinition/></boundaryEvent>{flow("c", "e")}'
    reading = read(undone() + event)
    assert "unreachable" not in {finding.code for finding in reading.findings}
    assert reading.errors == ()
    again = event.replace("errorEvent", "compensateEvent").replace(flow("c", "e"), "")
    assert "compensation-boundary" in errors(undone() + again)


def test_what_undoes_nothing_is_named() -> None:
    body = around('<task id="x"/>') + '<task id="u" isForCompensation="true"/>'
    assert warnings(body) == ["unused-compensation"]


def test_an_activity_is_compensated_in_one_way() -> None:
    again = (
        '<boundaryEvent id="c" attachedToRef="x"><compensateEventDefinition/></boundaryEvent>'
        '<association id="m" sourceRef="c" targetRef="u"/>'
    )
    assert errors(undone() + again) == ["duplicate-compensation-boundary"]


def test_a_compensation_names_an_activity_within_reach() -> None:
    inside = f'<startEvent id="i"/>{flow("i", "t")}<task id="t"/>{flow("t", "j")}<endEvent id="j"/>'
    sub = f'<subProcess id="y">{inside}</subProcess>'

    def found(activity: str) -> list[str]:
        return errors(throwing(f'<compensateEventDefinition activityRef="{activity}"/>') + sub)

    assert found("y") == []
    assert found("t") == ["compensation-out-of-reach"]
    assert found("e") == ["unknown-reference"]


def test_an_event_sub_process_compensates_what_is_around_it() -> None:
    start = '<startEvent id="i"><errorEventDefinition/></startEvent>'
    throw = (
        '<intermediateThrowEvent id="t"><compensateEventDefinition activityRef="x"/></intermediateThrowEvent>'
    )
    inside = f'{start}{flow("i", "t")}{throw}{flow("t", "j")}<endEvent id="j"/>'
    assert errors(undone() + f'<subProcess id="w" triggeredByEvent="true">{inside}</subProcess>') == []


@pytest.mark.parametrize(
    ("attributes", "waits"),
    [("", True), ('waitForCompletion="true"', True), ('waitForCompletion="false"', False)],
)
def test_an_event_waits_for_compensation_unless_it_says_otherwise(attributes: str, waits: bool) -> None:
    found = element(throwing(f"<compensateEventDefinition {attributes}/>")).trigger

    assert found == CompensateTrigger(waits=waits)


# -- transactions ----------------------------------------------------------------------------------


def transaction(end: str, boundary: str = "", tag: str = "transaction") -> str:
    inside = f'<startEvent id="i"/>{flow("i", "j")}<endEvent id="j">{end}</endEvent>'
    event = f'<boundaryEvent id="b" attachedToRef="x" {boundary}><cancelEventDefinition/></boundaryEvent>'
    return around(f'<{tag} id="x">{inside}</{tag}>') + (event + flow("b", "e") if boundary != "none" else "")


def test_a_transaction_that_is_cancelled_has_a_boundary_event_for_it() -> None:
    assert errors(transaction("<cancelEventDefinition/>")) == []
    assert errors(transaction("<cancelEventDefinition/>", "none")) == ["cancel-not-caught"]


def test_cancel_events_belong_to_transactions() -> None:
    assert errors(transaction("<cancelEventDefinition/>", "none", "subProcess")) == [
        "cancel-outside-transaction"
    ]
    assert errors(transaction("", tag="subProcess")) == ["cancel-outside-transaction"]


def test_a_cancel_boundary_event_interrupts() -> None:
    assert errors(transaction("", 'cancelActivity="false"')) == ["cancel-not-interrupting"]


# -- several triggers ------------------------------------------------------------------------------


def several(*triggers: str, attributes: str = "") -> str:
    definitions = "".join(f"<{trigger}/>" for trigger in triggers)
    event = f'<boundaryEvent id="b" attachedToRef="x" {attributes}>{definitions}</boundaryEvent>'
    return around('<userTask id="x"/>' + event) + flow("b", "e")


def test_any_of_several_triggers_is_enough() -> None:
    found = element(several("errorEventDefinition", "escalationEventDefinition"), "b").trigger
    assert found == MultipleTrigger((ErrorTrigger(None), EscalationTrigger(None)))


def test_an_error_is_none_of_several_triggers_that_must_all_come() -> None:
    body = several("errorEventDefinition", "escalationEventDefinition", attributes='parallelMultiple="true"')
    assert errors(body) == ["unsupported-trigger"]


def test_each_of_several_triggers_is_judged() -> None:
    assert errors(several("errorEventDefinition", "signalEventDefinition")) == ["missing-signal"]
    assert "unsupported-trigger" in errors(several("errorEventDefinition", "compensateEventDefinition"))


def _throwing(tag: str, *definitions: str, job: str = "") -> str:
    inner = f"<extensionElements>{job}</extensionElements>{''.join(definitions)}"
    body = around(f'<{tag} id="x">{inner}</{tag}>')
    return body if tag != "endEvent" else body.replace(f'{flow("x", "e")}<endEvent id="e"/>', "")


_THROWN = (
    '<messageEventDefinition messageRef="m1"/>',
    '<escalationEventDefinition escalationRef="esc"/>',
    "<compensateEventDefinition/>",
)
_NAMED = '<message id="m1" name="paid"/><escalation id="esc" escalationCode="S"/>'


@pytest.mark.parametrize("tag", ["intermediateThrowEvent", "endEvent"])
def test_an_event_throws_messages_an_escalation_and_compensation_together(tag: str) -> None:
    thrown = element(_throwing(tag, *_THROWN), root=_NAMED).trigger

    assert isinstance(thrown, MultipleTrigger)
    assert [type(it) for it in thrown.triggers] == [MessageTrigger, EscalationTrigger, CompensateTrigger]


@pytest.mark.parametrize(
    "body",
    [
        _throwing("endEvent", _THROWN[0], "<terminateEventDefinition/>"),
        _throwing("intermediateThrowEvent", _THROWN[2], _THROWN[2]),
        _throwing("endEvent", *_THROWN, job='<zeebe:taskDefinition type="f"/>'),
    ],
)
def test_what_an_event_cannot_throw_together_is_refused(body: str) -> None:
    assert errors(body, _NAMED) == ["unsupported-trigger"]
