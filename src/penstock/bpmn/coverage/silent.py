"""The rows of BPMN's coverage for what does nothing: named by an info finding, or passed over.

Passed over is only what could not do anything in any engine. What has a meaning that Penstock does not
carry out is named, so that nobody waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable

from penstock.bpmn.coverage.groups import (
    ACTIVITIES,
    EVENTS,
    FLOW_NODES,
    GLOBAL_TASKS,
    ROLES,
    SCOPES,
)
from penstock.bpmn.coverage.types import Row, Treatment

_INFO_TEST = "tests/bpmn/test_coverage.py::test_what_is_not_run_is_named[{}]"
_IGNORED_TEST = "tests/bpmn/test_coverage.py::test_what_has_no_effect_is_passed_over[{}]"


def _ignored(parents: Iterable[str], note: str, **elements: str) -> list[Row]:
    within = frozenset(parents)
    return [
        Row(name, Treatment.IGNORED, within, what, note, shown_by=(_IGNORED_TEST.format(name),))
        for name, what in elements.items()
    ]


def _not_run(parents: Iterable[str], note: str, remedy: str, **elements: str) -> list[Row]:
    within = frozenset(parents)
    return [
        Row(name, Treatment.NOT_RUN, within, what, note, remedy, (_INFO_TEST.format(name),))
        for name, what in elements.items()
    ]


_SETS = "an activity takes all data as it is, waits for none and gives all; who relies on sets is told"
_DATA_NOTE = "data lives in variables, moved by data associations and by input and output mappings"
_DATA_REMEDY = "Use input and output mappings (zeebe:ioMapping)."
_ROOT = ("definitions",)
_CALLABLE = (*GLOBAL_TASKS, "process")

_NOT_RUN_ROWS = [
    *_not_run(_CALLABLE, _DATA_NOTE, _DATA_REMEDY, ioBinding="an input/output binding"),
    *_not_run(
        (*ACTIVITIES, *_CALLABLE),
        "it is the general form of a performer and a potential owner, and assigns nobody",
        "Use a humanPerformer or a potentialOwner on a user task.",
        resourceRole="a resource role",
    ),
    *_not_run(
        ("userTask", "globalUserTask"),
        "forms are named by zeebe:formDefinition",
        "Use zeebe:formDefinition.",
        rendering="a rendering",
    ),
    *_not_run((), "Penstock keeps its own history and metrics", "Remove it.", auditing="an auditing"),
    *_not_run((), "Penstock keeps its own history and metrics", "Remove it.", monitoring="a monitoring"),
    *_not_run(
        ("process",),
        "a process is not checked against others",
        "Remove it.",
        supports="a conformance to another process",
    ),
    *_not_run(
        _CALLABLE,
        "a process is not checked against others",
        "Remove it.",
        supportedInterfaceRef="a supported interface",
    ),
    *_not_run(
        _ROOT,
        "choreographies and conversations describe, they are not executed",
        "Draw what is to run in a process.",
        globalChoreographyTask="a global choreography task",
    ),
    *_not_run(
        _ROOT,
        "choreographies and conversations describe, they are not executed",
        "Draw what is to run in a process.",
        choreography="a choreography",
        globalConversation="a global conversation",
    ),
]

_NOT_RUN_PARTS = [
    *_not_run(
        ROLES,
        "it asks a directory of people, and Penstock keeps none",
        "Name the people or groups, or compute them in a FEEL expression (resourceAssignmentExpression).",
        resourceParameterBinding="a resource parameter",
    ),
]

_ANYWHERE: tuple[str, ...] = ()
_IGNORED_ROWS = [
    *_ignored(
        _ANYWHERE,
        "for people",
        documentation="a documentation",
        categoryValueRef="a reference to a category",
    ),
    *_ignored(_ANYWHERE, "vendors' words, read one by one", extensionElements="the extensions"),
    *_ignored(FLOW_NODES, "the ends of the flows count", incoming="an incoming", outgoing="an outgoing"),
    *_ignored(SCOPES, "lanes only group", laneSet="a lane set"),
    *_ignored(("laneSet", "childLaneSet"), "lanes only group", lane="a lane"),
    *_ignored(
        ("lane",),
        "lanes only group",
        flowNodeRef="a reference to a flow node",
        childLaneSet="a lane set in a lane",
        partitionElement="a partition element",
    ),
    *_ignored(
        (*SCOPES, "collaboration", "choreography", "globalConversation"),
        "artifacts only explain",
        association="an association",
        group="a group",
        textAnnotation="a text annotation",
    ),
    *_ignored(("textAnnotation",), "artifacts only explain", text="a text"),
    *_ignored(
        SCOPES,
        "it is the variable of its name, which needs no declaration",
        dataObject="a data object",
        dataObjectReference="a reference to a data object",
        dataStoreReference="a reference to a data store",
    ),
    *_ignored(
        ("inputSet",),
        _SETS,
        dataInputRefs="a reference to data inputs",
        optionalInputRefs="a reference to optional inputs",
        whileExecutingInputRefs="a reference to inputs while executing",
        outputSetRefs="a reference to output sets",
    ),
    *_ignored(
        ("outputSet",),
        _SETS,
        dataOutputRefs="a reference to data outputs",
        optionalOutputRefs="a reference to optional outputs",
        whileExecutingOutputRefs="a reference to outputs while executing",
        inputSetRefs="a reference to input sets",
    ),
    *_ignored((*EVENTS, "ioSpecification"), _SETS, inputSet="an input set", outputSet="an output set"),
    *_ignored(_ANYWHERE, "variables have no declared states", dataState="a data state"),
    *_ignored(
        _ROOT,
        "only what refers to it has an effect",
        category="a category",
        dataStore="a data store",
        endPoint="an end point",
        interface="an interface",
        itemDefinition="an item definition",
        partnerEntity="a partner entity",
        partnerRole="a partner role",
        relationship="a relationship",
        resource="a resource",
    ),
    *_ignored(_ROOT, "it shows how processes meet", collaboration="a collaboration"),
    *_ignored(
        _ROOT,
        "what is called is found by its id among all that is deployed, and types are not checked",
        **{"import": "an import"},
    ),
]

_COLLABORATION_ROWS = [
    *_ignored(
        ("collaboration", "choreography", "globalConversation", "subChoreography", "callChoreography"),
        "it shows how processes meet",
        participant="a participant",
        messageFlow="a message flow",
        conversation="a conversation",
        callConversation="a call conversation",
        subConversation="a sub-conversation",
        conversationLink="a conversation link",
        conversationAssociation="an association of conversations",
        participantAssociation="an association of participants",
        messageFlowAssociation="an association of message flows",
        choreographyRef="a reference to a choreography",
    ),
    *_ignored(
        ("participant",),
        "it shows how processes meet",
        interfaceRef="a reference to an interface",
        endPointRef="a reference to an end point",
        participantMultiplicity="a number of participants",
    ),
    *_ignored(
        ("participantAssociation",),
        "it shows how processes meet",
        innerParticipantRef="an inner participant",
        outerParticipantRef="an outer participant",
    ),
    *_ignored(
        ("choreographyTask", "conversation", "subConversation", "callConversation", "globalChoreographyTask"),
        "it shows how processes meet",
        participantRef="a reference to a participant",
        messageFlowRef="a reference to a message flow",
    ),
]

_ROOT_PART_ROWS = [
    *_ignored(
        ("messageEventDefinition",), "no operation is called", operationRef="a reference to an operation"
    ),
    *_ignored(
        ("linkEventDefinition",),
        "links are found by their name",
        source="a source of a link",
        target="a target of a link",
    ),
    *_ignored(("category",), "for people", categoryValue="a value of a category"),
    *_ignored(("interface",), "no operation is called", operation="an operation"),
    *_ignored(
        ("operation",),
        "no operation is called",
        inMessageRef="a reference to the message sent",
        outMessageRef="a reference to the message received",
        errorRef="a reference to an error of an operation",
    ),
    *_ignored(("resource",), "only what refers to it has an effect", resourceParameter="a parameter"),
]

SILENT_ROWS = (
    *_NOT_RUN_ROWS,
    *_NOT_RUN_PARTS,
    *_IGNORED_ROWS,
    *_COLLABORATION_ROWS,
    *_ROOT_PART_ROWS,
)
