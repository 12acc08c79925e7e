"""The coverage table: each row does what it says."""

from __future__ import annotations

import pytest
from lxml import etree

from penstock import bpmn
from penstock.bpmn.attributes import KNOWN
from penstock.bpmn.coverage import (
    ATTRIBUTES,
    COVERAGE,
    SEVERAL,
    TRIGGERS,
    Row,
    Treatment,
    TriggerRow,
    coverage_markdown,
)
from penstock.bpmn.coverage.groups import EVENT_DEFINITIONS, EVENTS, FLOW_NODES
from penstock.bpmn.coverage.peers import PEERS, entries, peers_of, peers_of_trigger
from penstock.bpmn.names import BPMN
from penstock.kernel.definition import Kind, ProcessDefinition
from tests.bpmn.models import around, codes, file_of, flow, process_of


def _rows(treatment: Treatment) -> list[str]:
    return [row.element for row in COVERAGE.values() if row.treatment is treatment]


def _triggers(runs: bool) -> list[object]:
    return [
        pytest.param(row, id=f"{row.event}-{row.trigger}")
        for row in TRIGGERS.values()
        if (row.treatment is Treatment.RUNS) is runs
    ]


_RUNNING = f"""<startEvent id="s"/>{flow("s", "sub")}
<subProcess id="sub"><startEvent id="i"/>{flow("i", "task")}<task id="task"/>{flow("task", "m")}
<manualTask id="m"><ioSpecification><dataInput id="d1" name="amount"/>
<dataOutput id="d2" name="total"/><inputSet><dataInputRefs>d1</dataInputRefs>
<optionalInputRefs>d1</optionalInputRefs></inputSet><outputSet>
<dataOutputRefs>d2</dataOutputRefs></outputSet></ioSpecification>
<dataInputAssociation><sourceRef>do1</sourceRef><targetRef>d1</targetRef>
<transformation>order.amount</transformation></dataInputAssociation>
<dataOutputAssociation><sourceRef>d2</sourceRef><targetRef>do1</targetRef>
<assignment><from>total</from><to>order.total</to></assignment></dataOutputAssociation>
<dataOutputAssociation><sourceRef>d2</sourceRef><targetRef>do2</targetRef></dataOutputAssociation></manualTask>
<dataObject id="do2" name="sum"/>
<dataObject id="do1" name="order"/><property id="p1" name="seen"/>
{flow("m", "j")}<endEvent id="j"/></subProcess>{flow("sub", "service")}
<serviceTask id="service"><extensionElements><zeebe:taskDefinition type="f"/></extensionElements>
</serviceTask>
<boundaryEvent id="caught" attachedToRef="service"><errorEventDefinition errorRef="err"/></boundaryEvent>
{flow("caught", "failed")}<endEvent id="failed"><errorEventDefinition errorRef="err"/></endEvent>
{flow("service", "script")}<scriptTask id="script" scriptFormat="feel" camunda:resultVariable="one">
<script>1</script></scriptTask>
{flow("script", "user")}<userTask id="user">
<performer><resourceAssignmentExpression><expression>ann</expression></resourceAssignmentExpression></performer>
<potentialOwner><resourceRef>r1</resourceRef></potentialOwner></userTask>{flow("user", "x")}
<exclusiveGateway id="x" default="x_fork"/>{flow("x", "fork")}{flow("x", "stop", "=a")}
<endEvent id="stop"><terminateEventDefinition/></endEvent>
<parallelGateway id="fork"/>{flow("fork", "wait")}{flow("fork", "until")}
<intermediateCatchEvent id="wait"><timerEventDefinition><timeDuration>PT1M</timeDuration>
</timerEventDefinition></intermediateCatchEvent>{flow("wait", "none")}
<intermediateCatchEvent id="until"><timerEventDefinition><timeDate>2030-01-01T00:00:00Z</timeDate>
</timerEventDefinition></intermediateCatchEvent>{flow("until", "none")}
<intermediateThrowEvent id="none"/>{flow("none", "send")}
<sendTask id="send" messageRef="m1"/>{flow("send", "first")}
<boundaryEvent id="b" attachedToRef="send" cancelActivity="false"><timerEventDefinition>
<timeCycle>R3/PT1M</timeCycle></timerEventDefinition></boundaryEvent>{flow("b", "e")}
<eventBasedGateway id="first"/>{flow("first", "receive")}{flow("first", "signal")}{flow("first", "cond")}
<receiveTask id="receive" messageRef="m1"/>{flow("receive", "over")}
<intermediateCatchEvent id="signal"><eventDefinitionRef>sd</eventDefinitionRef></intermediateCatchEvent>
{flow("signal", "e")}<intermediateCatchEvent id="cond"><conditionalEventDefinition>
<condition xsi:type="tFormalExpression">a</condition></conditionalEventDefinition></intermediateCatchEvent>
{flow("cond", "e")}
<intermediateThrowEvent id="over"><linkEventDefinition name="l"/></intermediateThrowEvent>
<intermediateCatchEvent id="there"><linkEventDefinition name="l"/></intermediateCatchEvent>
{flow("there", "told")}<intermediateThrowEvent id="told">
<messageEventDefinition messageRef="m1"/></intermediateThrowEvent>{flow("told", "deal")}
<transaction id="deal"><startEvent id="d"/>{flow("d", "book")}<task id="book"/>
<boundaryEvent id="booked" attachedToRef="book"><compensateEventDefinition/></boundaryEvent>
<task id="unbook" isForCompensation="true"/>
<association id="undo" sourceRef="booked" targetRef="unbook"/>
{flow("book", "off")}<endEvent id="off"><cancelEventDefinition/></endEvent></transaction>
<boundaryEvent id="cancelled" attachedToRef="deal"><cancelEventDefinition/></boundaryEvent>
{flow("cancelled", "tell")}{flow("deal", "tell")}
<intermediateThrowEvent id="tell"><escalationEventDefinition escalationRef="esc"/></intermediateThrowEvent>
{flow("tell", "pick")}
<inclusiveGateway id="pick" default="pick_e"/>{flow("pick", "e")}{flow("pick", "more", "=a")}
<task id="more"><standardLoopCharacteristics><loopCondition>a</loopCondition></standardLoopCharacteristics>
</task>{flow("more", "all")}<userTask id="all"><humanPerformer>
<resourceAssignmentExpression><formalExpression>bob</formalExpression></resourceAssignmentExpression>
</humanPerformer><multiInstanceLoopCharacteristics>
<loopCardinality>3</loopCardinality><completionCondition>a</completionCondition>
</multiInstanceLoopCharacteristics></userTask>{flow("all", "each")}<userTask id="each">
<multiInstanceLoopCharacteristics><loopDataInputRef>a</loopDataInputRef>
<loopDataOutputRef>b</loopDataOutputRef><inputDataItem id="i1" name="c"/><outputDataItem id="i2" name="d"/>
</multiInstanceLoopCharacteristics></userTask>{flow("each", "call")}
<callActivity id="call" calledElement="other"/>{flow("call", "rate")}
<businessRuleTask id="rate" camunda:decisionRef="rating" camunda:resultVariable="level"/>
{flow("rate", "ad_hoc")}
<adHocSubProcess id="ad_hoc"><task id="one"/></adHocSubProcess>
{flow("ad_hoc", "complex")}{flow("ad_hoc", "complex2")}
<task id="complex2"/>{flow("complex2", "complex")}
<complexGateway id="complex"><activationCondition>activationCount > 1</activationCondition></complexGateway>
{flow("complex", "g1")}<callActivity id="g1" calledElement="global1"/>
{flow("g1", "g2")}<callActivity id="g2" calledElement="global2"/>
{flow("g2", "g3")}<callActivity id="g3" calledElement="global3"/>
{flow("g3", "g4")}<callActivity id="g4" calledElement="global4"/>
{flow("g4", "g5")}<callActivity id="g5" calledElement="global5"/>{flow("g5", "vote")}
<userTask id="vote"><multiInstanceLoopCharacteristics behavior="Complex"><loopCardinality>3</loopCardinality>
<complexBehaviorDefinition><condition xsi:type="tFormalExpression">numberOfCompletedInstances = 2</condition>
<event><escalationEventDefinition escalationRef="esc"/></event></complexBehaviorDefinition>
</multiInstanceLoopCharacteristics></userTask>{flow("vote", "e")}
<endEvent id="e"/>"""
_ROOTS = (
    '<error id="err" errorCode="E"/><message id="m1" name="paid"/><signal id="s1" name="stop"/>'
    '<escalation id="esc" escalationCode="S"/><resource id="r1" name="Clerk"/>'
    '<signalEventDefinition id="sd" signalRef="s1"/>'
)
_GLOBAL_TASKS = (
    '<globalTask id="global1"/><globalManualTask id="global2"/><globalUserTask id="global3"/>'
    '<globalScriptTask id="global4" scriptLanguage="feel"><extensionElements>'
    '<zeebe:script expression="=1" resultVariable="two"/></extensionElements></globalScriptTask>'
    '<globalBusinessRuleTask id="global5"><extensionElements><zeebe:calledDecision decisionId="rating" '
    'resultVariable="grade"/></extensionElements></globalBusinessRuleTask>'
)
_CORRELATION = (
    '<correlationProperty id="order"><correlationPropertyRetrievalExpression messageRef="m1">'
    "<messagePath>order</messagePath></correlationPropertyRetrievalExpression></correlationProperty>"
    '<collaboration id="c"><correlationKey id="key"><correlationPropertyRef>order</correlationPropertyRef>'
    "</correlationKey></collaboration>"
)
_SUBSCRIBED = (
    '<correlationSubscription id="cs" correlationKeyRef="key"><correlationPropertyBinding '
    'correlationPropertyRef="order"><dataPath>id</dataPath></correlationPropertyBinding>'
    "</correlationSubscription>"
)
RUNNING_FILE = process_of(_SUBSCRIBED + _RUNNING, _ROOTS + _GLOBAL_TASKS + _CORRELATION)


