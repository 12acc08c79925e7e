"""BPMN errors (BPMN 10.5.5, 13.5.3): they go to the nearest boundary event around them that catches them."""

from __future__ import annotations

from dataclasses import dataclass

from penstock.kernel import events as e
from penstock.kernel.definition import Element, ErrorTrigger, Value
from penstock.kernel.failures import Failure
from penstock.kernel.lifecycle import interrupt
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step


@dataclass(frozen=True, slots=True)
class Error:
    code: str
    message: str
    variables: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Catcher:
    """A boundary event, and the activity that it would interrupt."""

    scope: Scope
    host: ElementInstance
    boundary: Element


def find_catcher(step: Step, scope: Scope, element: ElementInstance, code: str) -> Catcher | None:
    """Find the innermost boundary event that catches the code, from the element outwards.

    On one activity an event that names the code goes before one that catches every error.
    """
    host = element
    while True:
        # The instances of a loop have no boundary events: the loop has.
        single = host.number is None and not host.part
        if single and (boundary := _on(step, step.element(host.element), code)):
            return Catcher(scope, host, boundary)
        if scope.parent is None:
            return None
        owner = scope.key
        scope = step.scope(scope.parent)
        host = scope.elements[owner]


def _on(step: Step, node: Element, code: str) -> Element | None:
    every: Element | None = None
    for boundary in map(step.element, node.boundary):
        if isinstance(boundary.trigger, ErrorTrigger):
            if boundary.trigger.code == code:
                return boundary
            if boundary.trigger.code is None:
                every = boundary
    return every


def throw_to(step: Step, catcher: Catcher, scope: Scope, element: ElementInstance, error: Error) -> None:
    """Let the error interrupt the activity that its catcher is attached to."""
    step.emit(e.ErrorThrown(scope.key, element.key, element.element, error.code, error.message))
    owner = interrupt(step, catcher.scope, catcher.host, catcher.boundary)
    step.emit(e.ErrorCaught(catcher.scope.key, owner, error.code, error.message, error.variables))


def unhandled(element: ElementInstance, error: Error) -> Failure:
    """Give the failure of an error that nothing catches."""
    message = f"nothing catches the error '{error.code}' that '{element.element}' threw"
    return Failure("unhandled_error", f"{message}: {error.message}" if error.message else message)
