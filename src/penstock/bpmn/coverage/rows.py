"""The rows of BPMN's coverage for what runs and what is refused, and the table of all rows.

They are data. To run one more element, move its row to the first list; the reader and the documentation
follow.
"""

from __future__ import annotations

from collections.abc import Iterable

from penstock.bpmn.coverage.groups import ACTIVITIES, EVENTS, GLOBAL_TASKS, ROLES, SCOPES, TASKS, THROWERS
from penstock.bpmn.coverage.silent import SILENT_ROWS
from penstock.bpmn.coverage.types import TRANSCRIPT, Row, Treatment

_RUN_TEST = "tests/bpmn/test_coverage.py::test_what_runs_is_compiled[{}]"
_REFUSAL_TEST = "tests/bpmn/test_coverage.py::test_a_refused_element_is_an_error[{}]"


def _runs(element: str, what: str, parents: Iterable[str], transcript: str, note: str = "") -> Row:
    shown_by = (_RUN_TEST.format(element), TRANSCRIPT.format(transcript))
    return Row(element, Treatment.RUNS, frozenset(parents), what, note, shown_by=shown_by)


def _refused(parents: Iterable[str], note: str, remedy: str, **elements: str) -> list[Row]:
    within = frozenset(parents)
    return [
        Row(name, Treatment.REFUSED, within, what, note, remedy, (_REFUSAL_TEST.format(name),))
        for name, what in elements.items()
    ]


_BY_TRIGGER = "see the triggers below"

_THROWN = (*EVENTS, "event")
"""The events, and that of a multi-instance's behavior."""

_MULTI = ("multiInstanceLoopCharacteristics",)
_LOOP_ROWS = [
    _runs("standardLoopCharacteristics", "a loop", ACTIVITIES, "loop-after"),
    _runs("loopCondition", "a loop condition", ("standardLoopCharacteristics",), "loop-before", "in FEEL"),
    _runs(
        "multiInstanceLoopCharacteristics",
        "a multi-instance activity",
        ACTIVITIES,
        "multi-instance-parallel",
        "over a collection (`zeebe:loopCharacteristics`, or as below) or a number; of each `behavior`",
    ),
    _runs("complexBehaviorDefinition", "a complex behavior", _MULTI, "multi-instance-behavior-complex"),
    _runs(
        "event",
        "an event of a loop",
        ("complexBehaviorDefinition",),
        "multi-instance-behavior-complex",
        "a message, a signal or an escalation",
    ),
    _runs("loopCardinality", "a number of loops", _MULTI, "multi-instance-cardinality", "in FEEL"),
    _runs("loopDataInputRef", "a reference to the items of a loop", _MULTI, "multi-instance-parallel"),
    _runs("loopDataOutputRef", "a reference to the results of a loop", _MULTI, "multi-instance-parallel"),
    _runs("inputDataItem", "an item of a loop", _MULTI, "multi-instance-parallel", "by its name"),
    _runs("outputDataItem", "a result of a loop", _MULTI, "multi-instance-parallel", "by its name"),
    _runs(
        "completionCondition",
        "a completion condition",
        (*_MULTI, "adHocSubProcess"),
        "multi-instance-completion",
        "in FEEL",
    ),
]

_ROOT = ("definitions",)
_CALLED = "for call activities; in its own file they behave as the task does, elsewhere they call it"

