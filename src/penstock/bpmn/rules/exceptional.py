"""The rules for exceptional flows (BPMN 10.3.5, 10.5.7, 10.7).

They hold what the kernel relies on in event sub-processes, escalations, compensation and cancel.
"""

from __future__ import annotations

from collections.abc import Iterator

from penstock.bpmn.coverage.groups import ACTIVITIES
from penstock.bpmn.findings import Report
from penstock.bpmn.graph import Graph, is_compensation_boundary
from penstock.bpmn.names import Spot
from penstock.bpmn.raw import RawNode, RawTrigger


def _triggers(graph: Graph, tag: str, *events: str) -> Iterator[tuple[RawNode, RawTrigger]]:
    """Give the events of these kinds with this trigger."""
    for node in graph.nodes.values():
        if node.tag in events:
            for trigger in node.triggers:
                if trigger.tag == tag:
                    yield node, trigger


# -- event sub-processes ---------------------------------------------------------------------------


def _event_sub_processes_are_started_by_events(graph: Graph, report: Report) -> None:
    for node in graph.nodes.values():
        if not node.event_sub_process:
            continue
        starts = [inner for inner in graph.members.get(node.id, ()) if inner.tag == "startEvent"]
        if node.tag != "subProcess" or len(starts) != 1 or not starts[0].triggers:
            report.error(
                "event-sub-process-start",
                node,
                f"The event sub-process '{node.id}' needs exactly one start event, with a trigger.",
                "Draw one start event with a trigger inside it, or remove triggeredByEvent.",
            )
        for flow in (*graph.incoming[node.id], *graph.outgoing[node.id]):
            report.error(
                "event-sub-process-flow",
                flow,
                f"The flow '{flow.id}' is connected with the event sub-process '{node.id}'; "
                "no token comes into one or leaves it.",
                "Remove the flow.",
            )
        for event in graph.boundary[node.id]:
            report.error(
                "event-sub-process-boundary",
                event,
                f"The boundary event '{event.id}' is attached to the event sub-process '{node.id}', "
                "which can have none.",
                "Put the activities into an embedded sub-process inside it, and attach the event to that.",
            )


def _event_sub_processes_interrupt_where_they_must(graph: Graph, report: Report) -> None:
    for node, trigger in _triggers(graph, "errorEventDefinition", "startEvent"):
        if not node.interrupting:
            report.error(
                "error-not-interrupting",
                Spot(node.id, trigger.line),
                f"The error start event '{node.id}' says isInterrupting=\"false\"; "
                "an error always ends what is around it.",
                "Remove isInterrupting.",
            )


def _each_code_starts_one(graph: Graph, report: Report) -> None:
    seen: dict[tuple[str | None, str, str | None], str] = {}
    for tag in ("errorEventDefinition", "escalationEventDefinition"):
        for node, trigger in _triggers(graph, tag, "startEvent"):
            holder = graph.nodes.get(node.scope or "")
            if holder is None or not holder.event_sub_process:
                continue
            key = (holder.scope, tag, _code(graph, trigger))
            if key in seen:
                report.error(
                    "duplicate-event-sub-process",
                    Spot(node.id, trigger.line),
                    f"'{node.id}' and '{seen[key]}' start event sub-processes of one scope by the same code.",
                    "Remove one of the two, or give it another code.",
                )
            seen.setdefault(key, node.id)


def _code(graph: Graph, trigger: RawTrigger) -> str | None:
    if trigger.error_ref is not None:
        return graph.error_codes.get(trigger.error_ref)
    return graph.escalation_codes.get(trigger.escalation_ref or "")


# -- escalation ------------------------------------------------------------------------------------


