"""The rules for events (BPMN 10.5): where they stand, what triggers them, what they refer to."""

from __future__ import annotations

from typing import Final

from penstock.bpmn.coverage import SEVERAL, TRIGGERS, Treatment
from penstock.bpmn.coverage.groups import ACTIVITIES, EVENTS, RUN_SUB_PROCESSES
from penstock.bpmn.findings import Report
from penstock.bpmn.graph import Graph, is_compensation_boundary
from penstock.bpmn.names import Spot
from penstock.bpmn.raw import RawNode, RawTrigger

_EXPECTED = {
    "intermediateCatchEvent": "A catching event waits for something, so it needs an event definition, "
    "such as timerEventDefinition.",
    "boundaryEvent": "A boundary event needs an event definition, such as timerEventDefinition.",
}

_IN_EVENT_SUB_PROCESSES = frozenset(
    {"errorEventDefinition", "escalationEventDefinition", "compensateEventDefinition"}
)
"""The triggers of a start event that stand in an event sub-process only."""


def _ad_hoc_orderings_are_known(graph: Graph, report: Report) -> None:
    for node in graph.nodes.values():
        if node.ordering not in (None, "Parallel", "Sequential"):
            report.error(
                "invalid-ordering",
                node,
                f"The ad-hoc sub-process '{node.id}' says ordering={node.ordering!r}, "
                "which BPMN does not know.",
                "Write Parallel or Sequential.",
            )


def _starts_are_there(graph: Graph, report: Report) -> None:
    for scope, members in _scopes(graph):
        starts = [node for node in members if node.tag == "startEvent"]
        if scope is None and not starts and not any(node.instantiate for node in members):
            report.error(
                "no-start-event",
                graph.process,
                f"The process '{graph.process.id}' has no start event, so no instance of it could begin.",
                "Draw a start event.",
            )
        if scope is not None and len(starts) != 1:
            report.error(
                "sub-process-start",
                scope,
                f"The sub-process '{scope.id}' has {len(starts)} start events; it needs exactly one.",
                "Draw one start event without a trigger inside it.",
            )


def _starts_lead_somewhere(graph: Graph, report: Report) -> None:
    for node in graph.nodes.values():
        if node.tag == "startEvent" and not graph.outgoing[node.id]:
            report.warning(
                "start-without-flow",
                node,
                f"No flow leaves the start event '{node.id}', so nothing is done.",
                "Draw a flow to what is to be done.",
            )


def _ad_hoc_holds_activities(graph: Graph, report: Report) -> None:
    for node in graph.nodes.values():
        if node.tag == "adHocSubProcess" and not any(
            inner.tag in ACTIVITIES for inner in graph.members.get(node.id, ())
        ):
            report.warning(
                "ad-hoc-without-activity",
                node,
                f"The ad-hoc sub-process '{node.id}' holds no activity, so nothing can be begun in it.",
                "Draw an activity inside it.",
            )


def _ad_hoc_is_without_start_and_end(graph: Graph, report: Report) -> None:
    for node in graph.nodes.values():
        scope = graph.nodes.get(node.scope or "")
        if scope is None or scope.tag != "adHocSubProcess" or node.tag not in ("startEvent", "endEvent"):
            continue
        report.error(
            "event-in-ad-hoc",
            node,
            f"The {node.tag} '{node.id}' is in the ad-hoc sub-process '{scope.id}', "
            "which BPMN does not allow (10.3.5).",
            "Remove it: what no flow leads to may be begun, and what no flow leaves ends.",
        )


def _scopes(graph: Graph) -> list[tuple[RawNode | None, list[RawNode]]]:
    inner = [
        node for node in graph.nodes.values() if node.tag in RUN_SUB_PROCESSES and not node.event_sub_process
    ]
    return [(None, graph.members[None]), *((node, graph.members.get(node.id, [])) for node in inner)]


def _triggers_are_run(graph: Graph, report: Report) -> None:
    for node in graph.nodes.values():
        if node.tag not in EVENTS or (node.tag, SEVERAL) not in TRIGGERS:
            continue
        if len(node.triggers) > 1:
            for one in node.triggers:
                _judge(node, one.tag, one.line, graph, report)
            _judge_several(node, report)
        else:
            trigger = node.triggers[0] if node.triggers else None
            _judge(
                node, trigger.tag if trigger else None, trigger.line if trigger else node.line, graph, report
            )


