"""What a multi-instance throws as its instances complete (BPMN 10.3.8, 13.3.7), and who catches it first.

An event on the boundary of the activity is meant to catch it, so a message or a signal comes to that within
the same step, and a message that is caught there goes no further. An escalation finds its way as any other.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping

from penstock.kernel import events as e, items
from penstock.kernel.definition import (
    BehaviorEvent,
    Element,
    MessageTrigger,
    MultiInstance,
    SignalTrigger,
    Single,
    Value,
    Variables,
    triggers_of,
)
from penstock.kernel.state import ElementInstance, Loop, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers import escalation, message, signal
from penstock.kernel.triggers.occurrence import come, require_again
from penstock.kernel.variables import seen_by

_Throw = Callable[[Step, Scope, ElementInstance], None]


def throw(step: Step, scope: Scope, element: ElementInstance, node: Element, loop: Loop) -> None:
    """Throw the events that are due, in the order in which their instances completed.

    What interrupts the activity is the last of them.

    Raises:
        Failure: a name or a correlation key of what is thrown, or of what is waited for again, has no value.
    """
    spec = node.loop
    assert isinstance(spec, MultiInstance), f"'{node.id}' throws no behavior events"
    seen = seen_by(step.instance, scope, element)
    throws = [
        _decided(step, spec.behavior_events[place], items.counted(spec, loop, completed), seen)
        for place, completed in loop.due
    ]
    for key in element.subscriptions or ():
        require_again(step, scope, element, key)
    step.emit(e.BehaviorEventsThrown(scope.key, element.key))
    for thrown in throws:
        if step.instance.find(scope.key, element.key) is not None:
            thrown(step, scope, element)


def _decided(step: Step, event: BehaviorEvent, counts: dict[str, Value], seen: Variables) -> _Throw:
    """Give how to throw the event, which carries the counts where it can carry values."""
    variables: Variables = ChainMap(counts, seen)  # type: ignore[arg-type]
    trigger = event.trigger
    carried = {name: value for name, value in counts.items() if name.startswith("numberOf")}
    if isinstance(trigger, MessageTrigger):
        sent, to = trigger, message.address(trigger, variables, step.now)
        return lambda step, scope, element: _send_message(step, scope, element, sent, to, carried)
    if isinstance(trigger, SignalTrigger):
        name = signal.name_in(step, trigger, variables)
        return lambda step, scope, element: _send_signal(step, scope, element, name, carried)
    code = trigger.code or ""
    return lambda step, scope, element: escalation.escalate(step, scope, element, code)


def _send_message(
    step: Step,
    scope: Scope,
    element: ElementInstance,
    trigger: MessageTrigger,
    to: tuple[str, str],
    carried: Mapping[str, Value],
) -> None:
    key = next(_waiting(step, element, MessageTrigger, *to), None)
    if key is None:
        message.send(step, scope, element, trigger, to, carried)
    else:
        come(step, scope, element, key, message.say(step, scope, element, to, carried))


def _send_signal(
    step: Step, scope: Scope, element: ElementInstance, name: str, carried: Mapping[str, Value]
) -> None:
    keys = list(_waiting(step, element, SignalTrigger, name))
    values = signal.send(step, scope, element, name, carried)
    for key in keys:
        if key in (element.subscriptions or {}):
            come(step, scope, element, key, values)


def _waiting(
    step: Step, element: ElementInstance, trigger: type[Single], name: str, correlation_key: str = ""
) -> Iterator[int]:
    """Give the subscriptions of the events on the boundary for a message or a signal."""
    for key, it in (element.subscriptions or {}).items():
        if (it.name, it.correlation_key) != (name, correlation_key):
            continue
        if isinstance(triggers_of(step.element(it.event))[it.index], trigger):
            yield key
