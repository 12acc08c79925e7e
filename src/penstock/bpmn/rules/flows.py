"""The rules for sequence flows, gateways and activities (BPMN 8.4.13, 10.3, 10.6).

Each rule is a function over the graph that adds to the report; the table at the end is their list.
"""

from __future__ import annotations

from penstock.bpmn.coverage.groups import ACTIVITIES, EVENTS
from penstock.bpmn.findings import Report
from penstock.bpmn.graph import Graph
from penstock.bpmn.raw import RawFlow

MAX_NESTING = 50
"""How many sub-processes may be around an element."""


_CONDITIONAL_SOURCES = frozenset({"exclusiveGateway", "inclusiveGateway", "complexGateway"}) | ACTIVITIES


def _ends_exist(graph: Graph, report: Report) -> None:
    for flow in graph.process.flows:
        for end, identity in (("sourceRef", flow.source), ("targetRef", flow.target)):
            if identity is None:
                report.error(
                    "missing-attribute", flow, f"The flow '{flow.id}' has no {end}.", f"Give it a {end}."
                )
            elif identity not in graph.nodes:
                report.error(
                    "unknown-reference",
                    flow,
                    f"The {end} of the flow '{flow.id}' is '{identity}', which is no event, "
                    "activity or gateway of this process.",
                    "Connect the flow to an element of the same process, or remove it.",
                )
            elif graph.nodes[identity].scope != flow.scope:
                report.error(
                    "flow-crosses-scope",
                    flow,
                    f"The flow '{flow.id}' crosses the border of a sub-process: its {end} '{identity}' "
                    f"is in {_scope_name(graph.nodes[identity].scope)}, "
                    f"the flow itself in {_scope_name(flow.scope)}.",
                    "Connect elements of one level only, or use a boundary event.",
                )


def _scope_name(scope: str | None) -> str:
    return "the process" if scope is None else f"the sub-process '{scope}'"


def _events_allow_their_flows(graph: Graph, report: Report) -> None:
    for node in graph.nodes.values():
        if node.tag in ("startEvent", "boundaryEvent"):
            for flow in graph.incoming[node.id]:
                report.error(
                    "flow-into-start" if node.tag == "startEvent" else "flow-into-boundary",
                    flow,
                    f"The flow '{flow.id}' leads into the {node.tag} '{node.id}', which BPMN does not allow.",
                    "Lead the flow to the element behind it.",
                )
        if node.tag == "endEvent":
            for flow in graph.outgoing[node.id]:
                report.error(
                    "flow-out-of-end",
                    flow,
                    f"The flow '{flow.id}' leaves the end event '{node.id}', which BPMN does not allow.",
                    "Use an intermediate event, or remove the flow.",
                )


def _lists_match_flows(graph: Graph, report: Report) -> None:
    # Flows are taken from their own ends. The lists in the nodes repeat them, and when the two differ,
    # the file was edited by hand and may not mean what it draws.
    listed = any(node.incoming or node.outgoing for node in graph.nodes.values())
    for node in graph.nodes.values() if listed else ():
        pairs = (
            ("incoming", node.incoming, graph.incoming[node.id]),
            ("outgoing", node.outgoing, graph.outgoing[node.id]),
        )
        for direction, names, flows in pairs:
            real = {flow.id for flow in flows if flow.named}
            for name in sorted(real.symmetric_difference(names)):
                known = "does not list" if name in real else "lists, against the flow itself,"
                report.warning(
                    "flow-list-differs",
                    node,
                    f"The {node.tag} '{node.id}' {known} the flow '{name}' as {direction}; "
                    "the ends of the flows count.",
                    "Save the model again with a BPMN modeler, or correct the list.",
                )


def _conditions_have_a_gateway(graph: Graph, report: Report) -> None:
    for flow in graph.process.flows:
        source = graph.nodes.get(flow.source or "")
        if not flow.conditional or source is None or source.tag in _CONDITIONAL_SOURCES:
            continue
        if source.tag in EVENTS:
            report.warning(
                "condition-behind-event",
                flow,
                f"The flow '{flow.id}' leaves the {source.tag} '{source.id}' and has a condition, "
                "which BPMN does not allow; it is taken where the condition is true.",
                "Put a gateway between the two, so that the choice is drawn.",
            )
            continue
        report.error(
            "condition-not-allowed",
            flow,
            f"The flow '{flow.id}' leaves the {source.tag} '{source.id}' and has a condition, "
            "which BPMN does not allow.",
            "Remove the condition, or put an exclusive gateway between the two.",
        )