@pytest.mark.parametrize("element", _rows(Treatment.RUNS))
def test_what_runs_is_compiled(element: str) -> None:
    reading = bpmn.read(RUNNING_FILE)
    definition = reading.processes[0].definition

    assert f"<{element}".encode() in RUNNING_FILE
    assert reading.findings == ()
    assert definition is not None
    kinds = {found.kind.value for found in definition.elements.values()}
    assert element in kinds or element not in FLOW_NODES
    assert _definitions(_without(RUNNING_FILE, element)) != _definitions(RUNNING_FILE), "it has no effect"


def _definitions(data: bytes) -> list[ProcessDefinition | None]:
    return [process.definition for process in bpmn.read(data).processes]


def _without(data: bytes, element: str) -> bytes:
    """Give the file without any element of this name."""
    root = etree.fromstring(data)
    for xml in list(root.iter(f"{{{BPMN}}}{element}")):
        around_it = xml.getparent()
        if around_it is not None:
            around_it.remove(xml)
    return bytes(etree.tostring(root))


def test_every_kind_of_the_kernel_has_a_row_that_runs() -> None:
    assert {kind.value for kind in Kind} <= set(_rows(Treatment.RUNS))
    assert {row for row in _rows(Treatment.RUNS) if row in {*FLOW_NODES, "process"}} == {
        kind.value for kind in Kind
    }


