"""Throwing (BPMN 13.5.3): what an intermediate or end event or a send task throws, by its trigger.

Messages and signals go out to other instances; where the model names a job type, a worker sends the message,
and the element waits for it. Escalation and compensation stay within the instance. Of several triggers each
is thrown, in this order.
"""

from __future__ import annotations

from penstock.kernel.definition import (
    CompensateTrigger,
    Element,
    EscalationTrigger,
    MessageTrigger,
    SignalTrigger,
    triggers_of,
)
from penstock.kernel.jobs import open_job
from penstock.kernel.lifecycle import complete
from penstock.kernel.phases import Phase
from penstock.kernel.state import ElementInstance, InstanceState, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers import compensation, escalation, message, signal
from penstock.kernel.variables import seen_by


def throw(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Throw what the element throws, or open its job; it completes now or when that is done.

    Raises:
        Failure: a name, a correlation key or an output mapping has no value; nothing has been thrown.
    """
    if node.job is not None:
        open_job(step, scope, element, node)
        return
    match node.trigger:
        case None:
            complete(step, scope, element, node)
        case EscalationTrigger() as trigger:
            escalation.throw(step, scope, element, trigger)
        case CompensateTrigger() as trigger:
            compensation.throw(step, scope, element, node, trigger)
        case _:
            _send(step, scope, element, node)


def _send(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Throw each of the element's triggers, and plan to complete it."""
    triggers = triggers_of(node)
    variables = seen_by(step.instance, scope, element)
    messages = [
        (trigger, message.address(trigger, variables, step.now))
        for trigger in triggers
        if isinstance(trigger, MessageTrigger)
    ]
    signals = [
        signal.name_in(step, trigger, variables) for trigger in triggers if isinstance(trigger, SignalTrigger)
    ]
    for trigger, address in messages:
        message.send(step, scope, element, trigger, address)
    for name in signals:
        signal.send(step, scope, element, name)
    compensates = [it for it in triggers if isinstance(it, CompensateTrigger)]
    if not compensates:
        # A phase of its own, since its output mappings may fail when all has been thrown.
        step.plan(Phase.COMPLETE, scope.key, element.key)
    for thrown in triggers:
        if isinstance(thrown, EscalationTrigger) and _is_there(step, scope, element):
            escalation.escalate(step, scope, element, thrown.code or "")
    if compensates and _is_there(step, scope, element):
        compensation.throw(step, scope, element, node, compensates[0], at_once=False)


def _is_there(step: Step, scope: Scope, element: ElementInstance) -> bool:
    """Tell whether the element is still active: what catches an escalation may end it."""
    active = step.instance.state is InstanceState.ACTIVE and step.instance.scope(scope.key) is not None
    return active and element.key in scope.elements
