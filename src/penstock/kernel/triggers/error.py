"""BPMN errors (BPMN 10.5.5, 13.5.3): they go to the nearest event around them that catches them."""

from __future__ import annotations

from dataclasses import dataclass

from penstock.kernel import events as e
from penstock.kernel.definition import ErrorTrigger, Value
from penstock.kernel.failures import Failure
from penstock.kernel.lifecycle import interrupt
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers import catching
from penstock.kernel.triggers.catching import Catcher


@dataclass(frozen=True, slots=True)
class Error:
    code: str
    message: str
    variables: dict[str, Value]


def find_catcher(step: Step, scope: Scope, element: ElementInstance, code: str) -> Catcher | None:
    """Find the innermost event that catches the error, from the element outwards."""
    return catching.find_catcher(step, scope, element, ErrorTrigger, code)


def throw_to(step: Step, catcher: Catcher, scope: Scope, element: ElementInstance, error: Error) -> None:
    """Let the error interrupt the activity, or the scope, that its catcher stands for."""
    step.emit(e.ErrorThrown(scope.key, element.key, element.element, error.code, error.message))
    owner = interrupt(step, catcher.scope, catcher.host, catcher.event)
    step.emit(e.ErrorCaught(catcher.scope.key, owner, error.code, error.message, error.variables))


def unhandled(element: ElementInstance, error: Error) -> Failure:
    """Give the failure of an error that nothing catches."""
    message = f"nothing catches the error '{error.code}' that '{element.element}' threw"
    return Failure("unhandled_error", f"{message}: {error.message}" if error.message else message)
