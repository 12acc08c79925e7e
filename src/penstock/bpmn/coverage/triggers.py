"""The rows of BPMN's coverage for events: which event with which trigger, and what Penstock does with it.

A pair that BPMN itself does not allow (10.5) has no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from penstock.bpmn.coverage.types import SEVERAL, TRANSCRIPT, Treatment, TriggerRow

_RUN_TEST = "tests/bpmn/test_coverage.py::test_a_trigger_that_runs_is_compiled[{}]"
_REFUSAL_TEST = "tests/bpmn/test_coverage.py::test_a_refused_trigger_is_an_error[{}]"
_YET = "Penstock does not run it yet"

_NO_START = "Start the process over the API, and use a start event without a trigger."
_DROP = "Draw an event without it, or let a service task do the work."


def _triggers(
    event: str, runs: Mapping[str | None, str], refused: Iterable[str], remedy: str
) -> Iterator[TriggerRow]:
    for trigger, transcript in runs.items():
        shown_by = (_RUN_TEST.format(f"{event}-{trigger}"), TRANSCRIPT.format(transcript))
        yield TriggerRow(event, trigger, Treatment.RUNS, shown_by=shown_by)
    for trigger in (*refused, *(() if SEVERAL in runs else (SEVERAL,))):
        test = _REFUSAL_TEST.format(f"{event}-{trigger}")
        yield TriggerRow(event, trigger, Treatment.REFUSED, _YET, remedy, (test,))


_TRIGGER_ROWS = [
    *_triggers(
        "startEvent",
        {
            None: "start-event",
            "timerEventDefinition": "event-sub-process-timer",
            "errorEventDefinition": "event-sub-process-error",
            "escalationEventDefinition": "escalation-event-sub-process",
            "compensateEventDefinition": "compensation-event-sub-process",
            SEVERAL: "event-sub-process-multiple",
        },
        ("messageEventDefinition", "conditionalEventDefinition", "signalEventDefinition"),
        _NO_START,
    ),
    *_triggers(
        "intermediateCatchEvent",
        {"timerEventDefinition": "intermediate-catch-event"},
        (
            "messageEventDefinition",
            "conditionalEventDefinition",
            "linkEventDefinition",
            "signalEventDefinition",
        ),
        "Use a timer, or a user task that an application completes over the API.",
    ),
    *_triggers(
        "intermediateThrowEvent",
        {
            None: "intermediate-throw-event",
            "escalationEventDefinition": "escalation",
            "compensateEventDefinition": "compensation",
        },
        ("messageEventDefinition", "linkEventDefinition", "signalEventDefinition"),
        _DROP,
    ),
    *_triggers(
        "boundaryEvent",
        {
            "timerEventDefinition": "boundary-event-timer",
            "errorEventDefinition": "boundary-event-error",
            "escalationEventDefinition": "escalation",
            "cancelEventDefinition": "transaction-cancel",
            "compensateEventDefinition": "compensation",
            SEVERAL: "boundary-event-multiple",
        },
        ("messageEventDefinition", "conditionalEventDefinition", "signalEventDefinition"),
        "Use a timer or an error, or remove it.",
    ),
    *_triggers(
        "endEvent",
        {
            None: "end-event",
            "errorEventDefinition": "end-event-error",
            "terminateEventDefinition": "end-event-terminate",
            "escalationEventDefinition": "escalation",
            "cancelEventDefinition": "transaction-cancel",
            "compensateEventDefinition": "compensation-loop",
        },
        ("messageEventDefinition", "signalEventDefinition"),
        _DROP,
    ),
]

TRIGGERS: dict[tuple[str, str | None], TriggerRow] = {(row.event, row.trigger): row for row in _TRIGGER_ROWS}
"""What Penstock does with each event and trigger; what BPMN does not allow has no row."""