def _judge(node: RawNode, trigger: str | None, line: int | None, graph: Graph, report: Report) -> None:
    at = Spot(node.id, line)
    row = TRIGGERS.get((node.tag, trigger))
    in_sub_process = node.tag == "startEvent" and node.scope is not None
    if row is None and trigger is None:
        report.error(
            "missing-trigger", at, f"The {node.tag} '{node.id}' has no event definition.", _EXPECTED[node.tag]
        )
    elif row is None:
        report.error(
            "trigger-not-allowed",
            at,
            f"BPMN does not allow {trigger} on the {node.tag} '{node.id}'.",
            "Use another kind of event, or another event definition.",
        )
    elif in_sub_process and trigger is not None and not graph.nodes[node.scope or ""].event_sub_process:
        report.error(
            "trigger-not-allowed",
            at,
            f"The start event '{node.id}' of a sub-process has {trigger}; it may have no trigger.",
            "Remove the event definition.",
        )
    elif node.tag == "startEvent" and not in_sub_process and trigger in _IN_EVENT_SUB_PROCESSES:
        report.error(
            "trigger-not-allowed",
            at,
            f"The start event '{node.id}' of the process has {trigger}, "
            "which starts an event sub-process only.",
            "Put it into an event sub-process, or use a start event without a trigger.",
        )
    elif row.treatment is Treatment.REFUSED:
        report.error(
            "unsupported-trigger", at, f"The {node.tag} '{node.id}' has {trigger}: {row.note}.", row.remedy
        )


_CAUGHT_TOGETHER = frozenset(
    {
        "messageEventDefinition",
        "signalEventDefinition",
        "timerEventDefinition",
        "conditionalEventDefinition",
    }
)
_AROUND_TOGETHER = _CAUGHT_TOGETHER | {"errorEventDefinition", "escalationEventDefinition"}
"""On a boundary, and where an event sub-process starts."""

MAX_TOGETHER: Final = 60
"""Triggers that an event may need together: a start of an instance has a bit for each."""

_THROWN_TOGETHER = frozenset(
    {
        "messageEventDefinition",
        "signalEventDefinition",
        "escalationEventDefinition",
        "compensateEventDefinition",
    }
)
_TOGETHER = {
    "boundaryEvent": _AROUND_TOGETHER,
    "intermediateThrowEvent": _THROWN_TOGETHER,
    "endEvent": _THROWN_TOGETHER,
}


def _judge_several(node: RawNode, report: Report) -> None:
    """Report what does not run in one event together with other triggers."""
    allowed = _TOGETHER.get(node.tag, _CAUGHT_TOGETHER)
    if node.tag == "startEvent" and node.scope is not None:
        allowed = _AROUND_TOGETHER
    for trigger in node.triggers:
        if trigger.tag not in allowed:
            report.error(
                "unsupported-trigger",
                Spot(node.id, trigger.line),
                f"The {node.tag} '{node.id}' has {trigger.tag} beside other event definitions, "
                "which Penstock does not run.",
                "Draw an event for each of them.",
            )
    if node.settings.job_type is not None and any(it.tag != "messageEventDefinition" for it in node.triggers):
        report.error(
            "unsupported-trigger",
            node,
            f"The {node.tag} '{node.id}' has several triggers and a job type: a worker only sends messages.",
            "Remove zeebe:taskDefinition, or draw an event for each trigger.",
        )
    if sum(trigger.tag == "compensateEventDefinition" for trigger in node.triggers) > 1:
        report.error(
            "unsupported-trigger",
            node,
            f"The {node.tag} '{node.id}' throws compensation more than once.",
            "Draw an event for each, or leave out activityRef to compensate all.",
        )
    if node.parallel and len(node.triggers) > MAX_TOGETHER:
        report.error(
            "too-many-triggers",
            node,
            f"The {node.tag} '{node.id}' is parallel multiple and has {len(node.triggers)} triggers.",
            f"Leave at most {MAX_TOGETHER} of them.",
        )
    if node.parallel and any(it.tag not in _CAUGHT_TOGETHER for it in node.triggers):
        report.error(
            "unsupported-trigger",
            node,
            f"The {node.tag} '{node.id}' is parallel multiple and has a trigger that ends its activity at "
            "once, so that the others could not come any more.",
            "Draw an event of its own for the error or escalation, or remove parallelMultiple.",
        )


def _boundaries_are_attached(graph: Graph, report: Report) -> None:
    for node in graph.nodes.values():
        if node.tag != "boundaryEvent":
            continue
        host = graph.nodes.get(node.attached_to or "")
        if host is None or host.tag not in ACTIVITIES or host.scope != node.scope:
            report.error(
                "boundary-not-attached",
                node,
                f"The boundary event '{node.id}' is attached to '{node.attached_to or ''}', "
                "which is no activity on its level.",
                "Set attachedToRef to the id of a task or sub-process on the same level.",
            )
        if not graph.outgoing[node.id] and not is_compensation_boundary(node):
            report.warning(
                "boundary-without-flow",
                node,
                f"The boundary event '{node.id}' leads nowhere; the token ends when it fires.",
                "Draw a flow out of it.",
            )


