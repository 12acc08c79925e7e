"""Signals (BPMN 10.5.5): from one sender to everyone who waits for the name, in whatever instance."""

from __future__ import annotations

from penstock.kernel import events as e
from penstock.kernel.definition import Element, SignalTrigger, Value, Variables, triggers_of
from penstock.kernel.effects import SendSignal
from penstock.kernel.failures import Failure
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers.occurrence import again, happen
from penstock.kernel.variables import seen_by


def name_of(trigger: SignalTrigger, variables: Variables, now: int) -> str:
    """Give the name of a signal.

    Raises:
        Failure: it is no text.
    """
    name = trigger.name(variables, now)
    if not isinstance(name, str) or not name:
        raise Failure("signal", f"the signal name `{trigger.name.text}` gave {name!r}, not a text")
    return name


def subscribe(
    step: Step, scope: Scope, element: ElementInstance, event: Element, index: int, name: str
) -> None:
    """Begin to wait for a signal."""
    step.emit(e.SignalSubscribed(scope.key, element.key, step.new_key(), event.id, index, name))


def receive(step: Step, scope: Scope, element: ElementInstance, key: int, values: dict[str, Value]) -> None:
    """Let the event of an open subscription happen; one that does not interrupt goes on waiting."""
    subscription = (element.subscriptions or {})[key]
    event = step.element(subscription.event)
    new = None
    if again(event):
        trigger = triggers_of(event)[subscription.index]
        assert isinstance(trigger, SignalTrigger)
        new = name_of(trigger, seen_by(step.instance, scope, element), step.now)
    step.emit(e.SignalReceived(scope.key, element.key, key, event.id))
    if new is not None:
        subscribe(step, scope, element, event, subscription.index, new)
    happen(step, scope, element, event, values)


def send(step: Step, scope: Scope, element: ElementInstance, name: str) -> None:
    """Broadcast a signal, with what the element's input mappings gave."""
    values = dict(element.variables or {})
    step.emit(e.SignalSent(scope.key, element.key, element.element, name, values))
    step.effects.append(SendSignal(name, values, step.new_key()))
