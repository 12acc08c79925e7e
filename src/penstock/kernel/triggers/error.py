"""BPMN errors (BPMN 10.5.5, 13.5.3): they go to the nearest event around them that catches them."""

from __future__ import annotations

from dataclasses import dataclass

from penstock.kernel import events as e
from penstock.kernel.commands import ThrowCallError
from penstock.kernel.definition import ErrorTrigger, Value
from penstock.kernel.effects import TellCaller
from penstock.kernel.failures import Failure
from penstock.kernel.lifecycle import cancel_instance, interrupt
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


def caught_around(step: Step, scope: Scope, element: ElementInstance) -> tuple[set[str], bool]:
    """Give the codes that something around the element catches, and whether every error is caught.

    What is around the call of the whole instance counts, too.
    """
    caller = step.instance.caller
    codes, every = (set(caller.codes), caller.every) if caller is not None else (set[str](), False)
    for code, _ in catching.codes_around(step, scope, element, ErrorTrigger):
        every |= code is None
        codes |= set() if code is None else {code}
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
    """Let the error interrupt the activity, or the scope, that its catcher stands for."""
    step.emit(e.ErrorThrown(scope.key, element.key, element.element, error.code, error.message))
    owner = interrupt(step, catcher.scope, catcher.host, catcher.event)
    step.emit(e.ErrorCaught(catcher.scope.key, owner, error.code, error.message, error.variables))


def unhandled(element: ElementInstance, error: Error) -> Failure:
    """Give the failure of an error that nothing catches."""
    message = f"nothing catches the error '{error.code}' that '{element.element}' threw"
    return Failure("unhandled_error", f"{message}: {error.message}" if error.message else message)
