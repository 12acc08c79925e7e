"""Models that break or keep one of BPMN's static rules, put together from a few parts."""

from __future__ import annotations

from dataclasses import dataclass

from tests.bpmn.models import around, file_of, flow, process_of

S, E = '<startEvent id="s"/>', '<endEvent id="e"/>'
TEXT = '<textAnnotation id="a"><text>note</text></textAnnotation>'
HOUR = "<timeDuration>PT1H</timeDuration>"
TIMER = f"<timerEventDefinition>{HOUR}</timerEventDefinition>"
MESSAGE, SIGNAL = '<message id="m" name="paid"/>', '<signal id="g" name="rung"/>'
CAUGHT = '<messageEventDefinition messageRef="m"/>'
RUNG = '<signalEventDefinition signalRef="g"/>'
ERROR, ESCALATION = '<error id="x1" errorCode="A"/>', '<escalation id="c" escalationCode="A"/>'
UNDONE = "<compensateEventDefinition/>"
A, B = '<itemDefinition id="A" structureRef="one"/>', '<itemDefinition id="B" structureRef="two"/>'
MANY = '<itemDefinition id="M" structureRef="one" isCollection="true"/>'


@dataclass(frozen=True)
class Rule:
    """A rule, the code of the finding for a model that breaks it, and two models."""

    code: str
    broken: bytes
    kept: bytes


def both(code: str, broken: str, kept: str, root: str = "") -> Rule:
    """Give a rule about the inside of a process."""
    return Rule(code, process_of(broken, root), process_of(kept, root))


def files(code: str, broken: str, kept: str) -> Rule:
    """Give a rule about files."""
    return Rule(code, file_of(broken), file_of(kept))


def within(tag: str, inner: str, attributes: str = "") -> str:
    """Give a process with a sub-process, or another activity, around this."""
    return around(f'<{tag} id="x" {attributes}>{inner}</{tag}>')


def event_sub(inner: str, attributes: str = "") -> str:
    """Give a process with an event sub-process `v`."""
    held = f'<subProcess id="v" triggeredByEvent="true" {attributes}>{inner}</subProcess>'
    return around('<task id="x"/>') + held


def catching(definition: str, tag: str = "intermediateCatchEvent") -> str:
    """Give a process with an event of this kind in the middle."""
    return around(f'<{tag} id="x">{definition}</{tag}>')


def ending(definition: str) -> str:
    """Give a process that ends with this."""
    return f'{S}{flow("s", "x")}<endEvent id="x">{definition}</endEvent>'


def on(definition: str, attributes: str = "", out: bool = True, host: str = '<task id="x"/>') -> str:
    """Give an activity with a boundary event `b`."""
    event = f'<boundaryEvent id="b" attachedToRef="x" {attributes}>{definition}</boundaryEvent>'
    return around(host) + event + (flow("b", "e") if out else "")


def undone(attributes: str = "", handler: str = 'isForCompensation="true"', linked: bool = True) -> str:
    """Give an activity that another one undoes."""
    link = '<association id="l" sourceRef="b" targetRef="h"/>' if linked else ""
    return f'{on(UNDONE, attributes, out=False)}<task id="h" {handler}/>{link}'


def waiting(*targets: str, extra: str = "", condition: str | None = None, gateway: str = "") -> str:
    """Give an event-based gateway `g1` with these events behind it; each has the id `w1`, `w2` and so on."""
    ways = "".join(flow("g1", f"w{n}", condition) + flow(f"w{n}", "e") for n, _ in enumerate(targets, 1))
    into = "" if gateway else S + flow("s", "g1")
    return f'{into}<eventBasedGateway id="g1" {gateway}/>{"".join(targets)}{ways}{extra}{E}'


def awaited(n: int, definition: str) -> str:
    """Give an event that is waited for."""
    return f'<intermediateCatchEvent id="w{n}">{definition}</intermediateCatchEvent>'


