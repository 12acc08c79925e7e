"""Timer events (BPMN 10.5.5): they open a timer and are triggered when it is due, those of a cycle again."""

from __future__ import annotations

from penstock.kernel import events as e
from penstock.kernel.definition import CycleTrigger, Element, Value, triggers_of
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers.occurrence import again, happen


def open(
    step: Step, scope: Scope, element: ElementInstance, event: Element, due: int, rest: str | None = None
) -> None:
    """Open the timer of `event`: of the element instance itself, or of an event on its boundary."""
    step.emit(e.TimerOpened(scope.key, element.key, step.new_key(), event.id, due, rest))


def fire(step: Step, scope: Scope, element: ElementInstance, key: int, values: dict[str, Value]) -> None:
    """Let the event of an open timer happen; a cycle opens the timer of its next time."""
    event = step.element((element.timers or {})[key])
    rest = (element.cycles or {}).get(key)
    step.emit(e.TimerFired(scope.key, element.key, key, event.id))
    if rest is not None and again(event):
        cycle = next(trigger.cycle for trigger in triggers_of(event) if isinstance(trigger, CycleTrigger))
        open(step, scope, element, event, *cycle.after(rest, step.now))
    happen(step, scope, element, event, values)
