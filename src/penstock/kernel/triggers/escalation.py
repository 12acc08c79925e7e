"""Escalations (BPMN 10.5.5, 13.5.3): they go to the nearest event around that catches them, if any does.

Unlike an error, an escalation that nothing catches has no effect, and where an event that does not interrupt
catches it, both go on. What nothing in a called instance catches goes to the instance that called it.
"""

from __future__ import annotations

from penstock.kernel import events as e
from penstock.kernel.commands import ThrowCallEscalation
from penstock.kernel.definition import EscalationTrigger
from penstock.kernel.effects import TellCaller
from penstock.kernel.lifecycle import cancel_instance, interrupt
from penstock.kernel.phases import Phase
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers.catching import codes_around, find_catcher


def throw(step: Step, scope: Scope, element: ElementInstance, trigger: EscalationTrigger) -> None:
    """Throw the escalation, and complete the event unless it is interrupted by that."""
    step.plan(Phase.COMPLETE, scope.key, element.key)
    escalate(step, scope, element, trigger.code or "")


def escalate(step: Step, scope: Scope, element: ElementInstance, code: str) -> None:
    """Let the escalation go to what catches it, in the instance or around its call."""
    catcher = find_catcher(step, scope, element, EscalationTrigger, code)
    if catcher is None:
        _tell_caller(step, scope, element, code)
        return
    step.emit(e.EscalationThrown(scope.key, element.key, element.element, code, True))
    owner = interrupt(step, catcher.scope, catcher.host, catcher.event)
    step.emit(e.EscalationCaught(catcher.scope.key, owner, code))


def _tell_caller(step: Step, scope: Scope, element: ElementInstance, code: str) -> None:
    caller = step.instance.caller
    interrupts = None if caller is None else caller.escalations.get(code, caller.every_escalation)
    number = None if interrupts is None else step.new_key()
    thrown = e.EscalationThrown(scope.key, element.key, element.element, code, number is not None, number)
    step.emit(thrown)
    if caller is None or interrupts is None or number is None:
        return
    if interrupts:
        cancel_instance(step)
    told = ThrowCallEscalation(caller.scope, caller.owner, caller.key, code, number, interrupts)
    step.effects.append(TellCaller(caller.instance, told))


def caught_around(step: Step, scope: Scope, element: ElementInstance) -> tuple[dict[str, bool], bool | None]:
    """Give the codes that something around the element catches, and what catches every other code.

    What is around the call of the whole instance counts, too.

    Returns:
        By code whether what catches it interrupts, and the same of every other code, None if nothing does.
    """
    codes: dict[str, bool] = {}
    for code, event in codes_around(step, scope, element, EscalationTrigger):
        if code is None:
            return codes, event.interrupting
        codes.setdefault(code, event.interrupting)
    caller = step.instance.caller
    return (codes, None) if caller is None else (caller.escalations | codes, caller.every_escalation)