def _defaults_are_their_own(graph: Graph, report: Report) -> None:
    for node in graph.nodes.values():
        if node.default is None:
            continue
        if node.tag in EVENTS or node.tag in ("parallelGateway", "eventBasedGateway"):
            report.error(
                "default-not-allowed",
                node,
                f"The {node.tag} '{node.id}' has a default flow, which BPMN does not allow.",
                "Remove the attribute default.",
            )
        default = _flow_named(graph.outgoing[node.id], node.default)
        if default is None:
            report.error(
                "unknown-reference",
                node,
                f"The default flow '{node.default}' of '{node.id}' is not one of its outgoing flows.",
                "Name one of its outgoing flows, or remove the attribute default.",
            )
        elif default.conditional:
            report.warning(
                "condition-on-default",
                default,
                f"The default flow '{default.id}' has a condition, which is never asked.",
                "Remove the condition, or choose another default flow.",
            )


def _flow_named(flows: list[RawFlow], identity: str) -> RawFlow | None:
    return next((flow for flow in flows if flow.id == identity), None)


def _others_can_choose(graph: Graph, report: Report) -> None:
    for node in graph.nodes.values():
        if node.tag not in ACTIVITIES | {"inclusiveGateway", "complexGateway"} or node.default is not None:
            continue
        flows = graph.outgoing[node.id]
        if flows and all(flow.conditional for flow in flows):
            report.warning(
                "no-default-flow",
                node,
                f"Every flow out of the {node.tag} '{node.id}' has a condition and none is the default flow: "
                "when no condition is true, the instance stops with an incident.",
                "Make one of its flows the default flow.",
            )


def _complex_gateways_say_when(graph: Graph, report: Report) -> None:
    for node in graph.nodes.values():
        if node.tag == "complexGateway" and len(graph.incoming[node.id]) > 1 and node.activation is None:
            report.error(
                "missing-activation-condition",
                node,
                f"The complex gateway '{node.id}' joins and has no activationCondition.",
                "Say when it lets tokens through, such as activationCount >= 2.",
            )


def _exclusive_gateways_can_choose(graph: Graph, report: Report) -> None:
    for node in graph.nodes.values():
        flows = graph.outgoing[node.id]
        if node.tag != "exclusiveGateway" or not flows:
            continue
        unconditional = [flow for flow in flows if not flow.conditional and flow.id != node.default]
        if len(flows) > 1:
            for flow in unconditional:
                report.error(
                    "missing-condition",
                    flow,
                    f"The flow '{flow.id}' is one of several out of the exclusive gateway '{node.id}', "
                    "and has no condition and is not the default flow.",
                    "Give it a condition, or make it the default flow.",
                )
        if node.default is None and not unconditional:
            report.warning(
                "no-default-flow",
                node,
                f"The exclusive gateway '{node.id}' has no default flow: "
                "when no condition is true, the instance stops with an incident.",
                "Make one of its flows the default flow.",
            )


def _gateways_are_of_use(graph: Graph, report: Report) -> None:
    for node in graph.nodes.values():
        if not node.tag.endswith("Gateway"):
            continue
        ways_in, ways_out = len(graph.incoming[node.id]), len(graph.outgoing[node.id])
        if ways_in <= 1 and ways_out <= 1:
            report.warning(
                "idle-gateway",
                node,
                f"The {node.tag} '{node.id}' neither splits nor joins; "
                "BPMN asks for several flows in or out.",
                "Remove the gateway, or add the missing flow.",
            )
        drawn = _direction(ways_in, ways_out)
        if node.direction not in (None, "Unspecified", drawn) and drawn != "Unspecified":
            report.warning(
                "gateway-direction",
                node,
                f"The {node.tag} '{node.id}' says gatewayDirection=\"{node.direction}\", "
                f"but it is {drawn} by its flows.",
                "Correct the attribute, or the flows.",
            )


def _direction(ways_in: int, ways_out: int) -> str:
    if ways_in > 1:
        return "Mixed" if ways_out > 1 else "Converging"
    return "Diverging" if ways_out > 1 else "Unspecified"


def _nesting_is_bounded(graph: Graph, report: Report) -> None:
    for node in graph.nodes.values():
        if node.depth == MAX_NESTING + 1:
            report.error(
                "nested-too-deep",
                node,
                f"'{node.id}' is in more than {MAX_NESTING} sub-processes.",
                "Flatten the process.",
            )


FLOW_RULES = (
    _ends_exist,
    _events_allow_their_flows,
    _lists_match_flows,
    _conditions_have_a_gateway,
    _defaults_are_their_own,
    _exclusive_gateways_can_choose,
    _others_can_choose,
    _complex_gateways_say_when,
    _gateways_are_of_use,
    _nesting_is_bounded,
)