# -- elements: each is put where its row says that it may stand ------------------------------------


def _written(row: Row) -> bytes:
    """Write a file in which the element stands where the shortest way from the root leads to it."""
    chain = _chain(row.element)
    opened = "".join(_opening(name) for name in chain)
    closed = "".join(f"</{name}>" for name in reversed(chain))
    return file_of(opened + closed)


def _chain(element: str) -> list[str]:
    chains = [[element]]
    for chain in chains:
        parents = COVERAGE[chain[0]].parents or {"process"}
        if "definitions" in parents:
            return chain
        chains.extend([parent, *chain] for parent in sorted(parents) if parent not in chain)
    raise AssertionError(f"no way leads from the root to {element}")


def _opening(name: str) -> str:
    if name == "process":
        task = '<task id="x"/>'
        return f'<process id="p" isExecutable="true">{around(task)}'
    attributes = 'attachedToRef="x"' if name == "boundaryEvent" else ""
    return f'<{name} id="id-{name}" {attributes}>'


@pytest.mark.parametrize("element", _rows(Treatment.REFUSED))
def test_a_refused_element_is_an_error(element: str) -> None:
    reading = bpmn.read(_written(COVERAGE[element]))

    # A part is refused with the first thing around it that is.
    first = next(name for name in _chain(element) if COVERAGE[name].treatment is Treatment.REFUSED)
    refused = [finding for finding in reading.errors if finding.code.startswith("unsupported-")]
    assert any(first in finding.message for finding in refused)
    assert all(finding.line and finding.remedy for finding in refused)
    assert not {"unknown-element", "misplaced-element"} & set(codes(reading))


@pytest.mark.parametrize("element", _rows(Treatment.NOT_RUN))
def test_what_is_not_run_is_named(element: str) -> None:
    reading = bpmn.read(_written(COVERAGE[element]))

    # A part is named with the first thing around it that is not run.
    first = next(name for name in _chain(element) if COVERAGE[name].treatment is Treatment.NOT_RUN)
    assert any(f"({first}) has no effect" in finding.message for finding in reading.findings)
    assert not {"unknown-element", "misplaced-element"} & set(codes(reading))