def pools(source: str, target: str, first: str, second: str = "") -> str:
    """Give two pools, a message flow between these, and what is in them."""
    other = second or around('<task id="x"/>').replace('"s', '"2s').replace('"x', '"2x').replace(
        '"e"', '"2e"'
    )
    other = other.replace('"x_e"', '"2x_e"').replace('_x"', '_2x"')
    return (
        f'{MESSAGE}<collaboration id="C"><participant id="P" processRef="p"/>'
        '<participant id="Q" processRef="q"/>'
        f'<messageFlow id="mf" sourceRef="{source}" targetRef="{target}"/>'
        f'</collaboration><process id="p" isExecutable="true">{first}</process>'
        f'<process id="q" isExecutable="true">{other}</process>'
    )


PLAIN = around('<task id="x"/>')
LISTED = (
    '<startEvent id="s"><outgoing>s_x</outgoing></startEvent>{}'
    '<task id="x">{}<outgoing>x_e</outgoing></task>{}'
    '<endEvent id="e"><incoming>x_e</incoming></endEvent>'
)


def listed(inner: str) -> str:
    """Give a process whose elements list their flows, with this in its task."""
    return LISTED.format(flow("s", "x"), inner, flow("x", "e"))


def gateway(attributes: str, ins: int, outs: int, tag: str = "parallelGateway") -> str:
    """Give a gateway `k` with so many flows in and out."""
    before = "".join(f'{flow("s", f"i{n}")}<task id="i{n}"/>{flow(f"i{n}", "k")}' for n in range(ins))
    after = "".join(f'{flow("k", f"o{n}")}<task id="o{n}"/>{flow(f"o{n}", "e")}' for n in range(outs))
    return f'{S}{before}<{tag} id="k" {attributes}/>{after}{E}'


def io(inputs: str = "", outputs: str = "", sets: str | None = None) -> str:
    """Give an ioSpecification of inputs and outputs with these item definitions, each in the one set."""
    ins = "".join(f'<dataInput id="i{n}" itemSubjectRef="{it}"/>' for n, it in enumerate(inputs.split()))
    outs = "".join(f'<dataOutput id="o{n}" itemSubjectRef="{it}"/>' for n, it in enumerate(outputs.split()))
    refs = "".join(f"<dataInputRefs>i{n}</dataInputRefs>" for n, _ in enumerate(inputs.split()))
    back = "".join(f"<dataOutputRefs>o{n}</dataOutputRefs>" for n, _ in enumerate(outputs.split()))
    held = f"<inputSet>{refs}</inputSet><outputSet>{back}</outputSet>" if sets is None else sets
    return f"<ioSpecification>{ins}{outs}{held}</ioSpecification>"


SERVICE = (
    '<message id="m" name="in" itemRef="A"/><message id="m2" name="out" itemRef="B"/>'
    '<interface id="I" name="i">'
    '<operation id="op" name="o"><inMessageRef>m</inMessageRef><outMessageRef>m2</outMessageRef></operation>'
    f"</interface>{A}{B}"
)


def service(inner: str) -> str:
    """Give a service task that calls an operation."""
    words = '<extensionElements><zeebe:taskDefinition type="add"/></extensionElements>'
    return around(f'<serviceTask id="x" operationRef="op">{words}{inner}</serviceTask>')


def sending(tag: str, inner: str) -> str:
    """Give a task with a message."""
    return around(f'<{tag} id="x" messageRef="m">{inner}</{tag}>')


OF_A = f'<message id="m" name="in" itemRef="A"/>{A}{B}'


def calling(mine: str, theirs: str, start: str = S) -> str:
    """Give a process that calls another one, each with this about its data."""
    called = f'<process id="q" isExecutable="true">{theirs}{start}{flow("s", "t")}'
    called += f'<task id="t"/>{flow("t", "e")}{E}'
    called = (
        called.replace('"s"', '"2s"').replace('"s_t"', '"2st"').replace('"t"', '"2t"').replace('"e"', '"2e"')
    )
    called = called.replace('"t_e"', '"2te"').replace('"i0"', '"2i0"').replace(">i0<", ">2i0<") + "</process>"
    own = around(f'<callActivity id="x" calledElement="q">{mine}</callActivity>')
    return f'{A}{B}{MESSAGE}{called}<process id="p" isExecutable="true">{own}</process>'


def served(binding: str, supports: str = "<supportedInterfaceRef>I</supportedInterfaceRef>") -> str:
    """Give a process that is offered as a service."""
    return f'{SERVICE}<process id="p" isExecutable="true">{io("A", "B")}{binding}{supports}{PLAIN}</process>'