def _timers_say_when(graph: Graph, report: Report) -> None:
    for node, trigger in _each_trigger(graph, "timerEventDefinition"):
        at = Spot(node.id, trigger.line)
        if trigger.kinds != 1:
            report.error(
                "timer-kind",
                at,
                f"The timer of '{node.id}' has {trigger.kinds} of timeDate, timeDuration and timeCycle; "
                "it needs one.",
                "Give it either a timeDate, a timeDuration or a timeCycle.",
            )
        if trigger.cycle is not None and not _repeats(node):
            report.warning(
                "cycle-fires-once",
                at,
                f"The timer of '{node.id}' has a cycle, but the event happens only once: at its first time.",
                "Give it a timeDuration, or set cancelActivity to false on a boundary event.",
            )


def _repeats(node: RawNode) -> bool:
    if node.parallel and (node.tag != "startEvent" or node.scope is not None):
        return False
    return node.tag == "startEvent" or (node.tag == "boundaryEvent" and not node.interrupting)


def _errors_have_a_code(graph: Graph, report: Report) -> None:
    for node, trigger in _each_trigger(graph, "errorEventDefinition"):
        at = Spot(node.id, trigger.line)
        if trigger.error_ref is None:
            if node.tag == "endEvent":
                report.error(
                    "missing-error-code",
                    at,
                    f"The error end event '{node.id}' does not say which error it throws.",
                    "Set errorRef to the id of an error that has an errorCode.",
                )
        elif trigger.error_ref not in graph.error_codes:
            report.error(
                "unknown-reference",
                at,
                f"The errorRef '{trigger.error_ref}' of '{node.id}' names no error of this file.",
                "Add an error with this id beside the process, or name another one.",
            )
        elif not _is_plain_code(graph.error_codes[trigger.error_ref]):
            report.error(
                "missing-error-code",
                at,
                f"The error '{trigger.error_ref}' of '{node.id}' has no fixed errorCode.",
                "Give the error an errorCode, as plain text.",
            )


def _is_plain_code(code: str | None) -> bool:
    return code is not None and not code.startswith(("=", "${", "#{"))


def _errors_are_caught_once(graph: Graph, report: Report) -> None:
    for host, events in graph.boundary.items():
        seen: dict[str | None, str] = {}
        for event in events:
            for trigger in event.triggers:
                if trigger.tag != "errorEventDefinition":
                    continue
                if not event.interrupting:
                    report.error(
                        "error-not-interrupting",
                        event,
                        f"The error boundary event '{event.id}' says cancelActivity=\"false\"; "
                        "an error always ends the activity.",
                        "Remove cancelActivity.",
                    )
                if trigger.error_ref is not None and trigger.error_ref not in graph.error_codes:
                    continue
                code = graph.error_codes.get(trigger.error_ref) if trigger.error_ref else None
                if code in seen:
                    caught = "every error" if code is None else f"the error '{code}'"
                    report.error(
                        "duplicate-error-boundary",
                        event,
                        f"'{event.id}' and '{seen[code]}' on '{host}' both catch {caught}.",
                        "Remove one of the two, or give it another error.",
                    )
                seen.setdefault(code, event.id)


def _ends_are_drawn(graph: Graph, report: Report) -> None:
    for scope, members in _scopes(graph):
        ends = [node for node in members if node.tag == "endEvent"]
        if any(node.tag == "startEvent" for node in members) and not ends:
            report.warning(
                "no-end-event",
                scope or graph.process,
                f"'{scope.id if scope else graph.process.id}' has no end event; it ends where its flows end.",
                "Draw an end event behind the last activity.",
            )


def _each_trigger(graph: Graph, tag: str) -> list[tuple[RawNode, RawTrigger]]:
    return [
        (node, trigger) for node in graph.nodes.values() for trigger in node.triggers if trigger.tag == tag
    ]


EVENT_RULES = (
    _starts_are_there,
    _starts_lead_somewhere,
    _ad_hoc_holds_activities,
    _ad_hoc_is_without_start_and_end,
    _ad_hoc_orderings_are_known,
    _triggers_are_run,
    _boundaries_are_attached,
    _timers_say_when,
    _errors_have_a_code,
    _errors_are_caught_once,
    _ends_are_drawn,
)