_RUN_ROWS = [
    _runs("process", "a process", ("definitions",), "start-event", "`isExecutable` must not be false"),
    _runs("startEvent", "a start event", SCOPES, "start-event", _BY_TRIGGER),
    _runs("endEvent", "an end event", SCOPES, "end-event", _BY_TRIGGER),
    _runs(
        "intermediateCatchEvent",
        "a catching event",
        SCOPES,
        "intermediate-catch-event",
        _BY_TRIGGER,
    ),
    _runs(
        "intermediateThrowEvent",
        "a throwing event",
        SCOPES,
        "intermediate-throw-event",
        _BY_TRIGGER,
    ),
    _runs("boundaryEvent", "a boundary event", SCOPES, "boundary-event-timer", _BY_TRIGGER),
    _runs(
        "task",
        "an undefined task",
        SCOPES,
        "task",
        "lets the token through; every activity may have a `startQuantity` and a `completionQuantity`",
    ),
    _runs("manualTask", "a manual task", SCOPES, "manual-task", "lets the token through"),
    _runs("serviceTask", "a service task", SCOPES, "service-task", "a job for a worker"),
    _runs("scriptTask", "a script task", SCOPES, "script-task", "scripts in FEEL"),
    _runs(
        "businessRuleTask",
        "a business rule task",
        SCOPES,
        "business-rule-task",
        "a decision in DMN (`zeebe:calledDecision`), or a job for a worker",
    ),
    _runs("userTask", "a user task", SCOPES, "user-task"),
    _runs("exclusiveGateway", "an exclusive gateway", SCOPES, "exclusive-gateway"),
    _runs("parallelGateway", "a parallel gateway", SCOPES, "parallel-gateway"),
    _runs(
        "callActivity", "a call activity", SCOPES, "call-activity", "of processes, by `zeebe:calledElement`"
    ),
    _runs("globalBusinessRuleTask", "a global business rule task", _ROOT, "global-task", _CALLED),
    _runs("globalTask", "a global task", _ROOT, "global-task", _CALLED),
    _runs("globalManualTask", "a global manual task", _ROOT, "global-task", _CALLED),
    _runs("globalScriptTask", "a global script task", _ROOT, "global-task", _CALLED),
    _runs("globalUserTask", "a global user task", _ROOT, "global-task", _CALLED),
    _runs("complexGateway", "a complex gateway", SCOPES, "complex-gateway"),
    _runs(
        "activationCondition",
        "an activation condition",
        ("complexGateway",),
        "complex-gateway",
        "in FEEL; it sees `activationCount` and `waitingForStart`",
    ),
    _runs("adHocSubProcess", "an ad-hoc sub-process", SCOPES, "ad-hoc-sub-process"),
    _runs("inclusiveGateway", "an inclusive gateway", SCOPES, "inclusive-gateway"),
    _runs("subProcess", "a sub-process", SCOPES, "sub-process", "embedded or of an event"),
    _runs("transaction", "a transaction", SCOPES, "transaction-cancel", "cancelled by a cancel end event"),
    _runs(
        "sequenceFlow",
        "a sequence flow",
        SCOPES,
        "implicit-split-and-merge",
        "conditions after gateways and activities",
    ),
    _runs("conditionExpression", "a condition", ("sequenceFlow",), "exclusive-gateway", "in FEEL"),
    _runs("script", "a script", ("scriptTask", "globalScriptTask"), "script-task", "in FEEL"),
    *_LOOP_ROWS,
    _runs("timerEventDefinition", "a timer", EVENTS, "intermediate-catch-event", _BY_TRIGGER),
    _runs("timeDate", "a date", ("timerEventDefinition",), "intermediate-catch-event-date"),
    _runs("timeDuration", "a duration", ("timerEventDefinition",), "intermediate-catch-event"),
    _runs("errorEventDefinition", "an error trigger", EVENTS, "boundary-event-error", _BY_TRIGGER),
    _runs(
        "eventDefinitionRef",
        "a shared event definition",
        EVENTS,
        "intermediate-catch-event-signal",
        "of an event definition beside the processes",
    ),
    _runs("terminateEventDefinition", "a terminate trigger", EVENTS, "end-event-terminate"),
    _runs("timeCycle", "a timer cycle", ("timerEventDefinition",), "boundary-event-timer-cycle"),
    _runs("sendTask", "a send task", SCOPES, "send-task", "its message goes to instances here, or a job"),
    _runs("receiveTask", "a receive task", SCOPES, "receive-task", "also one that instantiates"),
    _runs(
        "eventBasedGateway",
        "an event-based gateway",
        SCOPES,
        "event-based-gateway",
        "exclusive; one that instantiates may be parallel",
    ),
    _runs(
        "messageEventDefinition",
        "a message trigger",
        _THROWN,
        "intermediate-catch-event-message",
        _BY_TRIGGER,
    ),
    _runs(
        "signalEventDefinition", "a signal trigger", _THROWN, "intermediate-catch-event-signal", _BY_TRIGGER
    ),
    _runs(
        "conditionalEventDefinition",
        "a conditional trigger",
        EVENTS,
        "intermediate-catch-event-condition",
        _BY_TRIGGER,
    ),
    _runs(
        "linkEventDefinition",
        "a link trigger",
        ("intermediateCatchEvent", "intermediateThrowEvent"),
        "link-event",
        "found by its name",
    ),
    _runs(
        "condition",
        "a condition of an event",
        ("conditionalEventDefinition", "complexBehaviorDefinition"),
        "intermediate-catch-event-condition",
        "in FEEL",
    ),
    _runs("message", "a message", ("definitions",), "intermediate-catch-event-message", "by its `name`"),
    _runs("signal", "a signal", ("definitions",), "intermediate-catch-event-signal", "by its `name`"),
    _runs("escalationEventDefinition", "an escalation trigger", _THROWN, "escalation", _BY_TRIGGER),
    _runs("escalation", "an escalation", ("definitions",), "escalation", "by its `escalationCode`"),
    _runs("compensateEventDefinition", "a compensation trigger", EVENTS, "compensation", _BY_TRIGGER),
    _runs("cancelEventDefinition", "a cancel trigger", EVENTS, "transaction-cancel", _BY_TRIGGER),
    _runs("error", "an error", ("definitions",), "boundary-event-error-codes", "by its `errorCode`"),
]

