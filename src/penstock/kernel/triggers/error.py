"""BPMN errors (BPMN 10.5.5, 13.5.3): they go to the nearest boundary event around them that catches them."""

from __future__ import annotations

from dataclasses import dataclass

from penstock.kernel import events as e
from penstock.kernel.commands import ThrowCallError
from penstock.kernel.definition import Element, ErrorTrigger, Value
from penstock.kernel.effects import TellCaller
from penstock.kernel.failures import Failure
from penstock.kernel.lifecycle import cancel_instance, interrupt
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


def caught_around(step: Step, scope: Scope, element: ElementInstance) -> tuple[set[str], bool]:
    """Give the codes that something around the element catches, and whether every error is caught.

    What is around the call of the whole instance counts, too.
    """
    caller = step.instance.caller
    codes, every = (set(caller.codes), caller.every) if caller is not None else (set[str](), False)
    at: Scope | None = scope
    host = element
    while at is not None:
        for boundary in map(step.element, step.element(host.element).boundary):
            if isinstance(boundary.trigger, ErrorTrigger):
                every |= boundary.trigger.code is None
                codes |= {boundary.trigger.code} - {None}  # type: ignore[arg-type]
        owner, at = at.key, None if at.parent is None else step.scope(at.parent)
        if at is not None:
            host = at.elements[owner]
    return codes, every


def throw(step: Step, scope: Scope, element: ElementInstance, error: Error) -> bool:
    """Let the error go to what catches it, in the instance or around its call; False where nothing does."""
    catcher = find_catcher(step, scope, element, error.code)
    if catcher is not None:
        throw_to(step, catcher, scope, element, error)
        return True
    caller = step.instance.caller
    if caller is None or not (caller.every or error.code in caller.codes):
        return False
    step.emit(e.ErrorThrown(scope.key, element.key, element.element, error.code, error.message))
    cancel_instance(step)
    command = ThrowCallError(
        caller.scope, caller.owner, caller.key, error.code, error.message, error.variables
    )
    step.effects.append(TellCaller(caller.instance, command))
    return True


def throw_to(step: Step, catcher: Catcher, scope: Scope, element: ElementInstance, error: Error) -> None:
    """Let the error interrupt the activity that its catcher is attached to."""
    step.emit(e.ErrorThrown(scope.key, element.key, element.element, error.code, error.message))
    owner = interrupt(step, catcher.scope, catcher.host, catcher.boundary)
    step.emit(e.ErrorCaught(catcher.scope.key, owner, error.code, error.message, error.variables))


def unhandled(element: ElementInstance, error: Error) -> Failure:
    """Give the failure of an error that nothing catches."""
    message = f"nothing catches the error '{error.code}' that '{element.element}' threw"
    return Failure("unhandled_error", f"{message}: {error.message}" if error.message else message)
