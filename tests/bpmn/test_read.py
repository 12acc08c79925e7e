"""Reading as a whole: the definition that comes out."""

from __future__ import annotations

from penstock import bpmn
from penstock.bpmn.expressions import condition
from penstock.bpmn.schedules import fixed_duration
from penstock.kernel.definition import ErrorTrigger, Flow, Kind, TerminateTrigger, TimerTrigger
from tests.bpmn.models import codes, flow, process_of

_BODY = f"""<startEvent id="s" name="Begin"/>{flow("s", "sub")}
<subProcess id="sub" name="Pay"><startEvent id="i"/>{flow("i", "t")}
  <serviceTask id="t"><extensionElements><zeebe:taskDefinition type="pay"/></extensionElements></serviceTask>
  {flow("t", "j")}<endEvent id="j"/></subProcess>
<boundaryEvent id="late" attachedToRef="sub" cancelActivity="false"><timerEventDefinition>
  <timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>
<boundaryEvent id="broke" attachedToRef="sub"><errorEventDefinition errorRef="err"/></boundaryEvent>
{flow("late", "e")}{flow("broke", "stop")}
{flow("sub", "g")}<exclusiveGateway id="g" default="g_e"/>{flow("g", "u", "=amount &gt; 100")}{flow("g", "e")}
<userTask id="u"/>{flow("u", "e")}<endEvent id="e"/>
<endEvent id="stop"><terminateEventDefinition/></endEvent>"""
_FILE = process_of(_BODY, '<error id="err" errorCode="BROKE"/>')


def test_the_definition_holds_the_whole_graph() -> None:
    reading = bpmn.read(_FILE)
    definition = reading.processes[0].definition
    assert definition is not None
    elements = definition.elements

    assert reading.findings == ()
    assert definition.starts == ("s",)
    assert list(elements) == ["s", "sub", "i", "t", "j", "late", "broke", "g", "u", "e", "stop"]
    assert elements["s"].name == "Begin"
    assert elements["sub"].kind is Kind.SUB_PROCESS
    assert elements["sub"].start == "i"
    assert elements["sub"].boundary == ("late", "broke")
    assert (elements["t"].scope, elements["sub"].scope) == ("sub", None)
    assert elements["late"].trigger == TimerTrigger(fixed_duration("PT1H"))
    assert not elements["late"].interrupting
    assert elements["broke"].trigger == ErrorTrigger("BROKE")
    assert elements["broke"].interrupting
    assert elements["broke"].attached_to == "sub"
    assert elements["stop"].trigger == TerminateTrigger()
    assert elements["e"].incoming == ("late_e", "g_e", "u_e")


def test_flows_keep_their_order_condition_and_default() -> None:
    definition = bpmn.read(_FILE).processes[0].definition
    assert definition is not None
    gateway = definition.elements["g"]

    assert gateway.outgoing == (Flow("g_u", "g", "u", condition("amount > 100")), Flow("g_e", "g", "e"))
    assert gateway.default is gateway.outgoing[1]


def test_the_same_bytes_give_equal_definitions() -> None:
    assert bpmn.read(_FILE) == bpmn.read(_FILE)


def test_flows_without_an_id_get_one_each() -> None:
    bare = '<sequenceFlow sourceRef="s" targetRef="{}"/>'
    body = f'<startEvent id="s"/>{bare.format("a")}{bare.format("b")}<endEvent id="a"/><endEvent id="b"/>'
    reading = bpmn.read(process_of(body))
    definition = reading.processes[0].definition
    assert definition is not None

    assert codes(reading) == []
    assert len({out.id for out in definition.elements["s"].outgoing}) == 2


def test_every_executable_process_of_a_file_is_read() -> None:
    second = f"""<process id="q" isExecutable="true"><startEvent id="q1"/>{flow("q1", "q2")}
    <endEvent id="q2"/></process><process id="partner" isExecutable="false"/>"""
    reading = bpmn.read(process_of(_BODY, '<error id="err" errorCode="E"/>' + second))

    assert [process.id for process in reading.processes] == ["q", "p"]
    assert reading.executable
    assert codes(reading) == ["not-executable"]


def test_a_prefix_for_bpmn_makes_no_difference() -> None:
    plain = process_of(f'<startEvent id="s"/>{flow("s", "e")}<endEvent id="e"/>')
    prefixed = (
        b'<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL">\n'
        b'<b:process id="p" isExecutable="true">\n<b:startEvent id="s"/>'
        b'<b:sequenceFlow id="s_e" sourceRef="s" targetRef="e"/><b:endEvent id="e"/>'
        b"</b:process></b:definitions>"
    )

    assert bpmn.read(prefixed).processes == bpmn.read(plain).processes
