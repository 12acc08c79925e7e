"""The rules for the ways through a process: what no token reaches, and what no token leaves."""

from __future__ import annotations

from penstock.bpmn.findings import Report
from penstock.bpmn.graph import Graph, successors
from penstock.bpmn.raw import RawNode

_WAITING = frozenset(
    {"userTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask", "callActivity"}
    | {"adHocSubProcess"}
    | {"intermediateCatchEvent", "eventBasedGateway"}
)


def _elements_are_reachable(graph: Graph, report: Report) -> None:
    for members in graph.members.values():
        _check_reachable(graph, members, report)


def _check_reachable(graph: Graph, members: list[RawNode], report: Report) -> None:
    starts = [node.id for node in members if node.tag == "startEvent" or node.instantiate]
    if not starts:
        return
    # Nothing leads to what undoes an activity, but its boundary events lead on.
    reached = _reached_from(graph, [*starts, *(node.id for node in members if node.for_compensation)])
    for node in members:
        if node.id not in reached and not node.event_sub_process and not node.for_compensation:
            report.warning(
                "unreachable",
                node,
                f"No way leads from a start event to the {node.tag} '{node.id}', so it never runs.",
                "Draw a flow to it, or remove it.",
            )


def _reached_from(graph: Graph, starts: list[str]) -> set[str]:
    reached, agenda = set(starts), list(starts)
    while agenda:
        for target in successors(graph, graph.nodes[agenda.pop()]):
            if target not in reached:
                reached.add(target)
                agenda.append(target)
    return reached


def _tokens_end_where_drawn(graph: Graph, report: Report) -> None:
    for members in graph.members.values():
        _check_ends(graph, members, report)


def _check_ends(graph: Graph, members: list[RawNode], report: Report) -> None:
    if not any(node.tag == "endEvent" for node in members):
        return
    for node in members:
        has_end = graph.outgoing[node.id] or node.tag in ("endEvent", "boundaryEvent")
        if not has_end and not node.event_sub_process and not node.for_compensation:
            report.warning(
                "implicit-end",
                node,
                f"No flow leaves the {node.tag} '{node.id}', so the token ends there.",
                "Draw a flow to an end event.",
            )


def _loops_wait(graph: Graph, report: Report) -> None:
    for loop in _loops(graph):
        _report_loop(loop, report)


def _report_loop(loop: list[RawNode], report: Report) -> None:
    names = ", ".join(f"'{node.id}'" for node in loop[:10]) + (", ..." if len(loop) > 10 else "")
    report.warning(
        "loop-without-wait",
        loop[0],
        f"A loop through {names} waits nowhere: it runs at full speed until a condition leads out of it "
        "or the bound on steps stops it.",
        "Make sure that a condition leads out of it, or put a timer or a task into it.",
    )


# -- loops: the strongly connected components among the elements that do not wait ------------------


def _loops(graph: Graph) -> list[list[RawNode]]:
    waiting = _waiting(graph)
    quick = {identity for identity in graph.nodes if identity not in waiting}
    edges = {
        identity: [target for target in successors(graph, graph.nodes[identity]) if target in quick]
        for identity in quick
    }
    # In the order of the file, so that the same file gives the same findings.
    order = {identity: place for place, identity in enumerate(graph.nodes)}
    loops = []
    for component in _components(sorted(quick, key=order.__getitem__), edges):
        if len(component) > 1 or component[0] in edges[component[0]]:
            loops.append([graph.nodes[identity] for identity in sorted(component, key=order.__getitem__)])
    return sorted(loops, key=lambda loop: order[loop[0].id])


def _waiting(graph: Graph) -> set[str]:
    # A sub-process counts as waiting when anything in it does, on whatever way. It comes before its
    # elements in the file, so that one pass from the end is enough.
    waiting: set[str] = set()
    for node in reversed(graph.process.nodes):
        if node.tag in _WAITING:
            waiting.add(node.id)
        if node.id in waiting and node.scope is not None:
            waiting.add(node.scope)
    return waiting


def _components(nodes: list[str], edges: dict[str, list[str]]) -> list[list[str]]:
    """Give the strongly connected components, by Tarjan's algorithm with a stack of its own."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_nodes: list[str] = []
    is_open: set[str] = set()
    components: list[list[str]] = []
    for root in nodes:
        if root in number:
            continue
        work = [(root, iter(edges[root]))]
        number[root] = lowest[root] = len(number)
        open_nodes.append(root)
        is_open.add(root)
        while work:
            node, targets = work[-1]
            target = next(targets, None)
            if target is None:
                work.pop()
                if work:
                    parent = work[-1][0]
                    lowest[parent] = min(lowest[parent], lowest[node])
                if lowest[node] == number[node]:
                    components.append(_close(node, open_nodes, is_open))
            elif target not in number:
                number[target] = lowest[target] = len(number)
                open_nodes.append(target)
                is_open.add(target)
                work.append((target, iter(edges[target])))
            elif target in is_open:
                lowest[node] = min(lowest[node], number[target])
    return components


def _close(node: str, open_nodes: list[str], is_open: set[str]) -> list[str]:
    component = []
    while True:
        member = open_nodes.pop()
        is_open.discard(member)
        component.append(member)
        if member == node:
            return component


def _start_quantities_are_met(graph: Graph, report: Report) -> None:
    for node in graph.nodes.values():
        if node.start_quantity > 1 and not graph.incoming[node.id]:
            report.warning(
                "quantity-without-flow",
                node,
                f"'{node.id}' is to begin with {node.start_quantity} tokens, and no flow leads to it; "
                "it begins without waiting for them.",
                "Draw flows to it, or remove startQuantity.",
            )


WAY_RULES = (_start_quantities_are_met, _elements_are_reachable, _tokens_end_where_drawn, _loops_wait)
