"""The raw event definitions of an event, or the message of a task, to the kernel's triggers."""

from __future__ import annotations

from penstock.bpmn import texts
from penstock.bpmn.coverage.groups import THROWERS
from penstock.bpmn.expressions import constant
from penstock.bpmn.findings import Report
from penstock.bpmn.graph import Graph
from penstock.bpmn.iso import parse_duration
from penstock.bpmn.names import Spot
from penstock.bpmn.raw import RawMessage, RawNode, RawTrigger, Source
from penstock.kernel.definition import (
    CancelTrigger,
    ChangeTrigger,
    CompensateTrigger,
    ConditionTrigger,
    CycleTrigger,
    ErrorTrigger,
    EscalationTrigger,
    LinkTrigger,
    MessageTrigger,
    MultipleTrigger,
    SignalTrigger,
    Single,
    TerminateTrigger,
    TimerTrigger,
    Trigger,
)


def trigger(node: RawNode, graph: Graph, report: Report) -> Trigger | None:
    """Compile what triggers the event, or what it throws; None where that is nothing."""
    if node.tag == "receiveTask" and not node.triggers:
        return MessageTrigger(constant(node.id, node.id))
    made = [single(raw, node, graph, report) for raw in node.triggers]
    triggers = tuple(it for it in made if it is not None)
    if len(triggers) > 1:
        return MultipleTrigger(triggers, node.parallel)
    return triggers[0] if triggers else None


def single(raw: RawTrigger, node: RawNode, graph: Graph, report: Report) -> Single | None:
    """Compile one event definition; None where what it refers to is not there."""
    match raw.tag:
        case "timerEventDefinition":
            return _timer(raw, node, report)
        case "errorEventDefinition":
            return ErrorTrigger(graph.error_codes.get(raw.error_ref) if raw.error_ref else None)
        case "terminateEventDefinition":
            return TerminateTrigger(raw.reach)
        case "messageEventDefinition":
            return _message(raw, node, graph, report)
        case "signalEventDefinition":
            source = raw.name if raw.ref is None else graph.signals.get(raw.ref)
            name = texts.feel_or_text(source, node.id, report)
            return None if name is None else SignalTrigger(name, raw.ref in graph.local_signals)
        case "conditionalEventDefinition" if raw.change is not None:
            return ChangeTrigger(raw.change.variable, raw.change.created, raw.change.updated)
        case "conditionalEventDefinition":
            condition = texts.feel_or_text(raw.condition, node.id, report)
            return None if condition is None else ConditionTrigger(condition)
        case "linkEventDefinition":
            return None if raw.link is None else LinkTrigger(raw.link)
        case "escalationEventDefinition":
            return EscalationTrigger(graph.escalation_codes.get(raw.escalation_ref or ""))
        case "compensateEventDefinition":
            return CompensateTrigger(raw.activity_ref, raw.waits)
        case "cancelEventDefinition":
            return CancelTrigger()
    return None


def _timer(raw: RawTrigger, node: RawNode, report: Report) -> Single | None:
    if raw.cycle is not None:
        cycle = texts.cycle(raw.cycle, node.id, report)
        return None if cycle is None else CycleTrigger(cycle)
    schedule = texts.schedule(raw, node.id, report)
    return None if schedule is None else TimerTrigger(schedule)


def _message(raw: RawTrigger, node: RawNode, graph: Graph, report: Report) -> Single | None:
    message = RawMessage(raw.name, None) if raw.ref is None else graph.messages.get(raw.ref)
    if message is None or message.name is None:
        return None
    name = texts.feel_or_text(message.name, node.id, report, "message")
    # A message that starts an instance is not waited for in one, so nothing could compute its key.
    source = None
    if not _starts(node):
        said = node.settings.correlation_key or message.correlation_key
        source = said or _standard_key(raw.ref, node, graph)
    key = texts.feel_or_text(source, node.id, report, "message")
    ttl = _milliseconds(node.settings.time_to_live, node, report)
    return None if name is None else MessageTrigger(name, key, ttl)


def _standard_key(ref: str | None, node: RawNode, graph: Graph) -> Source | None:
    """Give the key that BPMN's own correlation gives the message (8.4.2)."""
    if ref is None:
        return None
    if node.tag in THROWERS or node.tag == "sendTask":
        return graph.correlation.sent(ref)
    refs = {it.ref for other in graph.nodes.values() for it in other.triggers if it.ref is not None}
    return graph.correlation.awaited(ref, graph.process.id, frozenset(refs - {ref}))


def _starts(node: RawNode) -> bool:
    """Tell whether it starts an instance; the start event of an event sub-process waits in a running one."""
    return (node.tag == "startEvent" and node.scope is None) or node.instantiate


def _milliseconds(source: Source | None, node: RawNode, report: Report) -> int | None:
    if source is None:
        return None
    try:
        duration = parse_duration(source.text)
        if not source.feel and not duration.months and duration.milliseconds >= 0:
            return duration.milliseconds
        problem = "it is no fixed duration in days or less"
    except ValueError as error:
        problem = str(error)
    report.error(
        "invalid-time",
        Spot(node.id, source.line),
        f"The time to live of the message of '{node.id}' cannot be used: {problem}.",
        "Write an ISO 8601 duration such as PT1H.",
    )
    return None
