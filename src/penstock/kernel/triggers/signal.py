"""Signals (BPMN 10.5.5): from one sender to everyone who waits for the name, in whatever instance."""

from __future__ import annotations

from collections.abc import Mapping

from penstock.kernel import events as e
from penstock.kernel.definition import Element, SignalTrigger, Value, Variables
from penstock.kernel.effects import SendSignal
from penstock.kernel.failures import Failure, shown
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step


def name_of(trigger: SignalTrigger, variables: Variables, now: int) -> str:
    """Give the name of a signal.

    Raises:
        Failure: it is no text.
    """
    name = trigger.name(variables, now)
    if not isinstance(name, str) or not name:
        raise Failure("signal", f"the signal name `{trigger.name.text}` gave {shown(name)}, not a text")
    return name


def name_in(step: Step, trigger: SignalTrigger, variables: Variables) -> str:
    """Give the name by which an instance knows a signal.

    One that stays in its instance, and in what that calls, has the id of the outermost instance in its name.

    Raises:
        Failure: it is no text.
    """
    name = name_of(trigger, variables, step.now)
    return f"{name}@{step.instance.root}" if trigger.local else name


def subscribe(
    step: Step, scope: Scope, element: ElementInstance, event: Element, index: int, name: str
) -> None:
    """Begin to wait for a signal."""
    step.emit(e.SignalSubscribed(scope.key, element.key, step.new_key(), event.id, index, name))


def send(
    step: Step, scope: Scope, element: ElementInstance, name: str, carried: Mapping[str, Value] | None = None
) -> dict[str, Value]:
    """Broadcast a signal, with what the element's input mappings gave, and what it carries; give that."""
    values = {**(element.variables or {}), **(carried or {})}
    step.emit(e.SignalSent(scope.key, element.key, element.element, name, values))
    step.effects.append(SendSignal(name, values, step.new_key()))
    return values
