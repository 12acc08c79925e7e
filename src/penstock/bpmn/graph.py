"""The graph of one process: its nodes and flows, found by their ends.

Built once from the raw model, also when that is broken: a flow that names nothing is simply in no index.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from penstock.bpmn.correlation import Correlation
from penstock.bpmn.raw import RawFile, RawFlow, RawMessage, RawNode, RawProcess, Source


@dataclass(frozen=True, slots=True)
class Graph:
    """A process and the indexes over it."""

    process: RawProcess
    error_codes: Mapping[str, str | None]
    """The code of each `error` of the file by its id."""
    messages: Mapping[str, RawMessage]
    signals: Mapping[str, Source | None]
    nodes: dict[str, RawNode]
    outgoing: dict[str, list[RawFlow]]
    """The flows by their source, in the order of the file; every node has an entry."""
    incoming: dict[str, list[RawFlow]]
    """The flows by their target, in the order of the file; every node has an entry."""
    boundary: dict[str, list[RawNode]]
    """The boundary events by their activity, in the order of the file; every node has an entry."""
    members: dict[str | None, list[RawNode]]
    """The nodes by their scope, in the order of the file; None is the process itself."""
    escalation_codes: Mapping[str, str | None] = field(default_factory=dict)
    """The code of each `escalation` of the file by its id."""
    local_signals: frozenset[str] = frozenset()
    """The ids of the signals that stay in their instance."""
    correlation: Correlation = field(default_factory=Correlation)
    undoing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By compensation boundary event, the activities that associations connect it with."""


def graph_of(process: RawProcess, file: RawFile, correlation: Correlation) -> Graph:
    """Build the graph of a process of a file."""
    nodes: dict[str, RawNode] = {}
    members: dict[str | None, list[RawNode]] = {None: []}
    for node in process.nodes:
        nodes.setdefault(node.id, node)
        members.setdefault(node.scope, []).append(node)
    outgoing: dict[str, list[RawFlow]] = {identity: [] for identity in nodes}
    incoming: dict[str, list[RawFlow]] = {identity: [] for identity in nodes}
    boundary: dict[str, list[RawNode]] = {identity: [] for identity in nodes}
    for flow in (*process.flows, *_links(process)):
        if flow.source in outgoing:
            outgoing[flow.source].append(flow)
        if flow.target in incoming:
            incoming[flow.target].append(flow)
    for node in process.nodes:
        if node.attached_to in boundary:
            boundary[node.attached_to].append(node)
    return Graph(
        process,
        file.error_codes,
        file.messages,
        file.signals,
        nodes,
        outgoing,
        incoming,
        boundary,
        members,
        file.escalation_codes,
        file.local_signals,
        correlation,
        _undoing(nodes, file.associations),
    )


def link_of(node: RawNode, tag: str) -> str | None:
    """Give the name of the link whose source or target the node is, by its tag; None where it is none."""
    names = (trigger.link for trigger in node.triggers if trigger.tag == "linkEventDefinition")
    return next(names, None) if node.tag == tag else None


def _links(process: RawProcess) -> Iterator[RawFlow]:
    """Give a flow for each link, from its source to its target: a link is a flow not drawn (BPMN 10.5.5)."""
    targets: dict[tuple[str | None, str], RawNode] = {}
    for node in process.nodes:
        if (name := link_of(node, "intermediateCatchEvent")) is not None:
            targets.setdefault((node.scope, name), node)
    for node in process.nodes:
        if (name := link_of(node, "intermediateThrowEvent")) is not None:
            target = targets.get((node.scope, name))
            if target is not None:
                yield RawFlow(
                    f"{node.id}~>{target.id}", node.line, node.id, target.id, node.scope, named=False
                )


def _undoing(
    nodes: Mapping[str, RawNode], associations: Iterable[tuple[str, str]]
) -> dict[str, tuple[str, ...]]:
    """Give the activities that compensation boundary events are connected with, in whichever direction."""
    found: dict[str, tuple[str, ...]] = {}
    for one, other in associations:
        for event, activity in ((one, other), (other, one)):
            node = nodes.get(event)
            if node is not None and is_compensation_boundary(node) and activity in nodes:
                found[event] = (*found.get(event, ()), activity)
    return found


def is_compensation_boundary(node: RawNode) -> bool:
    """Tell whether the node is a boundary event that waits for compensation."""
    triggers = [trigger.tag for trigger in node.triggers]
    return node.tag == "boundaryEvent" and triggers == ["compensateEventDefinition"]


def successors(graph: Graph, node: RawNode) -> list[str]:
    """Give the ids of the nodes that a token may reach next, by a flow or by a boundary event."""
    targets = [flow.target for flow in graph.outgoing[node.id] if flow.target in graph.nodes]
    return [*targets, *(event.id for event in graph.boundary[node.id])]
