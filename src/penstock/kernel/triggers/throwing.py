"""Throwing what goes to other instances: the messages and signals of an event or send task (BPMN 13.5.3)."""

from __future__ import annotations

from penstock.kernel.definition import Element, MessageTrigger, SignalTrigger, triggers_of
from penstock.kernel.phases import Phase
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers import message, signal
from penstock.kernel.variables import seen_by


def throw(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Throw each of the element's messages and signals, and plan to complete it.

    Raises:
        Failure: a name or a correlation key has no value; nothing has been thrown.
    """
    variables = seen_by(step.instance, scope, element)
    messages = [
        (trigger, message.address(trigger, variables, step.now))
        for trigger in triggers_of(node)
        if isinstance(trigger, MessageTrigger)
    ]
    signals = [
        signal.name_of(trigger, variables, step.now)
        for trigger in triggers_of(node)
        if isinstance(trigger, SignalTrigger)
    ]
    for trigger, address in messages:
        message.send(step, scope, element, trigger, address)
    for name in signals:
        signal.send(step, scope, element, name)
    # A phase of its own, since its output mappings may fail when all has been thrown.
    step.plan(Phase.COMPLETE, scope.key, element.key)
