"""Beginning an activity of an ad-hoc sub-process, as somebody asks for it (BPMN 13.3.5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from penstock.kernel import commands as c, events as e
from penstock.kernel.definition import Element, ProcessDefinition
from penstock.kernel.elements.ad_hoc_sub_process import may_begin
from penstock.kernel.failures import Rejected
from penstock.kernel.lifecycle import enter
from penstock.kernel.state import ROOT, ElementInstance, ProcessInstance, Scope
from penstock.kernel.step import Step


def start_ad_hoc(step: Step, command: c.StartAdHoc) -> None:
    """Begin the activity.

    Raises:
        Rejected: it is no such activity, its sub-process is not open, or no further activity may be begun.
    """
    node = step.definition.elements.get(command.element)
    if node is None:
        raise Rejected("not_found", f"process '{step.definition.id}' has no element '{command.element}'")
    around = None if node.scope is None else step.element(node.scope)
    if around is None or around.ad_hoc is None or not may_begin(step, around, node.id):
        message = f"'{node.id}' is no activity of an ad-hoc sub-process that may be begun"
        raise Rejected("invalid", f"{message}: those can to which no flow leads")
    opened = _open(step, [around])
    found = next((it for it in opened if command.owner is None or it.key == command.owner), None)
    if found is None:
        raise Rejected("conflict", f"the ad-hoc sub-process '{around.id}' is not open")
    if found.ending or found.listening is not None:
        raise Rejected("conflict", f"the ad-hoc sub-process '{around.id}' is ending")
    scope = step.scope(found.key)
    if around.ad_hoc.sequential and _is_busy(scope):
        raise Rejected("conflict", f"only one activity of '{around.id}' may be active, and one is")
    owner = enter(step, scope, node)
    if command.variables:
        step.emit(e.VariablesSet(scope.key, owner, command.variables))


@dataclass(frozen=True, slots=True)
class Offer:
    """An open ad-hoc sub-process, with the activities that may be begun in it now."""

    element: str
    owner: int
    """The key of its element instance."""
    activities: list[str]


def offers(definition: ProcessDefinition, instance: ProcessInstance) -> list[Offer]:
    """Give the open ad-hoc sub-processes in which something may be begun, the outer ones first."""
    nodes = [it for it in definition.elements.values() if it.ad_hoc is not None]
    step = Step(definition, instance, 0)
    found: list[Offer] = []
    for element in _open(step, nodes) if nodes else ():
        node = step.element(element.element)
        sequential = node.ad_hoc is not None and node.ad_hoc.sequential
        if (
            element.ending
            or element.listening is not None
            or (sequential and _is_busy(step.scope(element.key)))
        ):
            continue
        activities = [id for id in definition.elements if may_begin(step, node, id)]
        found.append(Offer(node.id, element.key, activities))
    return found


def _is_busy(scope: Scope) -> bool:
    return bool(scope.elements) or scope.tokens > 0


def _open(step: Step, nodes: list[Element]) -> Iterator[ElementInstance]:
    """Give the open instances of sub-processes; only what may hold one is looked into."""
    wanted = {it.id for it in nodes}
    names = set(wanted)
    for node in nodes:
        while node.scope is not None and node.scope not in names:
            node = step.element(node.scope)
            names.add(node.id)
    scopes: list[Scope] = [step.scope(ROOT)]
    for scope in scopes:
        for element in scope.elements.values():
            if element.element in names and element.opened:
                if element.element in wanted and element.loop is None and not element.part:
                    yield element
                scopes.append(step.scope(element.key))