@pytest.mark.parametrize("element", _rows(Treatment.IGNORED))
def test_what_has_no_effect_is_passed_over(element: str) -> None:
    written = _written(COVERAGE[element])
    reading = bpmn.read(written)

    assert not {"unknown-element", "misplaced-element"} & set(codes(reading))
    assert not any(f"({element})" in finding.message for finding in reading.findings)
    without = bpmn.read(_without(written, element))
    assert [it.definition for it in reading.processes] == [it.definition for it in without.processes]
    # What is wrong with the file around it is wrong without it, too.
    assert {it.code for it in reading.errors} <= {it.code for it in without.errors}


@pytest.mark.parametrize("parent", ["process", "task", "endEvent", "sequenceFlow"])
def test_an_element_that_bpmn_does_not_know_is_an_error(parent: str) -> None:
    body = around('<task id="x"/>')
    places = {
        "process": body + "<mailTask/>",
        "task": body.replace('<task id="x"/>', '<task id="x"><mailTask/></task>'),
        "endEvent": body.replace('<endEvent id="e"/>', '<endEvent id="e"><mailTask/></endEvent>'),
        "sequenceFlow": body.replace("></sequenceFlow>", "><mailTask/></sequenceFlow>", 1),
    }

    assert codes(bpmn.read(process_of(places[parent]))) == ["unknown-element"]


@pytest.mark.parametrize(
    "inside",
    [
        '<task id="x"><userTask id="hidden"/></task>',
        '<userTask id="x"><script>a</script></userTask>',
        '<task id="x"><timerEventDefinition/></task>',
        '<exclusiveGateway id="x"><multiInstanceLoopCharacteristics/></exclusiveGateway>',
        '<task id="x"/><laneSet><lane><userTask id="hidden"/></lane></laneSet>',
        '<subProcess id="x"><startEvent id="i"/><ioSpecification/></subProcess>',
    ],
)
def test_an_element_at_the_wrong_place_is_an_error(inside: str) -> None:
    assert "misplaced-element" in codes(bpmn.read(process_of(around(inside))), "error")


# -- triggers --------------------------------------------------------------------------------------


_MINUTE = "<timeDuration>PT1M</timeDuration>"


def _event(event: str, trigger: str | None) -> bytes:
    written = {
        None: "",
        SEVERAL: '<signalEventDefinition signalRef="s1"/><messageEventDefinition messageRef="m1"/>',
        "messageEventDefinition": '<messageEventDefinition messageRef="m1"/>',
        "signalEventDefinition": '<signalEventDefinition signalRef="s1"/>',
        "linkEventDefinition": '<linkEventDefinition name="l"/>',
        "conditionalEventDefinition": (
            '<conditionalEventDefinition><condition xsi:type="tFormalExpression">a</condition>'
            "</conditionalEventDefinition>"
        ),
        "timerEventDefinition": f"<timerEventDefinition>{_MINUTE}</timerEventDefinition>",
        "errorEventDefinition": '<errorEventDefinition errorRef="err"/>',
        "escalationEventDefinition": '<escalationEventDefinition escalationRef="esc"/>',
    }
    if event == "boundaryEvent":
        written[SEVERAL] = _SEVERAL_THAT_RUN
    inner = written.get(trigger, f"<{trigger}/>")
    if trigger == "linkEventDefinition" and event.startswith("intermediate"):
        return _link(event)
    start, end = f'<startEvent id="s"/>{flow("s", "x")}', f'{flow("x", "e")}<endEvent id="e"/>'
    if event == "startEvent":
        body = f'<startEvent id="x">{inner}</startEvent>{end}'
        return process_of(_in_event_sub_process(body) if trigger in _OF_EVENT_SUB_PROCESSES else body, _ROOTS)
    if event == "endEvent":
        body = f'{start}<endEvent id="x">{inner}</endEvent>'
        return process_of(_in_transaction(body) if trigger == "cancelEventDefinition" else body, _ROOTS)
    if event == "boundaryEvent":
        return process_of(f"{start}{_boundary(trigger, inner)}{end}", _ROOTS)
    return process_of(f'{start}<{event} id="x">{inner}</{event}>{end}', _ROOTS)


_SEVERAL_THAT_RUN = (
    f'<timerEventDefinition>{_MINUTE}</timerEventDefinition><errorEventDefinition errorRef="err"/>'
)
_OF_EVENT_SUB_PROCESSES = (
    "errorEventDefinition",
    "escalationEventDefinition",
    "compensateEventDefinition",
)


