"""Inclusive gateway (BPMN 13.4.3): it takes the flows whose conditions are true, and joins what may come.

A join waits for each token that can still come over an incoming flow on which none has come yet, unless that
token can also come over one on which one has. Which flows a token may come to is a table of the definition,
so that a look costs the elements that are alive in the scope; it is taken only when nothing else goes on.
"""

from __future__ import annotations

from collections.abc import Mapping, Set

from penstock.kernel.definition import Element, Kind
from penstock.kernel.joins import join, let_in
from penstock.kernel.lifecycle import enter
from penstock.kernel.phases import Phase, Planned
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step


def arrive(step: Step, scope: Scope, node: Element, flow: str) -> None:
    """Let the token wait; the join is looked at when nothing else goes on."""
    if len(node.incoming) < 2:
        enter(step, scope, node, flow)
        return
    join(step, scope, node, flow, failed=False)


def let_go(step: Step) -> bool:
    """Plan that every join which waits for nothing more goes on, in the scopes that the command touched.

    Returns:
        Whether there was one.
    """
    joins = step.definition.inclusive_joins
    touched = _touched(step)
    step.touched = frozenset()
    for key in sorted(touched):
        scope = step.instance.scope(key)
        if scope is None or scope.joins.keys().isdisjoint(joins):
            continue
        alive = {element.element for element in scope.elements.values() if not element.gone}
        for node in [node for node in scope.joins if node in joins]:
            oldest = next(filter(_open, map(scope.elements.__getitem__, scope.joins[node])), None)
            if oldest is not None and _complete(joins[node], alive - {node}, set(oldest.arrived or ())):
                _plan(step, scope, oldest)
    return bool(step.agenda)


def _plan(step: Step, scope: Scope, join: ElementInstance) -> None:
    """Let the join go on; a complex gateway whose condition has not been true waits all the same."""
    node = step.element(join.element)
    if node.kind is Kind.INCLUSIVE_GATEWAY and node.listeners is not None:
        let_in(step, scope, join)
    elif node.kind is Kind.INCLUSIVE_GATEWAY:
        step.plan(Phase.COMPLETE, scope.key, join.key)
    elif join.activated:
        step.plan(Phase.NEXT, scope.key, join.key)


def _touched(step: Step) -> frozenset[int]:
    """Give the scopes in which something happened since the last look."""
    new = (getattr(event, "scope", None) for event in step.events[step.looked :])
    step.touched |= {key for key in new if key is not None}
    step.looked = len(step.events)
    return step.touched


def left_to_look_at(step: Step) -> list[Planned]:
    """Give what a command that stops half-way leaves to be looked at when the rest is done."""
    if not step.definition.inclusive_joins:
        return []
    return [(Phase.LOOK, key, 0, "") for key in sorted(_touched(step))]


def take_up(step: Step, agenda: list[Planned]) -> list[Planned]:
    """Give what an earlier command left, but for what is to be looked at, which is kept for the end."""
    if not step.definition.inclusive_joins:
        return agenda
    step.touched |= {key for phase, key, _, _ in agenda if phase is Phase.LOOK}
    return [planned for planned in agenda if planned[0] is not Phase.LOOK]


def _open(join: ElementInstance) -> bool:
    return join.incident is None


def _complete(reached: Mapping[str, frozenset[str]], alive: Set[str], arrived: Set[str]) -> bool:
    """Tell whether no token can come that the join has to wait for."""
    return all(
        flows <= arrived or not flows.isdisjoint(arrived)
        for flows in (reached.get(element, frozenset()) for element in alive)
    )
