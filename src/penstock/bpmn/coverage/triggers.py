"""The rows of BPMN's coverage for events: which event with which trigger, and what Penstock does with it.

A pair that BPMN itself does not allow (10.5) has no row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from penstock.bpmn.coverage.types import SEVERAL, TRANSCRIPT, Treatment, TriggerRow

_RUN_TEST = "tests/bpmn/test_coverage.py::test_a_trigger_that_runs_is_compiled[{}]"


_PARALLEL = {
    "startEvent": ("start-event-parallel", "one is enough, or each must come"),
    "intermediateCatchEvent": ("multiple-event-parallel", "one is enough, or each must come"),
    "boundaryEvent": (
        "boundary-event-parallel",
        "one is enough, or each must come; cancel and compensation stand alone",
    ),
}
"""What is said of a catching event with several triggers, and the transcript in which each must come."""

_THROWN_TOGETHER = "messages, signals, escalations and compensation; error, cancel and terminate stand alone"


_ALSO = {
    ("startEvent", "messageEventDefinition"): (
        "event-sub-process-message",
        "event-sub-process-message-interrupting",
    ),
    ("startEvent", "timerEventDefinition"): (
        "event-sub-process-timer",
        "event-sub-process-timer-interrupting",
    ),
    ("startEvent", "signalEventDefinition"): (
        "event-sub-process-signal",
        "event-sub-process-signal-non-interrupting",
    ),
    ("startEvent", "conditionalEventDefinition"): (
        "event-sub-process-condition",
        "event-sub-process-condition-interrupting",
    ),
    ("startEvent", "escalationEventDefinition"): ("escalation-event-sub-process-interrupting",),
    ("startEvent", SEVERAL): (
        "event-sub-process-multiple",
        "event-sub-process-multiple-non-interrupting",
        "event-sub-process-parallel",
        "event-sub-process-parallel-non-interrupting",
    ),
    ("intermediateThrowEvent", SEVERAL): ("multiple-event-throw-escalation",),
    ("endEvent", SEVERAL): ("end-event-multiple-escalation",),
    ("boundaryEvent", "messageEventDefinition"): ("boundary-event-message-non-interrupting",),
    ("boundaryEvent", "timerEventDefinition"): (
        "boundary-event-timer-non-interrupting",
        "boundary-event-timer-cycle",
    ),
    ("boundaryEvent", "signalEventDefinition"): ("boundary-event-signal-non-interrupting",),
    ("boundaryEvent", "conditionalEventDefinition"): ("boundary-event-condition-non-interrupting",),
    ("boundaryEvent", SEVERAL): (
        "boundary-event-multiple-non-interrupting",
        "boundary-event-parallel-non-interrupting",
    ),
}
"""The further transcripts: of event sub-processes, and of events that do not interrupt."""


def _triggers(event: str, runs: Mapping[str | None, str]) -> Iterator[TriggerRow]:
    for trigger, transcript in runs.items():
        transcripts, note = [transcript], ""
        if trigger == SEVERAL and event in _PARALLEL:
            parallel, note = _PARALLEL[event]
            transcripts.append(parallel)
        elif trigger == SEVERAL:
            note = _THROWN_TOGETHER
        transcripts += _ALSO.get((event, trigger or ""), ())
        shown_by = (_RUN_TEST.format(f"{event}-{trigger}"), *map(TRANSCRIPT.format, transcripts))
        yield TriggerRow(event, trigger, Treatment.RUNS, note, shown_by=shown_by)


_TRIGGER_ROWS = [
    *_triggers(
        "startEvent",
        {
            None: "start-event",
            "messageEventDefinition": "start-event-message",
            "timerEventDefinition": "start-event-timer",
            "signalEventDefinition": "start-event-signal",
            "conditionalEventDefinition": "start-event-condition",
            "errorEventDefinition": "event-sub-process-error",
            "escalationEventDefinition": "escalation-event-sub-process",
            "compensateEventDefinition": "compensation-event-sub-process",
            SEVERAL: "start-event-multiple",
        },
    ),
    *_triggers(
        "intermediateCatchEvent",
        {
            "timerEventDefinition": "intermediate-catch-event",
            "messageEventDefinition": "intermediate-catch-event-message",
            "conditionalEventDefinition": "intermediate-catch-event-condition",
            "linkEventDefinition": "link-event",
            "signalEventDefinition": "intermediate-catch-event-signal",
            SEVERAL: "multiple-event",
        },
    ),
    *_triggers(
        "intermediateThrowEvent",
        {
            None: "intermediate-throw-event",
            "messageEventDefinition": "intermediate-throw-event-message",
            "linkEventDefinition": "link-event",
            "signalEventDefinition": "intermediate-throw-event-signal",
            "escalationEventDefinition": "escalation",
            "compensateEventDefinition": "compensation",
            SEVERAL: "multiple-event-throw",
        },
    ),
    *_triggers(
        "boundaryEvent",
        {
            "timerEventDefinition": "boundary-event-timer",
            "errorEventDefinition": "boundary-event-error",
            "messageEventDefinition": "boundary-event-message",
            "conditionalEventDefinition": "boundary-event-condition",
            "signalEventDefinition": "boundary-event-signal",
            "escalationEventDefinition": "escalation",
            "cancelEventDefinition": "transaction-cancel",
            "compensateEventDefinition": "compensation",
            SEVERAL: "multiple-event-boundary",
        },
    ),
    *_triggers(
        "endEvent",
        {
            None: "end-event",
            "errorEventDefinition": "end-event-error",
            "terminateEventDefinition": "end-event-terminate",
            "messageEventDefinition": "end-event-message",
            "signalEventDefinition": "end-event-signal",
            "escalationEventDefinition": "escalation",
            "cancelEventDefinition": "transaction-cancel",
            "compensateEventDefinition": "compensation-loop",
            SEVERAL: "end-event-multiple",
        },
    ),
]

TRIGGERS: dict[tuple[str, str | None], TriggerRow] = {(row.event, row.trigger): row for row in _TRIGGER_ROWS}
"""What Penstock does with each event and trigger; what BPMN does not allow has no row."""