def _in_event_sub_process(body: str) -> str:
    inner = f'<startEvent id="i"/><subProcess id="w" triggeredByEvent="true">{body}</subProcess>'
    return (
        f'<startEvent id="a"/>{flow("a", "h")}'
        f'<subProcess id="h">{inner}{flow("i", "j")}<endEvent id="j"/></subProcess>'
        f'{flow("h", "k")}<endEvent id="k"/>'
    )


def _in_transaction(body: str) -> str:
    caught = '<boundaryEvent id="c" attachedToRef="h"><cancelEventDefinition/></boundaryEvent>'
    return (
        f'<startEvent id="a"/>{flow("a", "h")}<transaction id="h">{body}</transaction>{caught}'
        f'{flow("c", "k")}{flow("h", "k")}<endEvent id="k"/>'
    )


def _boundary(trigger: str | None, inner: str) -> str:
    event = f'<boundaryEvent id="b" attachedToRef="x">{inner}</boundaryEvent>'
    if trigger == "compensateEventDefinition":
        undo = '<task id="u" isForCompensation="true"/><association id="l" sourceRef="b" targetRef="u"/>'
        return f'<userTask id="x"/>{event}{undo}'
    if trigger == "cancelEventDefinition":
        host = f'<transaction id="x"><startEvent id="i"/>{flow("i", "j")}<endEvent id="j"/></transaction>'
        return f"{host}{event}{flow('b', 'e')}"
    return f'<userTask id="x"/>{event}{flow("b", "e")}'


def _link(event: str) -> bytes:
    """Give a process with a link, of which the event is one end."""
    source, target = ("x", "y") if event == "intermediateThrowEvent" else ("y", "x")
    link = '<linkEventDefinition name="l"/>'
    return process_of(
        f'<startEvent id="s"/>{flow("s", source)}'
        f'<intermediateThrowEvent id="{source}">{link}</intermediateThrowEvent>'
        f'<intermediateCatchEvent id="{target}">{link}</intermediateCatchEvent>'
        f'{flow(target, "e")}<endEvent id="e"/>'
    )


@pytest.mark.parametrize("row", _triggers(runs=True))
def test_a_trigger_that_runs_is_compiled(row: TriggerRow) -> None:
    reading = bpmn.read(_event(row.event, row.trigger))
    definition = reading.processes[0].definition

    assert reading.findings == ()
    assert definition is not None
    element = definition.elements["b" if row.event == "boundaryEvent" else "x"]
    assert element.kind.value == row.event
    assert (element.trigger is None) is (row.trigger is None)


def test_no_event_with_a_trigger_that_the_table_knows_is_refused() -> None:
    assert list(_triggers(runs=False)) == []


def test_every_event_has_a_row_for_every_trigger_or_bpmn_forbids_it() -> None:
    for event in sorted(EVENTS - {"implicitThrowEvent"}):
        for trigger in (None, *sorted(EVENT_DEFINITIONS)):
            if (event, trigger) not in TRIGGERS:
                found = codes(bpmn.read(_event(event, trigger)), "error")
                assert found in (["trigger-not-allowed"], ["missing-trigger"]), (event, trigger)


# -- the page --------------------------------------------------------------------------------------


def test_the_page_has_every_element_and_every_trigger() -> None:
    page = coverage_markdown()

    assert all(f"| `{element}` |" in page for element in COVERAGE)
    assert all(
        f"| `{event}` | {(trigger or 'none').removesuffix('EventDefinition')} |" in page
        for event, trigger in TRIGGERS
    )


def test_every_attribute_of_the_elements_that_run_has_a_row() -> None:
    assert ATTRIBUTES.keys() == KNOWN


def test_what_is_said_of_other_engines_is_about_rows_of_the_table() -> None:
    elements, events = entries()

    assert elements <= COVERAGE.keys()
    assert events == {
        (event, trigger and trigger.removesuffix("EventDefinition")) for event, trigger in TRIGGERS
    }


def test_each_engine_has_its_column_and_what_is_not_known_says_so() -> None:
    assert peers_of("complexGateway") == ("no", "no", "no", "no")
    assert peers_of("adHocSubProcess")[PEERS.index("Camunda 8")] == "yes"
    assert peers_of("auditing") == ("?",) * len(PEERS)
    assert peers_of_trigger("endEvent", "cancelEventDefinition")[PEERS.index("Camunda 8")] == "no"