_ASSIGNED = (*ACTIVITIES, *GLOBAL_TASKS, "process")
_EXPRESSION_OF = ("resourceAssignmentExpression", "resourceParameterBinding")
_ROLE_ROWS = [
    _runs("performer", "a performer", _ASSIGNED, "user-task-assignee", "of a user task: its assignee"),
    _runs(
        "humanPerformer", "a human performer", _ASSIGNED, "user-task-assignee", "of a user task: its assignee"
    ),
    _runs(
        "potentialOwner", "a potential owner", _ASSIGNED, "user-task", "of a user task: who may take it on"
    ),
    _runs("resourceRef", "a reference to a resource", ROLES, "user-task", "the group of the resource's name"),
    _runs(
        "resourceAssignmentExpression",
        "a resource assignment",
        ROLES,
        "user-task",
        "`user(ann), group(sales)`, or FEEL",
    ),
    _runs("formalExpression", "a formal expression", _EXPRESSION_OF, "user-task", "as its text says"),
    _runs("expression", "an expression", _EXPRESSION_OF, "user-task", "as its text says"),
]

_ASSOCIATIONS = ("dataInputAssociation", "dataOutputAssociation")
_DATA_TRANSCRIPT = "data-associations"
_DATA_ROWS = [
    _runs(
        "ioSpecification",
        "an input/output specification",
        (*TASKS, "callActivity", *GLOBAL_TASKS, "process"),
        _DATA_TRANSCRIPT,
        "its data are variables",
    ),
    _runs(
        "dataInput", "a data input", (*EVENTS, "ioSpecification"), _DATA_TRANSCRIPT, "a variable of its own"
    ),
    _runs("dataOutput", "a data output", (*EVENTS, "ioSpecification"), _DATA_TRANSCRIPT, "what it gives"),
    _runs(
        "dataInputAssociation",
        "a data input association",
        (*ACTIVITIES, *THROWERS),
        _DATA_TRANSCRIPT,
        "an input mapping",
    ),
    _runs(
        "dataOutputAssociation",
        "a data output association",
        (*ACTIVITIES, *EVENTS),
        _DATA_TRANSCRIPT,
        "an output mapping",
    ),
    _runs("sourceRef", "a source of data", _ASSOCIATIONS, _DATA_TRANSCRIPT),
    _runs("targetRef", "a target of data", _ASSOCIATIONS, _DATA_TRANSCRIPT),
    _runs("transformation", "a transformation of data", _ASSOCIATIONS, _DATA_TRANSCRIPT, "in FEEL"),
    _runs("assignment", "an assignment of data", _ASSOCIATIONS, _DATA_TRANSCRIPT),
    _runs("from", "a source of an assignment", ("assignment",), _DATA_TRANSCRIPT, "in FEEL"),
    _runs("to", "a target of an assignment", ("assignment",), _DATA_TRANSCRIPT, "a variable or a path"),
    _runs(
        "property",
        "a property",
        (*ACTIVITIES, *EVENTS, "process"),
        _DATA_TRANSCRIPT,
        "of a sub-process: a variable in its scope",
    ),
]

_CONVERSATIONS = ("collaboration", "choreography", "conversation", "globalConversation", "subConversation")
_RETRIEVAL = "correlationPropertyRetrievalExpression"
_CORRELATION = "correlation-key"
_CORRELATION_ROWS = [
    _runs("correlationProperty", "a correlation property", _ROOT, _CORRELATION),
    _runs(
        _RETRIEVAL,
        "a way to find a correlation property",
        ("correlationProperty",),
        _CORRELATION,
        "of a message",
    ),
    _runs("messagePath", "a path in a message", (_RETRIEVAL,), _CORRELATION, "in FEEL"),
    _runs(
        "correlationKey",
        "a correlation key",
        (*_CONVERSATIONS, "callChoreography", "callConversation", "choreographyTask", "subChoreography"),
        _CORRELATION,
        "several properties make one key, as the text of their list",
    ),
    _runs(
        "correlationPropertyRef", "a reference to a correlation property", ("correlationKey",), _CORRELATION
    ),
    _runs("correlationSubscription", "a correlation subscription", ("process",), _CORRELATION),
    _runs(
        "correlationPropertyBinding",
        "a binding of a correlation property",
        ("correlationSubscription",),
        _CORRELATION,
    ),
    _runs("dataPath", "a path in data", ("correlationPropertyBinding",), _CORRELATION, "in FEEL"),
]

_REFUSED_ROWS = [
    *_refused(
        SCOPES,
        "BPMN uses it for notification inside multi-instance activities only",
        "Use an intermediate throw event.",
        implicitThrowEvent="an implicit throw event",
    ),
    *_refused(
        SCOPES,
        "BPMN allows it in a choreography only",
        "Draw a task, or move it into a choreography.",
        choreographyTask="a choreography task",
        subChoreography="a sub-choreography",
        callChoreography="a call choreography",
    ),
    *_refused(
        ("definitions",),
        "BPMN 2.0 asks that an engine understands such an extension or refuses the file",
        "Remove it, or set mustUnderstand to false.",
        extension="an extension that must be understood",
    ),
]

COVERAGE: dict[str, Row] = {
    row.element: row
    for row in (*_RUN_ROWS, *_ROLE_ROWS, *_CORRELATION_ROWS, *_DATA_ROWS, *_REFUSED_ROWS, *SILENT_ROWS)
}
"""What Penstock does with each element of BPMN 2.0, by its name in the schema."""
