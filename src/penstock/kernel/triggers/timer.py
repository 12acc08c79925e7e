"""Timer events (BPMN 10.5.5): they open a timer and are triggered when it is due, those of a cycle again."""

from __future__ import annotations

from penstock.kernel import events as e
from penstock.kernel.definition import Element
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step


def open(
    step: Step, scope: Scope, element: ElementInstance, event: Element, due: int, rest: str | None = None
) -> None:
    """Open the timer of `event`: of the element instance itself, or of an event on its boundary."""
    step.emit(e.TimerOpened(scope.key, element.key, step.new_key(), event.id, due, rest))


def open_again(step: Step, scope: Scope, element: ElementInstance, key: int) -> None:
    """Open a timer again that could not be fired, due at once; one that is no longer waited for is not."""
    of = (element.timers or {}).get(key)
    if of is None:
        return
    rest = (element.cycles or {}).get(key)
    step.emit(e.TimerCancelled(scope.key, element.key, key))
    open(step, scope, element, step.element(of), step.now, rest)
