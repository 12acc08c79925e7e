"""The static rules for what a file says about data, services and partners."""

from __future__ import annotations

from tests.bpmn.models import around
from tests.bpmn.static_rules import (
    BOUND,
    CAUGHT,
    IN,
    LOOP,
    MANY,
    OF_A,
    OUT,
    PLAIN,
    RUNG,
    SERVICE,
    SETS,
    SIGNAL,
    SUB,
    A,
    B,
    beside,
    both,
    calling,
    ending,
    files,
    io,
    looping,
    moved,
    multiplicity,
    paired,
    sending,
    served,
    service,
    state,
    with_part,
    within,
)

REFERS = '<{0} id="c2"><choreographyRef>c1</choreographyRef></{0}>'

DATA_RULES = {
    "EXT.020": both(
        "collection-differs",
        f'<dataObject id="d" itemSubjectRef="M" isCollection="false"/>{PLAIN}',
        f'<dataObject id="d" itemSubjectRef="M" isCollection="true"/>{PLAIN}',
        MANY,
    ),
    "EXT.027": files(
        "collaboration-part",
        beside(f'<choreography id="c1"/>{REFERS.format("choreography")}'),
        beside('<choreography id="c1"/>'),
    ),
    "EXT.029": files(
        "participant-multiplicity", multiplicity('minimum="-1"'), multiplicity('minimum="1" maximum="3"')
    ),
    "EXT.030": files(
        "participant-multiplicity", multiplicity('minimum="2" maximum="1"'), multiplicity('maximum="3"')
    ),
    "EXT.032": files(
        "collaboration-part",
        beside('<globalConversation id="c1"><conversation id="c2"/></globalConversation>'),
        beside('<globalConversation id="c1"/>'),
    ),
    "EXT.033": files(
        "collaboration-closed",
        beside(f'<choreography id="c1" isClosed="true"/>{REFERS.format("collaboration")}'),
        beside(f'<choreography id="c1"/>{REFERS.format("collaboration")}'),
    ),
    "EXT.042": both("operation-data", service(""), service(io("A", "B")), SERVICE),
    "EXT.043": both(
        "operation-data",
        service(io("A", "B", SETS.format(IN, OUT) + "<outputSet/>")),
        service(io("A", "B")),
        SERVICE,
    ),
    "EXT.044": both("message-data", service(io("B", "B")), service(io("A", "B")), SERVICE),
    "EXT.045": both("message-data", service(io("A", "A")), service(io("A", "B")), SERVICE),
    "EXT.046": both(
        "message-data",
        sending("sendTask", io("A", "", f"<inputSet>{IN}</inputSet><inputSet/><outputSet/>")),
        sending("sendTask", io("A")),
        OF_A,
    ),
    "EXT.047": both("message-data", sending("sendTask", io("A A")), sending("sendTask", io("A")), OF_A),
    "EXT.048": both("message-data", sending("sendTask", io("B")), sending("sendTask", io("A")), OF_A),
    "EXT.050": both(
        "message-data",
        sending("receiveTask", io("", "A", f"<inputSet/><outputSet>{OUT}</outputSet><outputSet/>")),
        sending("receiveTask", io("", "A")),
        OF_A,
    ),
    "EXT.051": both(
        "message-data", sending("receiveTask", io("", "A A")), sending("receiveTask", io("", "A")), OF_A
    ),
    "EXT.052": both(
        "message-data", sending("receiveTask", io("", "B")), sending("receiveTask", io("", "A")), OF_A
    ),
    "EXT.063": files("call-data", calling(io("A"), io("B")), calling(io("A"), io("A"))),
    "EXT.064": files("io-binding", served(""), served(BOUND)),
    "EXT.065": files("io-binding", served(BOUND.replace('"i0"', '"none"')), served(BOUND)),
    "EXT.067": both(
        "multi-instance-size", looping(""), looping("<loopCardinality>2</loopCardinality>"), A + MANY
    ),
    "EXT.068": both(
        "loop-data",
        looping(LOOP.format("items", "o0", "A", "A")),
        looping(LOOP.format("i0", "o0", "A", "A")),
        A + MANY,
    ),
    "EXT.069": both(
        "loop-data",
        looping(LOOP.format("i0", "o0", "A", "B")),
        looping(LOOP.format("i0", "o0", "A", "A")),
        A + B + MANY,
    ),
    "EXT.070": both(
        "loop-data",
        looping(LOOP.format("i0", "o0", "B", "A")),
        looping(LOOP.format("i0", "o0", "A", "A")),
        A + B + MANY,
    ),
    "EXT.076": both("data-object-name", state("Order"), state("Order [open]")),
    "EXT.079": both("misplaced-element", within("subProcess", io("A") + SUB), within("subProcess", SUB), A),
    "EXT.084": both(
        "data-in-no-set",
        around(f'<task id="x">{io("A", "", "<inputSet/><outputSet/>")}</task>'),
        around(f'<task id="x">{io("A")}</task>'),
        A,
    ),
    "EXT.085": both(
        "data-set-part", with_part("optionalInputRefs", "i1"), with_part("optionalInputRefs", "i0"), A
    ),
    "EXT.086": both(
        "data-set-part",
        with_part("whileExecutingInputRefs", "i1"),
        with_part("whileExecutingInputRefs", "i0"),
        A,
    ),
    "EXT.088": both(
        "data-in-no-set",
        around(f'<task id="x">{io("", "A", "<inputSet/><outputSet/>")}</task>'),
        around(f'<task id="x">{io("", "A")}</task>'),
        A,
    ),
    "EXT.089": both(
        "data-set-part", with_part("optionalOutputRefs", "o1"), with_part("optionalOutputRefs", "o0"), A
    ),
    "EXT.090": both(
        "data-set-part",
        with_part("whileExecutingOutputRefs", "o1"),
        with_part("whileExecutingOutputRefs", "o0"),
        A,
    ),
    "EXT.091": both(
        "data-association-types",
        moved("<sourceRef>d2</sourceRef>"),
        moved("<sourceRef>d</sourceRef>"),
        A + B,
    ),
    "EXT.092": both(
        "data-association-sources",
        moved("<sourceRef>d</sourceRef><sourceRef>d</sourceRef>"),
        moved("<sourceRef>d</sourceRef>"),
        A + B,
    ),
    "EXT.093": both(
        "event-data",
        ending(f'<dataInput id="i0" itemSubjectRef="A"/><inputSet>{IN}</inputSet>{CAUGHT}{RUNG}'),
        ending(f'<dataInput id="i0" itemSubjectRef="A"/><inputSet>{IN}</inputSet>{CAUGHT}'),
        OF_A + SIGNAL,
    ),
    "EXT.094": both(
        "event-data",
        ending(f'<dataInput id="i0" itemSubjectRef="B"/><inputSet>{IN}</inputSet>{CAUGHT}'),
        ending(f'<dataInput id="i0" itemSubjectRef="A"/><inputSet>{IN}</inputSet>{CAUGHT}'),
        OF_A,
    ),
}

FURTHER_DATA_RULES = {
    "sets that do not refer to each other": both(
        "data-set-pair", paired(""), paired("<inputSetRefs>is</inputSetRefs>"), A
    ),
}