BOUND = '<ioBinding operationRef="op" inputDataRef="i0" outputDataRef="o0"/>'
LOOP = (
    "<loopDataInputRef>{}</loopDataInputRef><loopDataOutputRef>{}</loopDataOutputRef>"
    '<inputDataItem id="one" itemSubjectRef="{}"/><outputDataItem id="other" itemSubjectRef="{}"/>'
)


def looping(inner: str) -> str:
    """Give a multi-instance task."""
    loop = f"<multiInstanceLoopCharacteristics>{inner}</multiInstanceLoopCharacteristics>"
    return around(f'<task id="x">{io("M", "M")}{loop}</task>')


def choosing(expression: str) -> str:
    """Give a process whose first flow out of a gateway has this condition."""
    chosen = f'<sequenceFlow id="g_x" sourceRef="k" targetRef="x">{expression}</sequenceFlow>'
    gateway = f'{S}{flow("s", "k")}<exclusiveGateway id="k" default="k_e"/>{chosen}{flow("k", "e")}'
    return f'{gateway}<task id="x"/>{flow("x", "e")}{E}'


FORMAL = '<conditionExpression xsi:type="tFormalExpression">{}</conditionExpression>'
SETS = "<inputSet>{}</inputSet><outputSet>{}</outputSet>"
IN, OUT = "<dataInputRefs>i0</dataInputRefs>", "<dataOutputRefs>o0</dataOutputRefs>"


def moved(inner: str) -> str:
    """Give a task that gets its data from here."""
    objects = '<dataObject id="d" itemSubjectRef="A"/><dataObject id="d2" itemSubjectRef="B"/>'
    moving = f"<dataInputAssociation>{inner}<targetRef>i0</targetRef></dataInputAssociation>"
    return objects + around(f'<task id="x">{io("A")}{moving}</task>')


def multiplicity(attributes: str) -> str:
    """Give a pool that is there so often."""
    pool = f'<participant id="P" processRef="p"><participantMultiplicity {attributes}/></participant>'
    return (
        f'<collaboration id="C">{pool}</collaboration><process id="p" isExecutable="true">{PLAIN}</process>'
    )


def state(name: str) -> str:
    """Give a reference, of this name, to a data object in a state."""
    opened = f'<dataObjectReference id="r" dataObjectRef="d" name="{name}"><dataState name="open"/>'
    return f'<dataObject id="d" name="Order"/>{opened}</dataObjectReference>{PLAIN}'


def beside(root: str) -> str:
    """Give a process with this beside it."""
    return f'{root}<process id="p" isExecutable="true">{PLAIN}</process>'


SUB = f'<startEvent id="t"/>{flow("t", "f")}<endEvent id="f"/>'
CANCEL, LINK = "<cancelEventDefinition/>", '<linkEventDefinition name="l"/>'
INNER = f'<startEvent id="t">{RUNG}</startEvent>{flow("t", "f")}<endEvent id="f"/>'
THROWN = '<intermediateThrowEvent id="lt">{}</intermediateThrowEvent>'
LINKED = f"{S}{flow('s', 'lt')}{THROWN.format(LINK)}{catching(LINK).replace(S + flow('s', 'x'), '')}"
CALLS = "<choreographyTask id='ct' initiatingParticipantRef='P'/>"


def with_part(name: str, ref: str) -> str:
    """Give a task one of whose sets has this part; `i0` and `o0` are in the set."""
    part, inwards = f"<{name}>{ref}</{name}>", name.endswith("InputRefs")
    sets = SETS.format(IN + part if inwards else "", "" if inwards else OUT + part)
    return around(f'<task id="x">{io("A A" if inwards else "", "" if inwards else "A A", sets)}</task>')


def paired(back: str) -> str:
    """Give a task whose input set refers to its output set, which says this."""
    sets = f'<inputSet id="is">{IN}<outputSetRefs>os</outputSetRefs></inputSet>'
    sets += f'<outputSet id="os">{OUT}{back}</outputSet>'
    return around(f'<task id="x">{io("A", "A", sets)}</task>')
