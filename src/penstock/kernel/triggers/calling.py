"""What a called instance knows of who called it, and of what catches around the call."""

from __future__ import annotations

from penstock.kernel.commands import Caller
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers import error, escalation


def caller_of(step: Step, scope: Scope, element: ElementInstance) -> Caller:
    """Give the caller of the instance that the element instance calls next, with a key for the call."""
    codes, every = error.caught_around(step, scope, element)
    escalations, every_escalation = escalation.caught_around(step, scope, element)
    around = step.instance.caller
    return Caller(
        step.instance.id,
        scope.key,
        element.key,
        step.new_key(),
        1 if around is None else around.depth + 1,
        sorted(codes),
        every,
        escalations,
        every_escalation,
        step.instance.root,
    )