def _escalations_have_a_code(graph: Graph, report: Report) -> None:
    events = ("startEvent", "boundaryEvent", "intermediateThrowEvent", "endEvent")
    for node, trigger in _triggers(graph, "escalationEventDefinition", *events):
        at = Spot(node.id, trigger.line)
        reference = trigger.escalation_ref
        if reference is None:
            if node.tag in ("intermediateThrowEvent", "endEvent"):
                report.error(
                    "missing-escalation-code",
                    at,
                    f"The {node.tag} '{node.id}' does not say which escalation it throws.",
                    "Set escalationRef to the id of an escalation that has an escalationCode.",
                )
        elif reference not in graph.escalation_codes:
            report.error(
                "unknown-reference",
                at,
                f"The escalationRef '{reference}' of '{node.id}' names no escalation of this file.",
                "Add an escalation with this id beside the process, or name another one.",
            )
        elif not _is_plain(graph.escalation_codes[reference]):
            report.error(
                "missing-escalation-code",
                at,
                f"The escalation '{reference}' of '{node.id}' has no fixed escalationCode.",
                "Give the escalation an escalationCode, as plain text.",
            )


def _is_plain(code: str | None) -> bool:
    return bool(code) and not str(code).startswith(("=", "${", "#{"))


def _escalations_are_caught_once(graph: Graph, report: Report) -> None:
    for host, events in graph.boundary.items():
        seen: dict[str | None, str] = {}
        for event in events:
            for trigger in event.triggers:
                if trigger.tag != "escalationEventDefinition":
                    continue
                code = graph.escalation_codes.get(trigger.escalation_ref or "")
                if code in seen:
                    report.error(
                        "duplicate-escalation-boundary",
                        event,
                        f"'{event.id}' and '{seen[code]}' on '{host}' both catch the same escalation.",
                        "Remove one of the two, or give it another escalation.",
                    )
                seen.setdefault(code, event.id)


# -- compensation ----------------------------------------------------------------------------------


def _compensation_boundaries_lead_to_one_activity(graph: Graph, report: Report) -> None:
    hosts: dict[str, str] = {}
    for event in filter(is_compensation_boundary, graph.nodes.values()):
        activities = [graph.nodes[id] for id in graph.undoing.get(event.id, ())]
        fits = [it for it in activities if it.tag in ACTIVITIES and it.scope == event.scope]
        if len(activities) != 1 or len(fits) != 1:
            report.error(
                "compensation-handler",
                event,
                f"The compensation boundary event '{event.id}' is connected with {len(activities)} elements; "
                "it needs one activity beside it that undoes the other.",
                "Draw one association from the event to an activity on the same level.",
            )
        elif not fits[0].for_compensation:
            report.error(
                "compensation-handler",
                fits[0],
                f"'{fits[0].id}' undoes '{event.attached_to}' and is not marked as being for compensation.",
                'Set isForCompensation="true" on it.',
            )
        if not event.interrupting:
            report.warning(
                "compensation-not-interrupting",
                event,
                f"The compensation boundary event '{event.id}' says cancelActivity=\"false\"; "
                "its activity is complete when it happens.",
                "Remove cancelActivity.",
            )
        for flow in graph.outgoing[event.id]:
            report.error(
                "compensation-flow",
                flow,
                f"The flow '{flow.id}' leaves the compensation boundary event '{event.id}', "
                "which leads to its activity by an association only.",
                "Remove the flow, and draw an association.",
            )
        first = hosts.setdefault(event.attached_to or "", event.id)
        if first != event.id:
            report.error(
                "duplicate-compensation-boundary",
                event,
                f"'{first}' and '{event.id}' both compensate '{event.attached_to}'.",
                "Remove one of the two.",
            )


def _compensating_activities_stand_apart(graph: Graph, report: Report) -> None:
    undoing = {id for ids in graph.undoing.values() for id in ids}
    for node in graph.nodes.values():
        if not node.for_compensation:
            continue
        for flow in (*graph.incoming[node.id], *graph.outgoing[node.id]):
            report.error(
                "compensation-flow",
                flow,
                f"The flow '{flow.id}' is connected with '{node.id}', which is for compensation; "
                "no token comes to it or leaves it.",
                "Remove the flow, or isForCompensation.",
            )
        for event in filter(is_compensation_boundary, graph.boundary[node.id]):
            report.error(
                "compensation-boundary",
                event,
                f"The compensation boundary event '{event.id}' is attached to '{node.id}', which is for "
                "compensation; what undoes an activity is not undone itself.",
                "Remove the event, or attach an event with another trigger.",
            )
        if node.id not in undoing:
            report.warning(
                "unused-compensation",
                node,
                f"'{node.id}' is for compensation, and no compensation boundary event leads to it.",
                "Draw an association from a compensation boundary event to it.",
            )


