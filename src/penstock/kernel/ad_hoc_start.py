"""Beginning an activity of an ad-hoc sub-process, as somebody asks for it (BPMN 13.3.4)."""

from __future__ import annotations

from collections.abc import Iterator

from penstock.kernel import commands as c, events as e
from penstock.kernel.definition import Element
from penstock.kernel.elements.ad_hoc_sub_process import may_begin
from penstock.kernel.failures import Rejected
from penstock.kernel.lifecycle import enter
from penstock.kernel.state import ROOT, ElementInstance, Scope
from penstock.kernel.step import Step


def start_ad_hoc(step: Step, command: c.StartAdHoc) -> None:
    """Begin the activity.

    Raises:
        Rejected: it is no such activity, its sub-process is not open, or no further activity may be begun.
    """
    node = step.definition.elements.get(command.element)
    around = None if node is None or node.scope is None else step.element(node.scope)
    if node is None or around is None or around.ad_hoc is None or not may_begin(step, around, node.id):
        message = f"'{command.element}' is no activity of an ad-hoc sub-process that may be begun"
        raise Rejected("not_found", message)
    found = next((it for it in _open(step, around) if command.owner is None or it.key == command.owner), None)
    if found is None:
        raise Rejected("conflict", f"the ad-hoc sub-process '{around.id}' is not open")
    if found.ending:
        raise Rejected("conflict", f"the ad-hoc sub-process '{around.id}' is ending")
    scope = step.scope(found.key)
    if around.ad_hoc.sequential and not (not scope.elements and scope.tokens == 0):
        raise Rejected("conflict", f"only one activity of '{around.id}' may be active, and one is")
    owner = enter(step, scope, node)
    if command.variables:
        step.emit(e.VariablesSet(scope.key, owner, command.variables))


def _open(step: Step, node: Element) -> Iterator[ElementInstance]:
    """Give the open instances of a sub-process; only what may hold one is looked into."""
    around = [node]
    while (outer := around[-1].scope) is not None:
        around.append(step.element(outer))
    names = {it.id for it in around}
    scopes: list[Scope] = [step.scope(ROOT)]
    for scope in scopes:
        for element in scope.elements.values():
            if element.element in names and element.opened:
                if element.element == node.id and element.loop is None and not element.part:
                    yield element
                scopes.append(step.scope(element.key))
