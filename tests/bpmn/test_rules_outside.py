"""Messages, signals, conditions, links and event-based gateways: read, compiled, and judged."""

from __future__ import annotations

import pytest

from penstock.kernel.definition import (
    ConditionTrigger,
    CycleTrigger,
    LinkTrigger,
    MessageTrigger,
    MultipleTrigger,
    SignalTrigger,
)
from tests.bpmn.models import around, codes, element, errors, flow, read, warnings

ROOT = """<message id="m1" name="paid"><extensionElements>
<zeebe:subscription correlationKey="=order.id"/></extensionElements></message>
<message id="bare"/><signal id="s1" name="=kind"/><signal id="bare-signal"/>"""

MESSAGE = '<messageEventDefinition messageRef="m1"/>'
SIGNAL = '<signalEventDefinition signalRef="s1"/>'


def catch(inner: str, attributes: str = "") -> str:
    return around(f'<intermediateCatchEvent id="x" {attributes}>{inner}</intermediateCatchEvent>')


# -- what is compiled ------------------------------------------------------------------------------


def test_a_message_is_found_by_its_name_and_its_key() -> None:
    trigger = element(catch(MESSAGE), root=ROOT).trigger

    assert isinstance(trigger, MessageTrigger)
    assert trigger.key is not None
    assert (trigger.name.text, trigger.key.text) == ("paid", "order.id")


def test_a_signal_may_have_a_name_that_feel_computes() -> None:
    trigger = element(catch(SIGNAL), root=ROOT).trigger

    assert isinstance(trigger, SignalTrigger)
    assert trigger.name({"kind": "storm"}, 0) == "storm"


def test_a_conditional_event_without_a_value_has_not_been_met() -> None:
    condition = "<condition>=stock &lt; 10</condition>"
    trigger = element(catch(f"<conditionalEventDefinition>{condition}</conditionalEventDefinition>")).trigger

    assert isinstance(trigger, ConditionTrigger)
    assert trigger.condition({}, 0) is None


def test_several_triggers_are_one_multiple_trigger() -> None:
    trigger = element(catch(MESSAGE + SIGNAL, 'parallelMultiple="true"'), root=ROOT).trigger

    assert isinstance(trigger, MultipleTrigger)
    assert trigger.parallel
    assert [type(it) for it in trigger.triggers] == [MessageTrigger, SignalTrigger]


def test_a_start_message_has_no_key_to_compute() -> None:
    body = f'<startEvent id="x">{MESSAGE}</startEvent>{flow("x", "e")}<endEvent id="e"/>'
    trigger = element(body, root=ROOT).trigger

    assert isinstance(trigger, MessageTrigger)
    assert trigger.key is None


def test_what_sends_says_how_long_its_message_waits() -> None:
    words = '<zeebe:publishMessage correlationKey="=id" timeToLive="PT5M"/>'
    body = around(
        f'<sendTask id="x" messageRef="m1"><extensionElements>{words}</extensionElements></sendTask>'
    )
    trigger = element(body, root=ROOT).trigger

    assert isinstance(trigger, MessageTrigger)
    assert trigger.key is not None
    assert (trigger.key.text, trigger.ttl) == ("id", 300_000)


@pytest.mark.parametrize("tag", ["sendTask", "intermediateThrowEvent", "endEvent"])
def test_a_job_type_lets_a_worker_send(tag: str) -> None:
    words = '<extensionElements><zeebe:taskDefinition type="mail"/></extensionElements>'
    inner = "" if tag == "sendTask" else "<messageEventDefinition/>"
    tail = "" if tag == "endEvent" else f'{flow("x", "e")}<endEvent id="e"/>'
    found = element(f'<startEvent id="s"/>{flow("s", "x")}<{tag} id="x">{words}{inner}</{tag}>{tail}')

    assert found.job is not None
    assert found.job.type == "mail"


def test_a_cycle_repeats_a_boundary_event_that_does_not_interrupt() -> None:
    timer = "<timerEventDefinition><timeCycle>R3/PT10M</timeCycle></timerEventDefinition>"
    boundary = f'<boundaryEvent id="b" attachedToRef="x" cancelActivity="false">{timer}</boundaryEvent>'
    trigger = element(around('<userTask id="x"/>') + boundary + flow("b", "e"), "b").trigger

    assert isinstance(trigger, CycleTrigger)


def test_a_cycle_of_what_happens_once_fires_once() -> None:
    timer = "<timerEventDefinition><timeCycle>R3/PT10M</timeCycle></timerEventDefinition>"

    assert warnings(catch(timer)) == ["cycle-fires-once"]
    assert errors(catch(timer)) == []


