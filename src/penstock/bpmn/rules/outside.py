"""The rules for what comes from outside and goes there: messages, signals, conditions, links (10.5.5)."""

from __future__ import annotations

from collections.abc import Iterator

from penstock.bpmn.findings import Report
from penstock.bpmn.graph import Graph, link_of
from penstock.bpmn.names import Spot
from penstock.bpmn.raw import RawMessage, RawNode, RawTrigger

_BEHIND_GATEWAY = frozenset(
    {
        "messageEventDefinition",
        "signalEventDefinition",
        "timerEventDefinition",
        "conditionalEventDefinition",
    }
)


def _messages_have_a_name(graph: Graph, report: Report) -> None:
    for node, trigger in _each(graph, "messageEventDefinition"):
        # A trigger that was taken from a message flow stands on no line of its own.
        at = Spot(node.id, trigger.line or node.line)
        message = RawMessage(trigger.name, None) if trigger.ref is None else graph.messages.get(trigger.ref)
        if trigger.ref is not None and message is None:
            _unknown(node, at, "message", trigger.ref, report)
        elif trigger.ref is not None and trigger.ref.startswith(":") and node.settings.job_type is None:
            report.warning(
                "message-without-key",
                at,
                f"The {node.tag} '{node.id}' names no message, so it has that of its message flow, "
                "which has no correlation key: of several instances that wait, the first one gets it.",
                'Add a message with <zeebe:subscription correlationKey="=..."/>, and name it by messageRef.',
            )
        elif (message is None or message.name is None) and node.settings.job_type is None:
            report.error(
                "missing-message",
                at,
                f"The {node.tag} '{node.id}' does not say which message it is about.",
                "Set messageRef to the id of a message that has a name.",
            )
    for node in graph.nodes.values():
        if node.triggers or node.settings.job_type is not None:
            continue
        if node.tag == "receiveTask":
            report.info(
                "receives-its-own-name",
                node,
                f"The receiveTask '{node.id}' names no message, so it waits for one named '{node.id}'.",
                "Set messageRef to the id of a message, if another one is meant.",
            )
        elif node.tag == "sendTask":
            report.error(
                "missing-message",
                node,
                f"The {node.tag} '{node.id}' does not say which message it is about.",
                "Set messageRef to the id of a message that has a name.",
            )


def _signals_have_a_name(graph: Graph, report: Report) -> None:
    for node, trigger in _each(graph, "signalEventDefinition"):
        at = Spot(node.id, trigger.line)
        if trigger.ref is not None and trigger.ref not in graph.signals:
            _unknown(node, at, "signal", trigger.ref, report)
        elif (trigger.name if trigger.ref is None else graph.signals[trigger.ref]) is None:
            report.error(
                "missing-signal",
                at,
                f"The {node.tag} '{node.id}' does not say which signal it is about.",
                "Set signalRef to the id of a signal that has a name.",
            )


def _unknown(node: RawNode, at: Spot, kind: str, ref: str, report: Report) -> None:
    report.error(
        "unknown-reference",
        at,
        f"The {kind}Ref '{ref}' of '{node.id}' names no {kind} of this file.",
        f"Add a {kind} with this id beside the process, or name another one.",
    )


def _conditions_are_there(graph: Graph, report: Report) -> None:
    for node, trigger in _each(graph, "conditionalEventDefinition"):
        if trigger.change is not None and node.tag == "startEvent" and node.scope is None:
            report.error(
                "unsupported-trigger",
                Spot(node.id, trigger.line),
                f"The start event '{node.id}' listens to a variable, and there is none before the process.",
                "Put it into an event sub-process, or use a start event without a trigger.",
            )
        elif trigger.condition is None and trigger.change is None:
            report.error(
                "missing-condition",
                Spot(node.id, trigger.line),
                f"The conditional event '{node.id}' has no condition that can be read.",
                "Add a condition in FEEL, such as =stock < 10.",
            )


def _links_have_two_ends(graph: Graph, report: Report) -> None:
    sources = [node for node in graph.nodes.values() if _is_link(node, "intermediateThrowEvent")]
    targets = [node for node in graph.nodes.values() if _is_link(node, "intermediateCatchEvent")]
    for node in (*sources, *targets):
        if link_of(node, node.tag) is None:
            report.error(
                "missing-link-name",
                node,
                f"The link event '{node.id}' has no name of its link.",
                "Give its linkEventDefinition a name; the source and the target have the same.",
            )
    for node in sources:
        _check_source(node, targets, graph, report)
    for node in targets:
        _check_target(node, sources, targets, graph, report)


def _is_link(node: RawNode, tag: str) -> bool:
    return node.tag == tag and any(trigger.tag == "linkEventDefinition" for trigger in node.triggers)


def _same_link(node: RawNode, others: list[RawNode]) -> list[RawNode]:
    name = link_of(node, node.tag)
    return [it for it in others if name is not None and (it.scope, link_of(it, it.tag)) == (node.scope, name)]