def _compensation_is_within_reach(graph: Graph, report: Report) -> None:
    for node, trigger in _triggers(graph, "compensateEventDefinition", "intermediateThrowEvent", "endEvent"):
        at = Spot(node.id, trigger.line)
        if trigger.activity_ref is None:
            continue
        activity = graph.nodes.get(trigger.activity_ref)
        if activity is None or activity.tag not in ACTIVITIES:
            report.error(
                "unknown-reference",
                at,
                f"The activityRef '{trigger.activity_ref}' of '{node.id}' names no activity of this process.",
                "Name an activity, or remove activityRef to compensate the whole scope.",
            )
        elif activity.scope not in _reach(graph, node):
            report.error(
                "compensation-out-of-reach",
                at,
                f"'{node.id}' cannot compensate '{activity.id}', which is not in the same scope.",
                "Throw the compensation beside the activity, or in an event sub-process beside it.",
            )


def _reach(graph: Graph, node: RawNode) -> set[str | None]:
    """Give the scopes whose activities an event in this place may compensate."""
    found = {node.scope}
    scope = graph.nodes.get(node.scope or "")
    while scope is not None and scope.event_sub_process:
        found.add(scope.scope)
        scope = graph.nodes.get(scope.scope or "")
    return found


# -- transactions ----------------------------------------------------------------------------------


def _transactions_are_cancelled_from_within(graph: Graph, report: Report) -> None:
    for node, trigger in _triggers(graph, "cancelEventDefinition", "endEvent"):
        transaction = _transaction_around(graph, node)
        if transaction is None:
            report.error(
                "cancel-outside-transaction",
                Spot(node.id, trigger.line),
                f"The cancel end event '{node.id}' is in no transaction.",
                "Use it in a transaction, or throw an error.",
            )
        elif not any(_has(event, "cancelEventDefinition") for event in graph.boundary[transaction.id]):
            report.error(
                "cancel-not-caught",
                transaction,
                f"'{node.id}' cancels '{transaction.id}', which has no cancel boundary event.",
                "Attach a cancel boundary event to the transaction.",
            )


def _cancel_boundaries_are_on_transactions(graph: Graph, report: Report) -> None:
    seen: dict[str, str] = {}
    for node, trigger in _triggers(graph, "cancelEventDefinition", "boundaryEvent"):
        at = Spot(node.id, trigger.line)
        host = graph.nodes.get(node.attached_to or "")
        if host is not None and host.tag != "transaction":
            report.error(
                "cancel-outside-transaction",
                at,
                f"The cancel boundary event '{node.id}' is attached to the {host.tag} '{host.id}'.",
                "Attach it to a transaction, or use an error.",
            )
        if not node.interrupting:
            report.error(
                "cancel-not-interrupting",
                at,
                f"The cancel boundary event '{node.id}' says cancelActivity=\"false\"; "
                "a cancel always ends the transaction.",
                "Remove cancelActivity.",
            )
        first = seen.setdefault(node.attached_to or "", node.id)
        if first != node.id:
            report.error(
                "duplicate-cancel-boundary",
                at,
                f"'{first}' and '{node.id}' on '{node.attached_to}' both catch the cancel.",
                "Remove one of the two.",
            )


def _transaction_around(graph: Graph, node: RawNode) -> RawNode | None:
    scope = graph.nodes.get(node.scope or "")
    while scope is not None and scope.tag != "transaction":
        scope = graph.nodes.get(scope.scope or "")
    return scope


def _has(event: RawNode, tag: str) -> bool:
    return any(trigger.tag == tag for trigger in event.triggers)


EXCEPTIONAL_RULES = (
    _event_sub_processes_are_started_by_events,
    _event_sub_processes_interrupt_where_they_must,
    _each_code_starts_one,
    _escalations_have_a_code,
    _escalations_are_caught_once,
    _compensation_boundaries_lead_to_one_activity,
    _compensating_activities_stand_apart,
    _compensation_is_within_reach,
    _transactions_are_cancelled_from_within,
    _cancel_boundaries_are_on_transactions,
)