def test_a_receive_task_without_a_message_waits_for_its_own_name() -> None:
    reading = read(around('<receiveTask id="x"/>'))
    trigger = element(around('<receiveTask id="x"/>')).trigger

    assert codes(reading) == ["receives-its-own-name"]
    assert isinstance(trigger, MessageTrigger)
    assert trigger.name({}, 0) == "x"


def test_a_link_is_a_flow_from_its_source_to_its_target() -> None:
    body = f"""<startEvent id="s"/>{flow("s", "a")}
    <intermediateThrowEvent id="a"><linkEventDefinition name="l"/></intermediateThrowEvent>
    <intermediateCatchEvent id="x"><linkEventDefinition name="l"/></intermediateCatchEvent>
    {flow("x", "e")}<endEvent id="e"/>"""

    assert isinstance(element(body).trigger, LinkTrigger)
    assert [it.target for it in element(body, "a").outgoing] == ["x"]
    assert element(body).incoming == ("a~>x",)


@pytest.mark.parametrize(
    ("body", "starts"),
    [
        (f'<receiveTask id="x" messageRef="m1" instantiate="true"/>{flow("x", "e")}', ("x",)),
        (
            f'<eventBasedGateway id="g" instantiate="true"/>{flow("g", "x")}{flow("g", "y")}'
            f'<intermediateCatchEvent id="x">{MESSAGE}</intermediateCatchEvent>{flow("x", "e")}'
            f'<intermediateCatchEvent id="y">{SIGNAL}</intermediateCatchEvent>{flow("y", "e")}',
            ("x", "y"),
        ),
    ],
)
def test_what_instantiates_is_a_start(body: str, starts: tuple[str, ...]) -> None:
    reading = read(body + '<endEvent id="e"/>', ROOT)

    assert reading.findings == ()
    assert reading.processes[0].definition is not None
    assert reading.processes[0].definition.starts == starts


def test_a_message_flow_says_which_message_where_nothing_else_does() -> None:
    root = """<collaboration id="c"><participant id="a" processRef="p"/><participant id="b" processRef="q"/>
    <messageFlow id="f" name="an order" sourceRef="x" targetRef="start"/></collaboration>
    <process id="q" isExecutable="true"><startEvent id="start"><messageEventDefinition/></startEvent>
    <sequenceFlow id="start_done" sourceRef="start" targetRef="done"/><endEvent id="done"/></process>"""
    reading = read(around('<sendTask id="x"/>'), root)

    assert codes(reading) == ["message-without-key", "message-without-key"]
    for process, id in zip(reading.processes, ("start", "x"), strict=True):
        assert process.definition is not None
        trigger = process.definition.elements[id].trigger
        assert isinstance(trigger, MessageTrigger)
        assert (trigger.name({}, 0), trigger.key) == ("an order", None)


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        ("<messageEventDefinition/>", "missing-message"),
        ('<messageEventDefinition messageRef="bare"/>', "missing-message"),
        ('<messageEventDefinition messageRef="gone"/>', "unknown-reference"),
        ("<signalEventDefinition/>", "missing-signal"),
        ('<signalEventDefinition signalRef="bare-signal"/>', "missing-signal"),
        ('<signalEventDefinition signalRef="gone"/>', "unknown-reference"),
        ("<conditionalEventDefinition/>", "missing-condition"),
        ("<linkEventDefinition/>", "link-with-flow"),
        (MESSAGE + '<linkEventDefinition name="l"/>', "unsupported-trigger"),
    ],
)
def test_an_event_that_could_never_happen_is_an_error(inner: str, code: str) -> None:
    assert code in errors(catch(inner), ROOT)


def test_a_source_of_a_link_needs_a_target_and_no_flow() -> None:
    link = '<linkEventDefinition name="l"/>'

    assert errors(around(f'<intermediateThrowEvent id="x">{link}</intermediateThrowEvent>')) == [
        "link-without-target",
        "link-with-flow",
    ]


def test_two_targets_of_one_link_are_an_error_and_a_target_alone_a_warning() -> None:
    link = '<linkEventDefinition name="l"/>'
    target = f'<intermediateCatchEvent id="{{0}}">{link}</intermediateCatchEvent>'
    body = around('<task id="x"/>') + target.format("a") + target.format("b")

    assert errors(body) == ["link-with-two-targets"]
    assert "link-without-source" in warnings(body)


