"""The rules for parallel joins that can never have all their tokens (BPMN 13.4.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Final

from penstock.bpmn.findings import Report
from penstock.bpmn.graph import Graph, successors
from penstock.bpmn.raw import RawFlow, RawNode

_CHOICES: Final = frozenset({"exclusiveGateway", "eventBasedGateway"})
MOST_STEPS: Final = 1_000_000
"""Elements looked at for the joins of one scope; a larger one is not judged."""


def _joins_can_be_satisfied(graph: Graph, report: Report) -> None:
    """Warn of joins of which two flows lie behind different ways of one choice.

    Only what is certain is said: the choice has one token, and no other way leads to either of the flows.
    """
    before = _before(graph)
    for members in graph.members.values():
        joins = [it for it in members if it.tag == "parallelGateway" and len(graph.incoming[it.id]) > 1]
        choices = [it for it in members if it.tag in _CHOICES and len(graph.outgoing[it.id]) > 1]
        if len(joins) * (len(choices) + 1) * len(members) > MOST_STEPS:
            continue
        for join in joins:
            _check_choices(graph, before, join, choices, report)


def _before(graph: Graph) -> dict[str, list[str]]:
    """Give what may lead to each element in one step."""
    found: dict[str, list[str]] = defaultdict(list)
    for node in graph.nodes.values():
        for target in successors(graph, node):
            found[target].append(node.id)
    return found


def _check_choices(
    graph: Graph, before: dict[str, list[str]], join: RawNode, choices: Iterable[RawNode], report: Report
) -> None:
    for choice in choices:
        found = next(_kept_apart(graph, before, join, choice), None)
        if found is not None and _has_one_token(graph, before, choice):
            one, other = found
            report.warning(
                "join-never-satisfied",
                join,
                f"The parallel gateway '{join.id}' waits for a token over '{one.id}' and for one over "
                f"'{other.id}', and '{choice.id}' sends a token to only one of them: it waits for ever.",
                "Join with an exclusive gateway, or split with a parallel or an inclusive one.",
            )
            return


def _kept_apart(
    graph: Graph, before: dict[str, list[str]], join: RawNode, choice: RawNode
) -> Iterator[tuple[RawFlow, RawFlow]]:
    """Give the pairs of the join's flows that are behind different ways of the choice, and nowhere else."""
    behind = []
    for flow in graph.incoming[join.id]:
        if flow.source not in graph.nodes:
            return
        back = _back(before, flow.source, choice.id) if flow.source != choice.id else set()
        if any(not before[id] for id in back):
            continue  # a start leads there as well
        ways = {way.id for way in graph.outgoing[choice.id] if way is flow or way.target in back}
        if ways:
            behind.append((flow, ways))
    for (one, some), (other, others) in combinations(behind, 2):
        if some.isdisjoint(others):
            yield one, other


def _back(before: dict[str, list[str]], id: str, without: str = "") -> set[str]:
    """Give the element and all that may lead to it, by ways that do not pass through `without`."""
    reached, agenda = {id}, [id]
    while agenda:
        for source in before[agenda.pop()]:
            if source not in reached and source != without:
                reached.add(source)
                agenda.append(source)
    return reached


def _has_one_token(graph: Graph, before: dict[str, list[str]], choice: RawNode) -> bool:
    """Tell whether no second token can come to the choice: no split is before it, and no loop."""
    sources = {id for source in before[choice.id] for id in _back(before, source)}
    nodes = [graph.nodes[id] for id in sources]
    splits = any(
        it.tag == "boundaryEvent" or (len(graph.outgoing[it.id]) > 1 and it.tag not in _CHOICES)
        for it in nodes
    )
    return not splits and choice.id not in sources and sum(not before[it.id] for it in nodes) < 2


JOIN_RULES = (_joins_can_be_satisfied,)