def _check_source(node: RawNode, targets: list[RawNode], graph: Graph, report: Report) -> None:
    if not _same_link(node, targets):
        report.error(
            "link-without-target",
            node,
            f"Nothing catches the link '{link_of(node, node.tag)}' of '{node.id}' on its level.",
            "Draw a catching link event with the same link name in the same process or sub-process.",
        )
    if any(flow.named for flow in graph.outgoing[node.id]):
        report.error(
            "link-with-flow",
            node,
            f"A sequence flow leaves '{node.id}', which is the source of a link.",
            "Lead the flow out of the link's target.",
        )


def _check_target(
    node: RawNode, sources: list[RawNode], targets: list[RawNode], graph: Graph, report: Report
) -> None:
    if _same_link(node, targets)[:1] not in ([], [node]):
        report.error(
            "link-with-two-targets",
            node,
            f"'{node.id}' and '{_same_link(node, targets)[0].id}' both catch the same link.",
            "Give one of the two links another name.",
        )
    if not _same_link(node, sources):
        report.warning(
            "link-without-source",
            node,
            f"No link event throws the link that '{node.id}' catches, so it never runs.",
            "Draw a throwing link event with the same link name, or remove it.",
        )
    if any(flow.named for flow in graph.incoming[node.id]):
        report.error(
            "link-with-flow",
            node,
            f"A sequence flow leads into '{node.id}', which is the target of a link.",
            "Lead the flow into the link's source.",
        )


def _event_gateways_wait_for_events(graph: Graph, report: Report) -> None:
    for node in graph.nodes.values():
        if node.tag != "eventBasedGateway":
            continue
        if node.parallel and not node.instantiate:
            report.error(
                "unsupported-event-gateway",
                node,
                f"The event-based gateway '{node.id}' is parallel and does not instantiate, "
                "which BPMN does not allow.",
                "Wait for the events behind a parallel gateway.",
            )
        if len(graph.outgoing[node.id]) == 1:
            report.warning(
                "event-gateway-one-way",
                node,
                f"The event-based gateway '{node.id}' waits for one event only; BPMN asks for two or more.",
                "Remove the gateway, or draw a flow to another event.",
            )
        if not graph.outgoing[node.id]:
            report.error(
                "event-gateway-target",
                node,
                f"Nothing is behind the event-based gateway '{node.id}', so it would wait for ever.",
                "Draw a flow to each of the events that it waits for.",
            )
        targets = [graph.nodes[flow.target] for flow in graph.outgoing[node.id] if flow.target in graph.nodes]
        if any(it.tag == "receiveTask" for it in targets) and any(_catches_message(it) for it in targets):
            report.error(
                "event-gateway-mixed",
                node,
                f"Behind the event-based gateway '{node.id}' are receive tasks and message events.",
                "Use either receive tasks or message events.",
            )
        for flow in graph.outgoing[node.id]:
            target = graph.nodes.get(flow.target or "")
            if target is not None and not _can_be_awaited(target, node, graph):
                report.error(
                    "event-gateway-target",
                    flow,
                    f"The flow '{flow.id}' leads from the event-based gateway '{node.id}' to '{target.id}', "
                    "which it cannot wait for.",
                    "Lead it to a catching event with a message, signal, timer or condition, or to a receive "
                    "task without boundary events, to which no other flow leads.",
                )


def _catches_message(node: RawNode) -> bool:
    return node.tag == "intermediateCatchEvent" and any(
        trigger.tag == "messageEventDefinition" for trigger in node.triggers
    )


def _can_be_awaited(target: RawNode, gateway: RawNode, graph: Graph) -> bool:
    tags = {trigger.tag for trigger in target.triggers}
    if len(graph.incoming[target.id]) > 1:
        return False
    if gateway.instantiate and target.parallel:
        return False
    if gateway.instantiate and not tags <= {"messageEventDefinition", "signalEventDefinition"}:
        return False
    if target.tag == "receiveTask":
        return not graph.boundary[target.id] and not target.instantiate
    return target.tag == "intermediateCatchEvent" and tags <= _BEHIND_GATEWAY


def _what_instantiates_begins(graph: Graph, report: Report) -> None:
    for node in graph.nodes.values():
        if node.instantiate and (node.scope is not None or graph.incoming[node.id]):
            report.error(
                "instantiate-inside",
                node,
                f"The {node.tag} '{node.id}' says instantiate, and is not at the beginning of the process.",
                "Remove instantiate, or draw it at the beginning of the process.",
            )


def _each(graph: Graph, tag: str) -> Iterator[tuple[RawNode, RawTrigger]]:
    return (
        (node, trigger) for node in graph.nodes.values() for trigger in node.triggers if trigger.tag == tag
    )


OUTSIDE_RULES = (
    _messages_have_a_name,
    _signals_have_a_name,
    _conditions_are_there,
    _links_have_two_ends,
    _event_gateways_wait_for_events,
    _what_instantiates_begins,
)
