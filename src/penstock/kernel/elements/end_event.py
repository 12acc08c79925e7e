"""End events (BPMN 13.5.6): none takes its token away, terminate ends its scope, the others throw."""

from __future__ import annotations

from penstock.kernel.definition import (
    CancelTrigger,
    Element,
    ErrorTrigger,
    TerminateTrigger,
)
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers import compensation, error, terminate
from penstock.kernel.triggers.throwing import throw


def activate(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """End the token's way.

    Raises:
        Failure: nothing catches the error that the event throws, or a message or signal has no name or key.
    """
    match node.trigger:
        case TerminateTrigger(reach):
            terminate.terminate(step, scope, element, node, reach)
        case ErrorTrigger(code):
            _throw(step, scope, element, code or "")
        case CancelTrigger():
            compensation.cancel_transaction(step, scope, element, node)
        case _:
            throw(step, scope, element, node)


def _throw(step: Step, scope: Scope, element: ElementInstance, code: str) -> None:
    thrown = error.Error(code, "", {})
    if not error.throw(step, scope, element, thrown):
        raise error.unhandled(element, thrown)
