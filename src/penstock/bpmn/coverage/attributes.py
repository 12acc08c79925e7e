"""The rows of BPMN's coverage for attributes: those of the elements that run, and what each of them does."""

from __future__ import annotations

from typing import Final

from penstock.bpmn.coverage.types import TRANSCRIPT, AttributeRow

_TESTS: Final = "tests/bpmn/{}"
_EFFECT: Final = "tests/bpmn/test_attributes.py::test_an_attribute_has_its_effect[{}]"
_NO_EFFECT: Final = "tests/bpmn/test_attributes.py::test_an_attribute_without_an_effect_has_none[{}]"
_TYPE: Final = "has no effect: FEEL's values know their types"
_CALLED: Final = "has no effect: no operation of an interface is called"


def _shown(what: str, **transcripts: str) -> list[AttributeRow]:
    return [
        AttributeRow(name, what, (_EFFECT.format(name), TRANSCRIPT.format(it)))
        for name, it in transcripts.items()
    ]


def _tested(attribute: str, what: str, test: str) -> AttributeRow:
    return AttributeRow(attribute, what, (_EFFECT.format(attribute), _TESTS.format(test)))


def _idle(what: str, *attributes: str) -> list[AttributeRow]:
    return [AttributeRow(name, what, (_NO_EFFECT.format(name),)) for name in attributes]


_ROWS: Final = [
    *_shown("names the element, for references, histories and findings", id="start-event"),
    *_shown("is shown to people", name="user-task"),
    *_shown("is the activity around which a boundary event waits", attachedToRef="boundary-event-timer"),
    *_shown(
        "whether a boundary event ends its activity", cancelActivity="boundary-event-timer-non-interrupting"
    ),
    *_shown("whether a start event ends what is around it", isInterrupting="event-sub-process-timer"),
    *_shown("whether each of several triggers must come", parallelMultiple="boundary-event-parallel"),
    *_shown("what becomes of what is active at the end", cancelRemainingInstances="ad-hoc-sub-process-keep"),
    *_shown("whether activities are active one at a time", ordering="ad-hoc-sub-process-sequential"),
    *_shown("whether a sub-process is started by an event", triggeredByEvent="event-sub-process-message"),
    *_shown("is the process, or global task, that is called", calledElement="call-activity"),
    *_shown("is the flow that is taken where no condition is true", default="exclusive-gateway-default"),
    *_shown("whether the activity undoes another one", isForCompensation="compensation"),
    *_shown("how many tokens an activity needs", startQuantity="quantities"),
    *_shown("how many tokens an activity gives", completionQuantity="quantities"),
    *_shown("is found by its code", errorCode="boundary-event-error-codes", escalationCode="escalation"),
    *_shown("names what is thrown or caught", errorRef="boundary-event-error", escalationRef="escalation"),
    *_shown("names the message", messageRef="intermediate-catch-event-message"),
    *_shown(
        "is part of BPMN's own correlation",
        correlationKeyRef="correlation-key",
        correlationPropertyRef="correlation-key",
    ),
    *_shown("names the signal", signalRef="intermediate-catch-event-signal"),
    *_shown("is the activity that is compensated", activityRef="compensation-activity"),
    *_shown("whether a throwing event waits", waitForCompletion="compensation-without-waiting"),
    *_shown("whether one instance follows the other", isSequential="multi-instance-sequential"),
    *_shown(
        "what it throws as its instances complete",
        behavior="multi-instance-behavior-none",
        noneBehaviorEventRef="multi-instance-behavior-none",
        oneBehaviorEventRef="multi-instance-behavior-one",
    ),
    *_shown("bounds a loop", loopMaximum="loop-maximum"),
    *_shown("whether a loop asks before its first round", testBefore="loop-before"),
    *_shown("whether events begin an instance", instantiate="receive-task-instantiate"),
    *_shown("whether one event is enough or each must come", eventGatewayType="event-based-gateway-parallel"),
    *_shown(
        "are the ends of a flow", sourceRef="implicit-split-and-merge", targetRef="implicit-split-and-merge"
    ),
    _tested(
        "gatewayDirection",
        "is held against the flows",
        "test_rules_flows.py::test_a_gateway_is_what_its_direction_says",
    ),
    _tested(
        "isExecutable",
        "false leaves the process out",
        "test_rules_events.py::test_a_process_that_is_not_executable_is_left_out",
    ),
    _tested(
        "processType",
        "a public process that is executable is a warning",
        "test_rules_events.py::test_a_public_process_that_is_executable_is_a_warning",
    ),
    _tested(
        "isImmediate",
        "false is refused",
        "test_rules_events.py::test_a_flow_that_is_not_immediate_is_refused",
    ),
    _tested(
        "language",
        "is FEEL, or refused",
        "test_rules_flows.py::test_a_condition_in_another_language_is_refused",
    ),
    _tested(
        "scriptFormat", "is FEEL, or refused", "test_zeebe.py::test_a_standard_script_in_feel_is_read_too"
    ),
    *_shown("is FEEL, or refused, as a global task says it", scriptLanguage="global-task"),
    *_idle(_TYPE, "evaluatesToTypeRef", "isCollection", "itemRef", "itemSubjectRef", "structureRef", "type"),
    *_idle(_CALLED, "implementation", "operationRef"),
    *_idle("has no effect: transactions are compensated", "method"),
    *_idle("has no effect on a run", "definitionalCollaborationRef", "isClosed"),
]

ATTRIBUTES: Final[dict[str, AttributeRow]] = {row.attribute: row for row in _ROWS}
"""What Penstock does with each attribute, by its name in BPMN's schema."""