@pytest.mark.parametrize(
    ("target", "attributes"),
    [
        ('<userTask id="x"/>', ""),
        ('<receiveTask id="x" messageRef="m1"/><boundaryEvent id="b" attachedToRef="x">'
         f'{SIGNAL}</boundaryEvent>{flow("b", "e")}', ""),
        (f'<intermediateCatchEvent id="x">{MESSAGE}</intermediateCatchEvent>{flow("s", "x")}', ""),
        (f'<intermediateCatchEvent id="x" parallelMultiple="true">{MESSAGE}{SIGNAL}'
         "</intermediateCatchEvent>", 'instantiate="true"'),
        ('<intermediateCatchEvent id="x"><timerEventDefinition><timeDuration>PT1M</timeDuration>'
         "</timerEventDefinition></intermediateCatchEvent>", 'instantiate="true"'),
    ],
)  # fmt: skip
def test_an_event_based_gateway_waits_for_events_only(target: str, attributes: str) -> None:
    lead = "" if attributes else flow("s", "g")
    body = f'<startEvent id="s"/>{lead}<eventBasedGateway id="g" {attributes}/>{flow("g", "x")}'

    assert "event-gateway-target" in errors(f'{body}{target}{flow("x", "e")}<endEvent id="e"/>', ROOT)


_BOTH = f'parallelMultiple="true">{MESSAGE}{SIGNAL}'


@pytest.mark.parametrize(
    "body",
    [
        f'<task id="x"/>{flow("s", "x")}<boundaryEvent id="b" attachedToRef="x" {_BOTH}</boundaryEvent>'
        f'{flow("x", "e")}{flow("b", "e")}',
        f'<task id="x"/>{flow("s", "x")}{flow("x", "e")}<subProcess id="sub" triggeredByEvent="true">'
        f'<startEvent id="b" {_BOTH}</startEvent>{flow("b", "f")}<endEvent id="f"/></subProcess>',
        f'<eventBasedGateway id="g"/>{flow("s", "g")}{flow("g", "b")}'
        f'<intermediateCatchEvent id="b" {_BOTH}</intermediateCatchEvent>{flow("b", "e")}',
    ],
    ids=["boundary", "event-sub-process", "event-based-gateway"],
)  # fmt: skip
def test_an_event_may_need_each_of_its_triggers(body: str) -> None:
    trigger = element(f'<startEvent id="s"/>{body}<endEvent id="e"/>', "b", ROOT).trigger

    assert isinstance(trigger, MultipleTrigger)
    assert trigger.parallel
    assert [type(it) for it in trigger.triggers] == [MessageTrigger, SignalTrigger]


def test_receive_tasks_and_message_events_do_not_mix_behind_a_gateway() -> None:
    body = (
        f'<startEvent id="s"/>{flow("s", "g")}<eventBasedGateway id="g"/>{flow("g", "x")}{flow("g", "y")}'
        f'<receiveTask id="x" messageRef="m1"/>{flow("x", "e")}'
        f'<intermediateCatchEvent id="y">{MESSAGE}</intermediateCatchEvent>{flow("y", "e")}<endEvent id="e"/>'
    )

    assert errors(body, ROOT) == ["event-gateway-mixed"]


def test_the_events_behind_a_parallel_event_based_gateway_belong_together() -> None:
    body = (
        f'<eventBasedGateway id="g" instantiate="true" eventGatewayType="Parallel"/>{flow("g", "x")}'
        f'<receiveTask id="x" messageRef="m1"/>{flow("x", "e")}{flow("g", "y")}'
        f'<receiveTask id="y" messageRef="m1"/>{flow("y", "e")}<endEvent id="e"/>'
    )

    assert element(body, root=ROOT).together == ("y",)


def test_a_parallel_event_based_gateway_instantiates() -> None:
    body = (
        f'<startEvent id="s"/>{flow("s", "g")}'
        f'<eventBasedGateway id="g" eventGatewayType="Parallel"/>{flow("g", "x")}'
        f'<receiveTask id="x" messageRef="m1"/>{flow("x", "e")}<endEvent id="e"/>'
    )

    assert errors(body, ROOT) == ["unsupported-event-gateway"]


def test_what_instantiates_stands_at_the_beginning() -> None:
    task = '<receiveTask id="x" messageRef="m1" instantiate="true"/>'

    assert errors(around(task), ROOT) == ["instantiate-inside"]


@pytest.mark.parametrize("text", ["=5 * 2", "P1M", "soon"])
def test_a_time_to_live_is_a_fixed_duration(text: str) -> None:
    words = f'<zeebe:publishMessage timeToLive="{text}"/>'
    body = around(
        f'<sendTask id="x" messageRef="m1"><extensionElements>{words}</extensionElements></sendTask>'
    )

    assert errors(body, ROOT) == ["invalid-time"]
