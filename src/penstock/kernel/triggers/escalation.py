"""Escalations (BPMN 10.5.5, 13.5.3): they go to the nearest event around that catches them, if any does.

Unlike an error, an escalation that nothing catches has no effect, and where an event that does not interrupt
catches it, both go on.
"""

from __future__ import annotations

from penstock.kernel import events as e
from penstock.kernel.definition import EscalationTrigger
from penstock.kernel.lifecycle import interrupt
from penstock.kernel.phases import Phase
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers.catching import find_catcher


def throw(step: Step, scope: Scope, element: ElementInstance, trigger: EscalationTrigger) -> None:
    """Throw the escalation, and complete the event unless it was interrupted by that."""
    code = trigger.code or ""
    catcher = find_catcher(step, scope, element, EscalationTrigger, code)
    step.emit(e.EscalationThrown(scope.key, element.key, element.element, code, catcher is not None))
    if catcher is None or not catcher.event.interrupting:
        step.plan(Phase.COMPLETE, scope.key, element.key)
    if catcher is not None:
        owner = interrupt(step, catcher.scope, catcher.host, catcher.event)
        step.emit(e.EscalationCaught(catcher.scope.key, owner, code))
